"""What a run comes to, for a person and for a machine."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum

from services.authorization.agreed.finding import Class, Finding
from services.authorization.cells import CellId, Observation
from services.authorization.outcomes import Outcome


class Exit(IntEnum):
    """How the command ends. A proven disagreement outweighs what could not be proven beside it."""

    AGREED = 0
    DISAGREEMENT = 1
    NO_VERDICT = 2
    USAGE = 3


@dataclass(frozen=True, slots=True)
class Assessment:
    """A run, counted.

    Attributes:
        cells: how many were to be run.
        proven: how many of them came to a verdict.
        outcomes: how many cells showed each outcome; what was not run is *no verdict*.
        disagreements: findings that nobody put aside.
        without_verdict: findings that say that something is not proven.
        suppressed: findings that somebody put aside.
        advice: findings that decide nothing.
        cancelled: the run was cut off, so it judges nothing as a whole.
    """

    cells: int
    proven: int
    outcomes: Mapping[Outcome, int]
    disagreements: int
    without_verdict: int
    suppressed: int
    advice: int
    cancelled: bool = False

    @property
    def exit(self) -> Exit:
        """What it comes to; a run that proved nothing never agrees."""
        if self.cancelled:
            return Exit.NO_VERDICT
        if self.disagreements:
            return Exit.DISAGREEMENT
        if self.without_verdict or self.proven == 0 or self.proven < self.cells:
            return Exit.NO_VERDICT
        return Exit.AGREED

    @property
    def words(self) -> str:
        """The result in one sentence."""
        counts = f"{self.proven} of {self.cells} cells proven"
        match self.exit:
            case Exit.DISAGREEMENT:
                return f"Disagreement: {_many(self.disagreements, 'disagreement')}, {counts}."
            case Exit.AGREED:
                return f"Agreed: {counts}, no disagreement."
            case _ if self.cancelled:
                return f"No verdict: the run was cancelled, {counts}, {_many(self.disagreements, 'disagreement')}."
            case _:
                return f"No verdict: {counts}; what is not proven is not agreed."


def assess(
    cells: Collection[CellId],
    observed: Mapping[CellId, Observation],
    findings: Collection[Finding],
    *,
    cancelled: bool = False,
) -> Assessment:
    """Count a run.

    Args:
        cells: the cells that were to be run.
        observed: what they showed.
        findings: what `disagreements` found.
        cancelled: whether the run was cut off.
    """
    shown = [observed[cell].verdict.outcome if cell in observed else Outcome.NO_VERDICT for cell in cells]
    outcomes = Counter(shown)
    return Assessment(
        cells=len(shown),
        proven=sum(outcome.is_evidence for outcome in shown),
        outcomes={outcome: outcomes[outcome] for outcome in Outcome},
        disagreements=sum(finding.disagrees for finding in findings),
        without_verdict=sum(finding.weight is Class.NO_VERDICT for finding in findings),
        suppressed=sum(finding.suppressed is not None for finding in findings),
        advice=sum(finding.weight is Class.ADVICE and finding.suppressed is None for finding in findings),
        cancelled=cancelled,
    )


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
