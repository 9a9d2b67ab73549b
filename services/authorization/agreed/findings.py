"""Everything that isn't as it should be in a suite: between declared, agreed and observed, and in the run itself."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Protocol

from services.authorization.agreed.agreement import Agreed
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.cell_findings import Cell, findings_of, unsent
from services.authorization.agreed.finding import Class, Finding, Kind, Severity, finding_id
from services.authorization.cells import CellId, Declaration, Observation
from services.authorization.declared.taken import Taken
from services.authorization.outcomes import Outcome

_ORDER = (Class.DISAGREEMENT, Class.NO_VERDICT, Class.ADVICE)
_SEVERITIES = tuple(Severity)


class Observed(Protocol):
    """The result of a run: `services.authorization.lab`'s."""

    @property
    def cells(self) -> Mapping[CellId, Observation]:
        """What each cell showed."""

    @property
    def proofs(self) -> Mapping[CellId, Observation]:
        """What the calls of columns that prove nothing prove by themselves."""


def disagreements(
    cells: Collection[CellId],
    declarations: Mapping[CellId, Declaration],
    baseline: Baseline,
    result: Observed | None,
    static: Iterable[Finding] = (),
    *,
    now: datetime | None = None,
    known: Collection[CellId] | None = None,
    expected: Mapping[CellId, Outcome] | None = None,
    extra: Iterable[Finding] = (),
    left_out: Collection[CellId] = (),
    taken: Mapping[str, Taken] | None = None,
) -> tuple[Finding, ...]:
    """Every finding, the gravest first.

    Args:
        cells: the cells that had to be run; one without an observation is *no verdict*.
        declarations: the predictions.
        baseline: what was agreed on.
        result: the run; None before any call.
        static: what the schema and the settings say by themselves.
        now: the time; which agreements count is a matter of its day in UTC.
        known: all cells of the suite, where only some of them were to be run; listed cells outside are gone.
        expected: the outcomes that the suite itself wants.
        extra: findings about the run as a whole: coverage, cleanup.
        left_out: cells that the suite itself doesn't send. Nothing about them has to be proven, and what is declared
            about them has to be agreed on all the same.
        taken: by operation, what the refusal of each of its fields takes with it.
    """
    today = (now or datetime.now(UTC)).astimezone(UTC).date()
    agreed, wanted = baseline.agreed, expected or {}
    found = [*static, *extra]

    def layers(cell: CellId) -> Cell:
        return Cell(
            id=cell,
            agreement=agreed.cells.get(cell),
            declaration=declarations.get(cell),
            observation=result.cells.get(cell) if result else None,
            today=today,
            expected=wanted.get(cell),
            proof=result.proofs.get(cell) if result else None,
            taken=(taken or {}).get(cell.operation, Taken()),
        )

    for cell in sorted(cells):
        found += findings_of(layers(cell), ran=result is not None)
    for cell in sorted(left_out):
        found += unsent(layers(cell))
    if result is not None and not any(seen.verdict.outcome.is_evidence for seen in result.cells.values()):
        found.append(_nothing_ran())
    everything = cells if known is None else known
    found += _gone(agreed, frozenset(everything))
    complete = known is None or frozenset(known) == frozenset(cells) | frozenset(left_out)
    return tuple(sorted(_triaged(found, agreed, today, complete=complete and result is not None), key=_order))


def _nothing_ran() -> Finding:
    return Finding(
        finding_id(Kind.NOTHING_RAN),
        Kind.NOTHING_RAN,
        Class.NO_VERDICT,
        Severity.PROBLEM,
        "Nothing was proven",
        "No cell of this suite came to a verdict. A run that proves nothing is no agreement.",
        "Check the suite's operations and identities, and the API's address; then run again.",
    )


def _gone(agreed: Agreed, known: frozenset[CellId]) -> Iterator[Finding]:
    operations, identities = ({getattr(cell, name) for cell in known} for name in ("operation", "identity"))
    for cell in sorted(agreed.cells.keys() - known):
        missing = [
            f"the {name} {each}"
            for name, each, all_ in (
                ("operation", cell.operation, operations),
                ("identity", cell.identity, identities),
            )
            if each not in all_
        ]
        yield Finding(
            finding_id(Kind.CELL_GONE, cell.operation, cell.identity),
            Kind.CELL_GONE,
            Class.DISAGREEMENT,
            Severity.WARNING,
            f"{cell.operation} by {cell.identity} was agreed on and no longer exists",
            f"This run has no {' and no '.join(missing).replace('the ', '') or 'such cell'}.",
            "If it is gone for good, take the line out of the baseline; if not, bring back what is missing.",
            (cell,),
        )


def _triaged(found: Iterable[Finding], agreed: Agreed, today: date, *, complete: bool) -> Iterator[Finding]:
    """The findings, with those marked that somebody put aside; and what was put aside without being found."""
    met = set()
    for finding in found:
        met.add(finding.id)
        accepted = agreed.suppressed.get(finding.id)
        # No verdict is never agreement, whoever signs it.
        if accepted and accepted.counts(today) and finding.weight is not Class.NO_VERDICT:
            yield replace(finding, suppressed=accepted)
        else:
            yield finding
    for each in sorted(agreed.suppressed.keys() - met if complete else ()):
        yield Finding(
            finding_id(Kind.UNUSED_SUPPRESSION, each),
            Kind.UNUSED_SUPPRESSION,
            Class.ADVICE,
            Severity.NOTE,
            f"The finding {each} was put aside and no longer shows",
            f"{agreed.suppressed[each].owner} put it aside: {agreed.suppressed[each].reason}",
            "Take its line out of the baseline.",
        )


def _order(finding: Finding) -> tuple[object, ...]:
    return (
        finding.suppressed is not None,
        _ORDER.index(finding.weight),
        _SEVERITIES.index(finding.severity),
        finding.cells,
        finding.kind.value,
        finding.id,
    )
