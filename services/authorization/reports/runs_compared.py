"""Two runs beside each other: which cells show something else, and which came or went."""

from dataclasses import dataclass

from services.authorization.agreed.comparison import Difference, compare, in_words
from services.authorization.cells import CellId, Verdict
from services.authorization.reports.record import RunRecord


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that shows something else in the second run.

    Attributes:
        cell: which one.
        before: what it showed; None where the first run didn't have it.
        after: what it shows; None where the second run doesn't have it.
        difference: which way it leans; None where one side is no evidence, or missing.
    """

    cell: CellId
    before: Verdict | None
    after: Verdict | None
    difference: Difference | None = None

    @property
    def words(self) -> str:
        """The change on one line."""
        before, after = (in_words(each) if each else "not in the run" for each in (self.before, self.after))
        return f"{self.cell}: {before} -> {after}" + (f" ({self.difference})" if self.difference else "")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs.

    Attributes:
        changes: sorted by cell.
        unproven: cells that at least one of the runs proves nothing about; they are never called equal.
        equal: how many cells both runs prove to be the same.
    """

    changes: tuple[Change, ...]
    unproven: tuple[CellId, ...]
    equal: int


def compared(before: RunRecord, after: RunRecord) -> Compared:
    """How the second run differs from the first. What neither of their suites sends counts for nothing."""
    changes, unproven, equal = [], [], 0
    for cell in sorted((before.cells.keys() | after.cells.keys()) - (before.left_out & after.left_out)):
        old, new = (run.cells[cell].seen.verdict if cell in run.cells else None for run in (before, after))
        if (old and not old.outcome.is_evidence) or (new and not new.outcome.is_evidence):
            unproven.append(cell)
            if old != new:
                changes.append(Change(cell, old, new))
        elif old is None or new is None:
            changes.append(Change(cell, old, new))
        elif old == new:
            equal += 1
        else:
            leaning = compare(old, new)
            changes.append(Change(cell, old, new, leaning.difference if leaning else None))
    return Compared(tuple(changes), tuple(unproven), equal)
