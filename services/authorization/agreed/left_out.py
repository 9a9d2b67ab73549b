"""The cells that a suite itself doesn't send: of operations that change data and, by the suite's word, may not."""

from collections.abc import Collection, Mapping

from services.authorization.cells import CellId, Declaration
from services.authorization.lab.safety import hindrance
from services.authorization.suite.saved import Safety, SavedOperation


def left_out(
    operations: Collection[SavedOperation], cells: Collection[CellId], declarations: Mapping[CellId, Declaration]
) -> frozenset[CellId]:
    """The cells that are not sent on purpose, and so are neither proven nor missing.

    Where an operation is sent only as those who are declared to be refused, a cell without a prediction stays in:
    that nothing could be predicted is nobody's purpose.

    Args:
        operations: the suite's.
        cells: those of a run.
        declarations: the predictions.
    """
    changing = {each.id: each for each in operations if each.changes_data and each.safety is not Safety.FULL}
    return frozenset(
        cell
        for cell in cells
        if (operation := changing.get(cell.operation))
        and (operation.safety is Safety.SKIP or _let_in(operation, declarations.get(cell)))
    )


def _let_in(operation: SavedOperation, declaration: Declaration | None) -> bool:
    return bool(declaration and declaration.verdict and hindrance(operation, declaration))
