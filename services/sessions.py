"""Who is signed in: sessions by a random id, kept in this process and nowhere else."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from services.audit import recorded
from services.errors import ServiceError, SignInError
from services.permissions import Operator
from services.secret import Secret
from services.tokens import Tokens

IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=12)
TICKET = timedelta(seconds=30)
RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in as it is now; a renewal makes a new value.

    Attributes:
        id: what the browser's cookie holds.
        operator: who signed in, from verified tokens.
        tokens: theirs; never written anywhere.
        opened_at: when they signed in, in UTC.
    """

    id: Secret
    operator: Operator
    tokens: Tokens = field(repr=False)
    opened_at: datetime


class SessionEnded(SignInError):
    """The session is over; `why` says what ended it."""


class Renews(Protocol):
    """What keeps a sign-in alive: `services.renewal.Renewal`."""

    def renew(self, tokens: Tokens) -> Tokens:
        """New tokens, or `SignInError`."""

    def revoke(self, tokens: Tokens) -> None:
        """Make the tokens worthless."""


@dataclass(slots=True)
class _Entry:
    """A session in the store; `lock` lets one thread at a time renew it."""

    session: Session
    seen_at: datetime
    renew_at: datetime
    ended: SessionEnded | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Sessions:
    """The store; safe for threads.

    Args:
        identify: makes an operator of tokens, or raises `TokenRefused`.
        renewal: renews and revokes tokens.
        now: the clock.
        random_id: makes an id that can't be guessed.
    """

    def __init__(
        self,
        identify: Callable[[Tokens], Operator],
        renewal: Renews,
        now: Callable[[], datetime],
        random_id: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._identify = identify
        self._renewal = renewal
        self._now = now
        self._random_id = random_id
        self._lock = threading.Lock()
        self._entries: dict[Secret, _Entry] = {}
        self._tickets: dict[Secret, tuple[Secret, datetime]] = {}

    def open(self, tokens: Tokens) -> Session:
        """A new session for the person whose tokens these are.

        Raises:
            TokenRefused: a token fails verification.
            Unavailable: the pool's keys can't be read.
        """
        operator = self._identify(tokens)
        session = Session(Secret(self._random_id()), operator, tokens, self._now())
        with recorded(operator, "session.open", operator.username, reads=True), self._lock:
            self._forget_old()
            self._entries[session.id] = _Entry(session, session.opened_at, self._renew_at(tokens))
        return session

    def ticket(self, session: Session) -> Secret:
        """A text that can be exchanged once, within 30 seconds, for the session's id."""
        ticket = Secret(self._random_id())
        with self._lock:
            self._tickets[ticket] = (session.id, self._now() + TICKET)
        return ticket

    def redeem(self, ticket: Secret) -> Secret | None:
        """The session id behind a ticket; `None` when it is unknown, used or too old."""
        with self._lock:
            session_id, ends_at = self._tickets.pop(ticket, (None, self._now()))
            return session_id if self._now() < ends_at else None

    def current(self, session_id: Secret) -> Session | None:
        """The session of that id, in use from now on, its tokens renewed when they end within five minutes.

        Returns:
            `None` when there is no such session.

        Raises:
            SessionEnded: it was signed out, timed out, or Cognito refused to renew it.
            ServiceError: the tokens have ended and Cognito can't be reached to renew them.
        """
        with self._lock:
            entry = self._entries.get(session_id)
        if entry is None:
            return None
        with entry.lock:
            if ended := entry.ended or self._over(entry):
                raise ended
            entry.seen_at = self._now()
            if self._now() >= entry.renew_at:
                self._renew(entry)
            return entry.session

    def is_open(self, session_id: Secret) -> bool:
        """Whether there is a session of that id that has not ended; asking is no use of it."""
        with self._lock:
            entry = self._entries.get(session_id)
        return entry is not None and entry.ended is None

    def close(self, session: Session) -> None:
        """Sign out: the id is worthless at once, then the refresh token is revoked.

        Raises:
            ServiceError: the revocation failed; the session is closed all the same.
        """
        with self._lock:
            entry = self._entries.get(session.id)
        if entry is None or entry.ended:
            return
        with entry.lock, recorded(session.operator, "session.close", session.operator.username, reads=True):
            self._end(entry, "It was signed out")
            self._renewal.revoke(entry.session.tokens)

    def _renew(self, entry: _Entry) -> None:
        session = entry.session
        try:
            tokens = self._renewal.renew(session.tokens)
            operator = self._identify(tokens)
        except SignInError as error:
            raise self._end(entry, error.why) from None
        except ServiceError:
            if self._now() >= session.tokens.expires_at:
                raise
            return  # the tokens are still good; the next run tries again
        entry.session = replace(session, operator=operator, tokens=tokens)
        entry.renew_at = self._renew_at(tokens)

    def _renew_at(self, tokens: Tokens) -> datetime:
        """Five minutes before the tokens end; at half-time of tokens that live for less than ten."""
        return max(tokens.expires_at - RENEW_BEFORE, self._now() + (tokens.expires_at - self._now()) / 2)

    def _over(self, entry: _Entry) -> SessionEnded | None:
        if self._now() >= entry.session.opened_at + ABSOLUTE:
            return self._end(entry, f"It was {_hours(ABSOLUTE)} old")
        if self._now() >= entry.seen_at + IDLE:
            return self._end(entry, f"It was not used for {_hours(IDLE)}")
        return None

    def _end(self, entry: _Entry, why: str) -> SessionEnded:
        entry.ended = SessionEnded("The session has ended", why, "Sign in again")
        return entry.ended

    def _forget_old(self) -> None:
        """Drop what is past its time, so that the store doesn't grow for ever."""
        oldest = self._now() - ABSOLUTE - IDLE
        self._entries = {key: each for key, each in self._entries.items() if each.session.opened_at > oldest}
        self._tickets = {key: each for key, each in self._tickets.items() if each[1] > self._now()}


def _hours(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return "1 hour" if hours == 1 else f"{hours} hours"
