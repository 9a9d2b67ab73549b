"""How fast calls may leave, and how long a throttled one waits: waiting that a cancelled run breaks off at once."""

import random
import threading
import time
from collections.abc import Callable

TRIES = 4  # of a throttled call, the first one included
_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 4.0


class Pace:
    """Lets calls leave evenly, no faster than so many in a second; safe for threads.

    Args:
        per_second: how many; None for no limit.
        stopped: set by whoever cancels.
        clock: seconds that only grow.
    """

    def __init__(
        self, per_second: float | None, stopped: threading.Event, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._between = 1 / per_second if per_second else 0.0
        self._stopped, self._clock = stopped, clock
        self._lock = threading.Lock()
        self._next = clock()

    def leave(self) -> bool:
        """Return when the next call may leave; False where the run was cancelled first."""
        if not self._between:
            return not self._stopped.is_set()
        with self._lock:
            turn = max(self._next, self._clock())
            self._next = turn + self._between
        return not self._stopped.wait(max(turn - self._clock(), 0))

    def pause(self, tries: int) -> bool:
        """Wait before a throttled call is tried again, longer each time; False where the run was cancelled.

        Args:
            tries: how often it was sent so far.
        """
        longest = min(_FIRST_PAUSE * 2**tries, _LONGEST_PAUSE)
        return not self._stopped.wait(random.uniform(longest / 2, longest))  # noqa: S311 - apart, not unguessable
