"""Files on their way to a browser: each is fetched once, soon, and only while the session that asked for it is open."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.secret import Secret

OPEN_FOR = timedelta(minutes=1)
MOST = 100


@dataclass(frozen=True, slots=True)
class Handout:
    """A file for one browser.

    Attributes:
        session_id: the session that asked for it; whoever hands it out asks whether that is still open.
        name: what the file is called.
        media_type: what it is.
        content: what it holds.
    """

    session_id: Secret
    name: str
    media_type: str
    content: str = field(repr=False)


class Handouts:
    """What waits to be fetched from this process; safe for threads.

    Args:
        now: the clock.
        random_text: makes tickets that can't be guessed.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        random_text: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._now = now
        self._random = random_text
        self._lock = threading.Lock()
        self._waiting: OrderedDict[Secret, tuple[Handout, datetime]] = OrderedDict()

    def keep(self, handout: Handout) -> Secret:
        """Keep a file for a minute; returns the ticket that it is fetched with."""
        ticket = Secret(self._random())
        with self._lock:
            now = self._now()
            for each in [key for key, (_, until) in self._waiting.items() if until <= now]:
                del self._waiting[each]
            while len(self._waiting) >= MOST:
                self._waiting.popitem(last=False)
            self._waiting[ticket] = handout, now + OPEN_FOR
        return ticket

    def take(self, ticket: Secret) -> Handout | None:
        """The file behind a ticket, once; `None` when the ticket is unknown, used or too old."""
        with self._lock:
            handout, until = self._waiting.pop(ticket, (None, self._now()))
            return handout if self._now() < until else None
