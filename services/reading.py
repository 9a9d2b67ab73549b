"""When something was read, in how many calls, in how much time: what stands under every table."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading.

    Attributes:
        at: when it was complete, UTC.
        calls: how many calls to AWS it took.
        milliseconds: from the first call to the last answer.
    """

    at: datetime
    calls: int
    milliseconds: float


class Meter:
    """Times one reading and counts its calls; threads report to whoever started them, who counts for them."""

    def __init__(self, now: Callable[[], datetime] = _now, timer: Callable[[], float] = time.perf_counter) -> None:
        self._now, self._timer = now, timer
        self._started = timer()
        self._calls = 0

    def count(self, calls: int = 1) -> None:
        """Note that calls were made."""
        self._calls += calls

    def reading(self) -> Reading:
        """What was measured so far."""
        return Reading(self._now(), self._calls, (self._timer() - self._started) * 1000)
