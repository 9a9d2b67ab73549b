"""The run as Markdown: for the summary of a CI job, a ticket or a review."""

import re
from collections.abc import Iterator

from services.authorization.agreed.finding import Class, Finding
from services.authorization.cells import CellId
from services.authorization.outcomes import Outcome
from services.authorization.reports.record import RunRecord
from services.legible import legible

FINDINGS = 200
"""More would not be read, and a job's summary holds a megabyte."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~!@&:])")
_MARK = " ‼"


def as_markdown(record: RunRecord, *, only_disagreements: bool = False) -> str:
    """The result, the findings, the times and the matrix.

    Args:
        record: the run.
        only_disagreements: leave out rows of the matrix in which everything is as agreed and proven.
    """
    parts = [_head(record), _findings(record), _matrix(record, only_disagreements=only_disagreements), _times(record)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(record: RunRecord) -> str:
    assessment = record.assessment
    counts = [f"{outcome.sign} {outcome}: {count}" for outcome, count in assessment.outcomes.items() if count]
    facts = [
        f"**{_safe(assessment.words)}**",
        f"{_safe(record.api)} API, {_safe(record.environment)}, {record.started_at:%Y-%m-%d %H:%M:%S} UTC"
        + f", run by {_safe(record.operator)}" * bool(record.operator),
        " · ".join(counts),
        f"Evidence about {_safe(record.coverage)}." * bool(record.coverage),
    ]
    if record.cancelled:
        facts.insert(1, "The run was cancelled before its end.")
    if not record.has_baseline:
        facts.append("There is no baseline yet, so everything is agreed to be refused.")
    if assessment.suppressed:
        facts.append(f"{assessment.suppressed} findings were put aside.")
    return f"## {_safe(record.suite)}\n\n" + "\n\n".join(fact for fact in facts if fact)


def _findings(record: RunRecord) -> str:
    parts = []
    for title, chosen in (
        ("Disagreements", [each for each in record.findings if each.disagrees]),
        ("Not proven", [each for each in record.findings if each.weight is Class.NO_VERDICT]),
        ("Worth knowing", [each for each in record.findings if each.weight is Class.ADVICE and not each.suppressed]),
    ):
        if chosen:
            rest = f"\n\n… and {len(chosen) - FINDINGS} more" if len(chosen) > FINDINGS else ""
            parts.append(f"### {title}\n\n" + "\n".join(map(_finding, chosen[:FINDINGS])) + rest)
    return "\n\n".join(parts)


def _finding(finding: Finding) -> str:
    lines = [f"- **{_safe(finding.title)}** (`{finding.id}`): {_safe(finding.words)} {_safe(finding.change)}"]
    lines += [f"  - {_safe(each.place)}: {_safe(each.line or each.words)}" for each in finding.reasons if each.place]
    return "\n".join(lines)


def _matrix(record: RunRecord, *, only_disagreements: bool) -> str:
    rows = [["", *(each.id for each in record.identities)]]
    for operation in record.operations:
        cells = [CellId(operation.id, each.id) for each in record.identities]
        if not only_disagreements or any(_strange(record, cell) for cell in cells):
            rows.append([operation.id, *(_sign(record, cell) for cell in cells)])
    if len(rows) == 1:
        return ""
    table = [f"| {' | '.join(map(_safe, row))} |" for row in rows]
    table.insert(1, "| --- |" + " --- |" * len(record.identities))
    legend = ", ".join(f"{outcome.sign} {outcome}" for outcome in Outcome)
    return "\n".join(["### Matrix", "", *table, "", f"{legend};{_MARK} disagrees; empty: not sent"])


def _sign(record: RunRecord, cell: CellId) -> str:
    if cell not in record.cells:
        return ""
    sign = "" if cell in record.left_out else record.cells[cell].seen.verdict.outcome.sign
    return sign + _MARK if record.disagrees(cell) else sign


def _strange(record: RunRecord, cell: CellId) -> bool:
    return cell in record.cells and (record.disagrees(cell) or not record.proven(cell))


def _times(record: RunRecord) -> str:
    rows = list(_time_rows(record))
    if not rows:
        return ""
    return "\n".join(["### Times", "", "| Identity | p50 | p95 | calls |", "| --- | --- | --- | --- |", *rows])


def _time_rows(record: RunRecord) -> Iterator[str]:
    for each in record.identities:
        if times := record.times.get(each.id):
            slow = ", refusals are slow" if times.slow_refusals else ""
            yield f"| {_safe(each.id)} | {times.p50:.0f} ms | {times.p95:.0f} ms{slow} | {times.calls} |"


def _safe(text: str) -> str:
    """A text as it reads: no markup, no mention, no link comes of it."""
    return _SPECIAL.sub(r"\\\1", legible(" ".join(text.split())))
