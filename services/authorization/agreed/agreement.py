"""What people agreed on, as values: a cell's verdict with its reason, and a finding that is put aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.authorization.cells import CellId, Verdict
from services.authorization.outcomes import Outcome

LETS_IN = frozenset({Outcome.ALLOWED, Outcome.FILTERED, Outcome.PARTIAL})


def lets_in(verdict: Verdict) -> bool:
    """Whether the caller got anything, or would have if there were anything."""
    return verdict.outcome in LETS_IN


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who took it upon themselves, why, and until when.

    Attributes:
        reason: in a sentence; empty only where nothing is let in.
        owner: who answers for it.
        until: the last day on which it counts, in UTC; None for no end.
    """

    reason: str = ""
    owner: str = ""
    until: date | None = None

    def counts(self, today: date) -> bool:
        """Whether it hasn't ended yet."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a cell was agreed to show.

    Attributes:
        verdict: one of the five outcomes that are evidence, with the refused fields.
        accepted: who accepted it and why.
    """

    verdict: Verdict
    accepted: Accepted = field(default_factory=Accepted)

    def counts(self, today: date) -> bool:
        """Whether it holds on this day."""
        return self.accepted.counts(today)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Everything that was agreed on. A cell that isn't listed is agreed to be refused, by mode or by rule.

    Attributes:
        cells: the listed cells.
        suppressed: findings, by id, that somebody looked at and put aside.
    """

    cells: Mapping[CellId, Agreement] = field(default_factory=dict)
    suppressed: Mapping[str, Accepted] = field(default_factory=dict)
