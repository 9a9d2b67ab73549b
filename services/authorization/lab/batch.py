"""Sending a number of cells, side by side: each as soon as what it waits for has come to an end."""

import logging
import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from services.authorization.cells import CellId
from services.authorization.lab.canaries import Choice, decide
from services.authorization.lab.chaining import earlier
from services.authorization.lab.column import Column
from services.authorization.lab.pace import Pace
from services.authorization.lab.parts import Parts
from services.authorization.lab.ready import Ready
from services.authorization.lab.safety import hindrance
from services.authorization.lab.seen import Seen, not_run, seen
from services.authorization.lab.sending import send
from services.authorization.suite.chains import Carried, captured, carried
from services.authorization.suite.saved import SavedOperation
from services.errors import GatehouseError
from services.graphql import CALLS_AT_ONCE

CANCELLED = "It was cancelled before it was sent."
_log = logging.getLogger("gatehouse.lab")


class Batch:
    """Cells that are sent together: a whole run, or some of its cells once more.

    Args:
        parts: of the run.
        cells: what to send, those first that should leave first.
    """

    def __init__(self, parts: Parts, cells: Collection[CellId]) -> None:
        self._parts, self._board, self._choices = parts, parts.board, parts.choices
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._ended = False
        self._made: dict[CellId, Seen] = {}
        self._pace = Pace(parts.plan.limits.per_second, self._stopped)
        self.cells = tuple(dict.fromkeys(cells))
        self._ready = Ready(self.cells, {cell: self._needs(cell) for cell in self.cells})
        self._board.expect(self.cells)

    def cancel(self) -> None:
        """Send nothing more: what waits is not run; what is under way comes to its end. Nothing once all has ended."""
        with self._lock:
            if self._ended:
                return
            self._stopped.set()
        self._leave(self._ready.drain(), CANCELLED)

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._stopped.is_set()

    @property
    def made(self) -> dict[CellId, Seen]:
        """What the calls showed that it made."""
        return dict(self._made)

    def send(self) -> None:
        """Send every cell and return when all have come to an end."""
        at_once = min(max(self._parts.plan.limits.at_once, 1), CALLS_AT_ONCE)
        asked = [self._parts.columns[identity] for identity in dict.fromkeys(cell.identity for cell in self.cells)]
        with ThreadPoolExecutor(at_once) as workers:
            list(workers.map(_fetch, asked))
            # One worker each for as long as there is work: a future for every cell would be as many locks more.
            for working in [workers.submit(self._work) for _ in range(min(at_once, len(self.cells)))]:
                working.result()
        with self._lock:
            self._ended = True
        self._leave(self._ready.drain(), CANCELLED if self.cancelled else "It waits for a call that waits for it.")

    def _work(self) -> None:
        while cell := self._ready.take():
            try:
                self._board.begin(cell)
                found = self._seen(cell)
            except Exception as error:  # noqa: BLE001 - one cell that breaks down must not take the others with it
                _log.error("The call of %s broke down: %s", cell, type(error).__name__)
                words = f"Gatehouse itself failed before it made this call ({type(error).__name__})."
                found = not_run(self._parts.operations[cell.operation], words, "Report it, and run again.")
            if found:
                self._made[cell] = found
                self._board.keep(cell, found)
            else:
                self._leave({cell}, CANCELLED)
            self._ready.done(cell)

    def _seen(self, cell: CellId) -> Seen | None:
        """What the cell shows; None where the run was cancelled before it left."""
        operation, column = self._parts.operations[cell.operation], self._parts.columns[cell.identity]
        if why := self._hindrance(cell, operation):
            return not_run(operation, why)
        chained = self._carried(cell, operation)
        if chained.reason:
            return not_run(operation, f"It could not be sent: {chained.reason}.")
        if lacking := operation.lacking(cell.identity, chained.variables):
            return not_run(operation, f"There is no value for {', '.join(lacking)}.", "Give one in the suite.")
        try:
            call = self._parts.doors.call(operation, cell.identity, chained.variables, self._parts.plan.limits.timeout)
        except GatehouseError as failure:
            return not_run(operation, str(failure))
        sent = send(call, column, self._pace, self._parts.now, harmless=not operation.changes_data)
        return seen(operation, chained.variables, sent, column, self._parts.plan.rules) if sent else None

    def _hindrance(self, cell: CellId, operation: SavedOperation) -> str:
        if not operation.changes_data:
            return ""
        if why := hindrance(operation, self._parts.plan.declared.get(cell)):
            return why
        choice = self._choices[cell.identity]
        asked = {each: found for each in self._controls(choice) if (found := self._board.get(each))}
        result = decide(self._decided_with(choice), asked, ended=True)[cell.identity]
        return f"It changes data, and was not sent. {result.failure}" if result.failure else ""

    def _carried(self, cell: CellId, operation: SavedOperation) -> Carried:
        before = {}
        for each in earlier(cell, self._parts.operations):
            if found := self._board.get(each):
                before[each.operation] = captured(found.operation, found.answer, found.observation.why.rstrip("."))
        return carried(operation, before)

    def _needs(self, cell: CellId) -> Sequence[CellId]:
        needed = earlier(cell, self._parts.operations)
        if not self._parts.operations[cell.operation].changes_data:
            return needed
        return [*needed, *self._controls(self._choices[cell.identity])]

    def _controls(self, choice: Choice) -> list[CellId]:
        return [cell for each in self._decided_with(choice).values() for cell in each.cells]

    def _decided_with(self, choice: Choice) -> dict[str, Choice]:
        """An identity's control calls and those of its control."""
        ids = (choice.caller.id, choice.caller.control)
        return {each: self._choices[each] for each in ids if each in self._choices}

    def _leave(self, cells: Collection[CellId], why: str) -> None:
        self._board.leave({cell: not_run(self._parts.operations[cell.operation], why) for cell in cells})


def _fetch(column: Column) -> None:
    with suppress(Exception):  # the identity's cells say why it can't be had
        column.credentials()
