"""What a run comes to, as lines for a terminal."""

from collections.abc import Collection, Iterable, Iterator

from services.authorization.agreed.finding import Class, Finding, Kind
from services.authorization.reports import sweep
from services.authorization.reports.record import RunRecord
from services.secret import Secret

SHOWN = 20
"""Findings of a kind; the reports hold them all."""
_NAMED = 3


def summary(record: RunRecord, secrets: Iterable[Secret]) -> tuple[str, ...]:
    """The result, the disagreements, and what is not proven; raises `SecretInReport` rather than show a secret."""
    lines = tuple(_lines(record))
    sweep.check("\n".join(lines), secrets, "summary")
    return lines


def _lines(record: RunRecord) -> Iterator[str]:
    assessment = record.assessment
    yield f"{record.suite}, {record.api} API, {record.environment}"
    yield " · ".join(f"{outcome.sign} {outcome}: {count}" for outcome, count in assessment.outcomes.items() if count)
    if record.coverage:
        yield f"Evidence about {record.coverage}"
    yield from _told("Disagreements", [each for each in record.findings if each.disagrees])
    yield from _unproven([each for each in record.findings if each.weight is Class.NO_VERDICT])
    if assessment.suppressed:
        yield f"Put aside: {assessment.suppressed}"
    if static := [each for each in record.findings if each.weight is Class.ADVICE and not each.suppressed]:
        yield f"Worth knowing: {len(static)}{_also_seen(static)} (in the reports, or by `static`)"
    if not record.has_baseline:
        yield "There is no baseline yet, so everything is agreed to be refused: see `accept --all-new`."
    yield assessment.words


def _also_seen(findings: Collection[Finding]) -> str:
    """Of those that were found without a call, how many the run shows as well, and how many it doesn't, and why."""
    static = [each for each in findings if each.kind is Kind.STATIC]
    if not static:
        return ""
    seen = sum(each.seen_by_running is True for each in static)
    unseen = sum(each.seen_by_running is False for each in static)
    counts = [(seen, "also seen by running"), (unseen, "not shown by this suite")]
    counts.append((len(static) - seen - unseen, "that no call can show"))
    told = ", ".join(f"{count} {words}" for count, words in counts if count)
    return f"; {len(static)} of them found without a call: {told}"


def _told(title: str, findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield f"{title}:"
    for finding in findings[:SHOWN]:
        yield f"  {finding.id}  {finding.title}"
        yield f"                {finding.words}"
        yield f"                {finding.change}"
    if len(findings) > SHOWN:
        yield f"  … and {len(findings) - SHOWN} more, in the reports"


def _unproven(findings: list[Finding]) -> Iterator[str]:
    """What is not proven, by its reason: a column whose control call failed has one for all its cells."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in findings:
        by_reason.setdefault(finding.words if finding.cells else finding.id, []).append(finding)
    if by_reason:
        yield "Not proven:"
    for same in list(by_reason.values())[:SHOWN]:
        cells = [f"{cell.operation} by {cell.identity}" for each in same for cell in each.cells]
        rest = f" and {len(cells) - _NAMED} more" if len(cells) > _NAMED else ""
        alone = f"  {same[0].id}  {same[0].title}"
        yield alone if len(same) == 1 else f"  Nothing is proven about {', '.join(cells[:_NAMED])}{rest}"
        yield f"                {same[0].words}"
        yield f"                {same[0].change}"
    if len(by_reason) > SHOWN:
        yield f"  … and {len(by_reason) - SHOWN} more reasons, in the reports"


def finding_lines(finding: Finding) -> Iterator[str]:
    """A finding in full: its id, what is wrong, the lines that say so, and what to do."""
    margin = " " * len(finding.id)
    yield f"{finding.id}  {finding.severity}: {finding.title}"
    yield f"{margin}  {finding.words}"
    for reason in finding.reasons:
        if reason.place:
            yield f"{margin}  {reason.place}: {reason.line or reason.words}"
    yield f"{margin}  {finding.change}"
