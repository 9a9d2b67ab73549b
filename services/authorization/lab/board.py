"""What is known of every cell while calls come and go on several threads."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.authorization.cells import CellId, Observation, Progress
from services.authorization.lab.result import Cleanup
from services.authorization.lab.seen import Seen
from services.authorization.lab.settling import Settled


class Board:
    """The cells of a run; every method may be called from any thread.

    A cell is waiting, running, or has come to an end: done or not run. A cell that is run again keeps what it showed
    before until the new call has come to an end, and for good where that call never leaves.

    Args:
        cells: the run's grid. Control calls outside of it are kept too, but not counted.
    """

    def __init__(self, cells: Iterable[CellId]) -> None:
        self._lock = threading.Lock()
        self._states = dict.fromkeys(cells, Progress.WAITING)
        self._seen: dict[CellId, Seen] = {}
        self._settled = Settled()
        self._history: dict[CellId, tuple[Observation, ...]] = {}
        self._cleanups: tuple[Cleanup, ...] = ()

    def expect(self, cells: Iterable[CellId]) -> None:
        """These cells are going to be sent."""
        self._mark(cells, Progress.WAITING)

    def begin(self, cell: CellId) -> None:
        """The cell's call is being made."""
        self._mark([cell], Progress.RUNNING)

    def keep(self, cell: CellId, seen: Seen) -> None:
        """The cell has come to an end; what it showed before goes into its history."""
        with self._lock:
            if before := self._settled.cells.get(cell):
                self._history[cell] = (*self._history.get(cell, ()), before)
            self._seen[cell] = seen
            if cell in self._states:
                self._states[cell] = seen.observation.progress

    def leave(self, seen: Mapping[CellId, Seen]) -> None:
        """These cells won't be sent any more: what they showed before stands, else the given reason."""
        with self._lock:
            for cell, why in seen.items():
                kept = self._seen.setdefault(cell, why)
                if cell in self._states:
                    self._states[cell] = kept.observation.progress

    def settle(self, settled: Settled) -> None:
        """This is what the cells show, now that nothing more will be sent; what proves nothing never will."""
        failed = {identity: result.failure for identity, result in settled.canaries.items() if result.failure}
        with self._lock:
            self._settled = settled
            for cell, seen in self._seen.items():
                if cell.identity in failed and not seen.withheld:
                    self._seen[cell] = replace(seen, withheld=failed[cell.identity])

    def note(self, cleanup: Cleanup) -> None:
        """A call was taken back, or should have been."""
        with self._lock:
            self._cleanups = (*self._cleanups, cleanup)

    def get(self, cell: CellId) -> Seen | None:
        """What the cell showed; None while it hasn't come to an end."""
        with self._lock:
            return self._seen.get(cell)

    @property
    def settled(self) -> Settled:
        """What the cells showed when last nothing was under way."""
        with self._lock:
            return self._settled

    @property
    def states(self) -> dict[CellId, Progress]:
        """How far each cell of the grid has come."""
        with self._lock:
            return dict(self._states)

    @property
    def seen(self) -> dict[CellId, Seen]:
        """What each cell that has come to an end showed, control calls included."""
        with self._lock:
            return dict(self._seen)

    @property
    def history(self) -> dict[CellId, tuple[Observation, ...]]:
        """What cells showed before they were run again, oldest first."""
        with self._lock:
            return dict(self._history)

    @property
    def cleanups(self) -> tuple[Cleanup, ...]:
        """What was taken back so far."""
        with self._lock:
            return self._cleanups

    def _mark(self, cells: Iterable[CellId], state: Progress) -> None:
        with self._lock:
            for cell in cells:
                if cell in self._states:
                    self._states[cell] = state
