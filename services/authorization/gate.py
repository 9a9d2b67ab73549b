"""Lets calls of several threads leave at the same moment."""

import threading
import time
from contextlib import suppress


class Gate:
    """Opens when as many calls wait at it as were announced, and stays open.

    Signing and building requests takes the one interpreter lock in turns. Calls that left as soon as each was built
    would be spread out by that, and a run would look slower than it is.

    Args:
        calls: how many will come.
    """

    def __init__(self, calls: int) -> None:
        self._barrier = threading.Barrier(max(calls, 1), action=self._note)
        self._opened_at: float | None = None

    @property
    def opened_at(self) -> float | None:
        """When it opened, as `time.perf_counter` tells; None while it is shut."""
        return self._opened_at

    def wait(self) -> None:
        """Return when the gate is open."""
        if self._opened_at is None:
            with suppress(threading.BrokenBarrierError):
                self._barrier.wait()

    def open(self) -> None:
        """Open it now: one of the announced calls won't come."""
        if self._opened_at is None:
            self._note()
            self._barrier.abort()

    def _note(self) -> None:
        self._opened_at = time.perf_counter()
