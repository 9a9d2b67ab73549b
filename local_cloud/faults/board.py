"""The faults that are set at this moment."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from local_cloud.faults.fault import Call, Fault


class Board:
    """What is set, until it is spent, over or taken down. Used from one thread."""

    def __init__(self, clock: Callable[[], float] = time.time, chance: Callable[[], float] = random.random) -> None:
        """Start without faults; `clock` gives epoch seconds, `chance` numbers from 0 up to 1."""
        self._clock = clock
        self._chance = chance
        self._set: list[Fault] = []

    def put(self, faults: Sequence[Fault]) -> None:
        """Set these faults instead of whatever was set."""
        self._set = list(faults)

    def current(self) -> tuple[Fault, ...]:
        """Return the faults that can still hit, each with the calls that are left to it."""
        now = self._clock()
        self._set = [fault for fault in self._set if fault.until is None or now < fault.until]
        return tuple(self._set)

    def hits(self, call: Call) -> tuple[Fault, ...]:
        """Return the faults that hit this call, in the order in which they were set, and count them."""
        hit = tuple(
            fault for fault in self.current() if fault.fits(call) and self._chance() < fault.probability
        )  # `chance` never gives 1, so a probability of 1 always hits
        for fault in hit:
            self._spend(fault)
        return hit

    def _spend(self, fault: Fault) -> None:
        if fault.count is None:
            return
        place = next(at for at, each in enumerate(self._set) if each is fault)
        if fault.count > 1:
            self._set[place] = replace(fault, count=fault.count - 1)
        else:
            del self._set[place]
