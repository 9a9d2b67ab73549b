"""Taking back what calls changed: after every run, whether it ended, was cancelled or broke down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.authorization.cells import CellId
from services.authorization.lab.column import Column
from services.authorization.lab.doors import Doors
from services.authorization.lab.pace import Pace
from services.authorization.lab.result import LET_IN, Cleaning, Cleanup
from services.authorization.lab.seen import Seen, seen
from services.authorization.lab.sending import send
from services.authorization.suite.chains import undo_variables
from services.authorization.suite.saved import SavedOperation
from services.errors import GatehouseError


class Cleaner:
    """Takes back calls, one after the other.

    Args:
        doors: where calls go in.
        pace: when they may leave; not the run's own, which a cancelled run stops.
        seconds: how long an answer is waited for.
        now: the clock.
    """

    def __init__(self, doors: Doors, pace: Pace, seconds: float, now: Callable[[], datetime]) -> None:
        self._doors, self._pace, self._seconds, self._now = doors, pace, seconds, now

    def clean(self, cell: CellId, done: Seen, others: Mapping[CellId, Seen], columns: Sequence[Column]) -> Cleanup:
        """Take back one call that may have changed something; how that ended.

        Args:
            cell: which call.
            done: what it showed.
            others: the calls that were made with it: one may have taken it back already, as the delete of a chain.
            columns: who tries it, one after the other.
        """
        what = f"{done.operation.id} as {cell.identity} was {done.observation.verdict.outcome}"
        try:
            return self._cleaned(cell, what, done, others, columns)
        except Exception as error:  # noqa: BLE001 - what is left of the run's changes is taken back all the same
            why = f"Gatehouse itself failed while it took this back ({type(error).__name__}): look at the data."
            return Cleanup(cell, Cleaning.FAILED, what, why)

    def _cleaned(
        self, cell: CellId, what: str, done: Seen, others: Mapping[CellId, Seen], columns: Sequence[Column]
    ) -> Cleanup:
        operation, undo = done.operation, done.operation.undo
        if operation.harmless:
            return Cleanup(cell, Cleaning.NOT_NEEDED, what, "The suite says that it changes nothing to be taken back.")
        if undo is None:
            why = "It may have changed data, and the suite names no undo: look at the data."
            return Cleanup(cell, Cleaning.FAILED, what, why)
        if done.answer is None:
            why = "No answer came, so it is open whether it changed data, and what to take back: look at the data."
            return Cleanup(cell, Cleaning.FAILED, what, why)
        carried = undo_variables(operation, done.answer)
        if carried.reason:
            return Cleanup(cell, Cleaning.FAILED, what, f"It may have changed data, and {carried.reason}.")
        what = f"{what}; undone by {undo.id}"
        if earlier := _taken_back_by(undo, carried.variables, cell, others):
            return Cleanup(cell, Cleaning.NOT_NEEDED, what, f"{earlier} has taken it back already.")
        return self._undone(cell, what, undo, carried.variables, columns)

    def _undone(
        self, cell: CellId, what: str, undo: SavedOperation, variables: Mapping[str, Any], columns: Sequence[Column]
    ) -> Cleanup:
        tried = []
        for column in columns:
            shown = self._shown(undo, variables, column, cell.identity)
            if isinstance(shown, str):
                tried.append(f"as {column.caller.id} {shown}")
            elif shown.observation.verdict.outcome in LET_IN:
                return Cleanup(cell, Cleaning.DONE, what, f"{undo.id} was sent as {column.caller.id}.")
            else:
                was = shown.observation
                tried.append(f"as {column.caller.id} it was {was.verdict.outcome} ({was.why.rstrip('.')})")
        return Cleanup(cell, Cleaning.FAILED, what, f"It was tried {'; '.join(tried)}: look at the data.")

    def _shown(self, undo: SavedOperation, variables: Mapping[str, Any], column: Column, identity: str) -> Seen | str:
        """What the undo showed, sent with the variables of who made the change; why it wasn't sent, in words."""
        try:
            sent = send(self._doors.call(undo, identity, variables, self._seconds), column, self._pace, self._now)
        except GatehouseError as failure:
            return f"it was not sent ({failure.failed})"
        return seen(undo, variables, sent, column, ()) if sent else "it was not sent"


def _taken_back_by(
    undo: SavedOperation, variables: Mapping[str, Any], cell: CellId, others: Mapping[CellId, Seen]
) -> str:
    """The call that did what the undo would do: the same root field or request on the same values; empty if none."""
    wanted = {**undo.variables_of(cell.identity), **variables}
    for other, each in others.items():
        if other == cell or each.observation.verdict.outcome not in LET_IN or not each.operation.changes_data:
            continue
        given = each.operation.variables_of(other.identity, each.variables)
        if _target(each.operation) == _target(undo) and wanted.items() <= given.items():
            return str(other)
    return ""


def _target(operation: SavedOperation) -> object:
    if operation.rest:
        return operation.rest.method, operation.rest.path
    return operation.roots
