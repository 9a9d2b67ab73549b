"""Repeated failures slow down: whoever guesses has to wait, and nobody else does.

Cognito slows down wrong passwords for an account by itself; this slows down one address that tries many accounts,
and guesses at codes, which Cognito counts less strictly. Nothing sleeps: who comes too early is told how long to wait.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from math import ceil

from services.errors import SignInError
from services.sign_in_refusals import StillOpen

FREE_PER_NAME = 5
FREE_PER_ADDRESS = 30  # a whole office may share one
LONGEST = timedelta(minutes=1)  # for a name: longer would let anybody lock others out
LONGEST_FOR_ADDRESS = timedelta(minutes=15)
FORGOTTEN = timedelta(minutes=15)
MOST = 10_000


class TooSoon(StillOpen):
    """The last failures were too many: the next try has to wait."""


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    until: datetime
    """No try before then."""
    last: datetime


class Attempts:
    """Counts failures of this process, by user name and by client address; safe for threads."""

    def __init__(self, now: Callable[[], datetime], most: int = MOST) -> None:
        self._now = now
        self._most = most
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    @contextmanager
    def counted(self, username: str, address: str = "", *, costs: bool = False) -> Generator[None]:
        """Let one try happen inside the block, and count it when it fails.

        Args:
            username: whom it is about, as it was typed.
            address: where it comes from; empty when that isn't known.
            costs: whether a try counts even when it succeeds, such as one that sends a message.

        Raises:
            TooSoon: it has to wait; nothing was tried.
        """
        keys = list(_keys(username, address))
        with self._lock:
            self._check(keys)
        failed = costs
        try:
            yield
        except SignInError:
            failed = True  # any other error says nothing about the person
            raise
        finally:
            if failed:
                with self._lock:
                    self._count(keys)

    def forgive(self, username: str) -> None:
        """Forget the failures of a name whose owner is signed in; an address keeps its own."""
        with self._lock:
            self._failures.pop(_name(username), None)

    def _check(self, keys: list[tuple[str, str]]) -> None:
        now = self._now()
        waits = [known.until - now for key in keys if (known := self._failures.get(key)) and known.until > now]
        if waits:
            seconds = ceil(max(waits).total_seconds())
            wait = "1 second" if seconds == 1 else f"{seconds} seconds"
            raise TooSoon(
                "Could not go on yet",
                "There were too many failed tries in a row",
                f"Wait {wait}, then try again",
            )

    def _count(self, keys: list[tuple[str, str]]) -> None:
        now = self._now()
        for key in keys:
            known = self._failures.pop(key, None)
            if known is None or now - known.last > FORGOTTEN:
                known = _Failures(0, now, now)
            count = known.count + 1
            self._failures[key] = replace(known, count=count, until=now + _wait(key[0], count), last=now)
        while len(self._failures) > self._most:
            self._failures.popitem(last=False)


def _name(username: str) -> tuple[str, str]:
    return "name", username.casefold()


def _keys(username: str, address: str) -> Iterator[tuple[str, str]]:
    yield _name(username)
    if address:
        yield "address", address


def _wait(kind: str, failures: int) -> timedelta:
    """How long after so many failures: one second after the free ones are spent, then twice as long each time."""
    free, longest = (FREE_PER_NAME, LONGEST) if kind == "name" else (FREE_PER_ADDRESS, LONGEST_FOR_ADDRESS)
    over = failures - free
    return timedelta(0) if over < 0 else min(longest, timedelta(seconds=2 ** min(over, 16)))


def known_address(address: str | None, *, behind_proxy: bool) -> str:
    """The address of a client, as far as it tells one client from another; empty when it doesn't.

    Args:
        address: where the connection comes from; `None` for this machine.
        behind_proxy: whether browsers reach the dashboard through a proxy, whose own address says nothing.
    """
    if not address:
        return ""
    return address if not behind_proxy or ip_address(address).is_global else ""
