"""Which cells a cell rests on: those of the same identity whose answers it uses."""

from collections.abc import Iterable, Mapping

from services.authorization.cells import CellId
from services.authorization.suite.saved import SavedOperation


def earlier(cell: CellId, operations: Mapping[str, SavedOperation]) -> tuple[CellId, ...]:
    """The cells whose answers this one uses directly."""
    return tuple(CellId(each, cell.identity) for each in operations[cell.operation].after)


def with_earlier(cells: Iterable[CellId], operations: Mapping[str, SavedOperation]) -> tuple[CellId, ...]:
    """The cells with all that they rest on, which stands before them: what it gave was taken back meanwhile."""
    found: dict[CellId, None] = {}
    for cell in cells:
        for needed in with_earlier(earlier(cell, operations), operations):
            found[needed] = None
        found[cell] = None
    return tuple(found)
