"""Where sessions are kept: what a store promises, and the one that keeps them in this process."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from services.permissions import Operator
from services.secret import Secret
from services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in as it is now; a renewal makes a new value.

    Attributes:
        id: what the browser's cookie holds.
        operator: who signed in, from verified tokens.
        tokens: theirs; never shown, and written nowhere but sealed.
        opened_at: when they signed in, in UTC.
    """

    id: Secret
    operator: Operator
    tokens: Tokens = field(repr=False)
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody is renewing a session: nobody else does before `until`, lest a refresh token be used twice."""

    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A session as a store keeps it.

    Attributes:
        session: without its tokens once it has ended.
        seen_at: when it was last used.
        renewed_at: when the user pool last vouched for its operator.
        renew_at: when it is to be renewed.
        until: when it is over whatever happens, and may be forgotten.
        ended: what ended it; empty while it is open.
        claim: who is renewing it.
    """

    session: Session
    seen_at: datetime
    renewed_at: datetime
    renew_at: datetime
    until: datetime
    ended: str = ""
    claim: Claim | None = None


def over(kept: Kept, why: str) -> Kept:
    """The session as it is kept once it has ended: without its tokens."""
    nothing = Tokens(Secret(""), Secret(""), None, kept.session.tokens.expires_at)
    return replace(kept, ended=why, claim=None, session=replace(kept.session, tokens=nothing))


class SessionStore(Protocol):
    """Keeps sessions and tickets; safe for threads. A store that others share raises `ServiceError` when it is away."""

    def add(self, kept: Kept) -> None:
        """Keep a new session."""

    def find(self, session_id: Secret) -> Kept | None:
        """The session of that id, open or ended."""

    def change(self, session_id: Secret, how: Callable[[Kept], Kept]) -> Kept | None:
        """Change a session so that no change by anybody else is lost; returns it as it is then.

        Args:
            session_id: its id.
            how: makes the new value of the present one; may be called several times.
        """

    def of(self, sub: str) -> tuple[Kept, ...]:
        """Every session of one person that is still known."""

    def add_ticket(self, ticket: Secret, session_id: Secret, until: datetime) -> None:
        """Keep a ticket for a session."""

    def take_ticket(self, ticket: Secret, now: datetime) -> Secret | None:
        """The session id behind a ticket, once; `None` when it is unknown, used or too old."""


class MemoryStore:
    """Sessions of this process; gone with it.

    Args:
        now: the clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[Secret, Kept] = {}
        self._tickets: dict[Secret, tuple[Secret, datetime]] = {}

    def add(self, kept: Kept) -> None:
        """Keep a new session, and drop those that are past their time."""
        with self._lock:
            self._forget_old()
            self._kept[kept.session.id] = kept

    def find(self, session_id: Secret) -> Kept | None:
        """The session of that id, open or ended."""
        with self._lock:
            return self._kept.get(session_id)

    def change(self, session_id: Secret, how: Callable[[Kept], Kept]) -> Kept | None:
        """Change a session under the store's lock."""
        with self._lock:
            if kept := self._kept.get(session_id):
                kept = self._kept[session_id] = how(kept)
            return kept

    def of(self, sub: str) -> tuple[Kept, ...]:
        """Every session of one person that is still known."""
        with self._lock:
            return tuple(kept for kept in self._kept.values() if kept.session.operator.sub == sub)

    def add_ticket(self, ticket: Secret, session_id: Secret, until: datetime) -> None:
        """Keep a ticket for a session."""
        with self._lock:
            self._tickets[ticket] = (session_id, until)

    def take_ticket(self, ticket: Secret, now: datetime) -> Secret | None:
        """The session id behind a ticket, once."""
        with self._lock:
            session_id, until = self._tickets.pop(ticket, (None, now))
            return session_id if now < until else None

    def _forget_old(self) -> None:
        now = self._now()
        self._kept = {key: each for key, each in self._kept.items() if each.until > now}
        self._tickets = {key: each for key, each in self._tickets.items() if each[1] > now}
