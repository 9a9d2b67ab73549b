"""A part of a suite: the identities and operations that some of its cells need."""

from collections.abc import Collection, Sequence

from services.authorization.callers.caller import Caller
from services.authorization.cells import CellId
from services.authorization.suite.model import Suite
from services.authorization.suite.saved import SavedOperation


def taking_part(found: Sequence[Caller], cells: Collection[CellId] | None) -> tuple[Caller, ...]:
    """The callers of the cells, with those that spoilt ones are held against; all where the cells are None."""
    if cells is None:
        return tuple(found)
    wanted = {cell.identity for cell in cells}
    wanted |= {caller.control for caller in found if caller.id in wanted}
    return tuple(caller for caller in found if caller.id in wanted)


def rows(suite: Suite, callers: Sequence[Caller], cells: Collection[CellId] | None) -> tuple[SavedOperation, ...]:
    """The operations of the cells, the control calls that the suite names for those who take part, and all whose
    results they use; every operation where the cells are None.

    Args:
        suite: with every operation that it asks for.
        callers: who takes part.
        cells: what is to be run.
    """
    if cells is None:
        return suite.operations
    by_id = {operation.id: operation for operation in suite.operations}
    canaries = [suite.canary_for(caller.id) for caller in callers]
    waiting = [cell.operation for cell in cells]
    waiting += [name for canary in canaries for name in (canary.granted, canary.refused) if name]
    wanted: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in by_id and name not in wanted:
            wanted.add(name)
            waiting += by_id[name].after
    return tuple(operation for operation in suite.operations if operation.id in wanted)
