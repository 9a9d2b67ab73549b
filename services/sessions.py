"""Who is signed in: sessions by a random id, renewed every few minutes, so that whoever lost their access is out."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from services.audit import recorded
from services.errors import ServiceError, SignInError
from services.permissions import Operator
from services.secret import Secret
from services.session_store import Claim, Kept, MemoryStore, Session, SessionStore, over
from services.tokens import Tokens

__all__ = ["ABSOLUTE", "IDLE", "Session", "SessionEnded", "Sessions", "TimeLeft"]

IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=12)
TICKET = timedelta(seconds=30)
RENEW_EVERY = timedelta(minutes=4)
VOUCHED_FOR = timedelta(minutes=5)  # so long a session lasts on what the user pool last said of its operator
ANNOUNCE = timedelta(minutes=2)
SEEN_EVERY = timedelta(seconds=15)  # a use is noted this often, so that not every run of a page writes
CLAIM = timedelta(seconds=45)  # longer than a renewal can take with its time-outs and tries
_PAUSE_SECONDS = 0.05


class SessionEnded(SignInError):
    """The session is over; `why` says what ended it."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How long a session lasts unless it is used.

    Attributes:
        span: until its end.
        idle: whether it would end for want of use, so that using it makes it last longer.
        soon: whether its end should be announced.
    """

    span: timedelta
    idle: bool
    soon: bool


class Renews(Protocol):
    """What keeps a sign-in alive: `services.renewal.Renewal`."""

    def renew(self, tokens: Tokens) -> Tokens:
        """New tokens, or `SignInError`."""

    def revoke(self, tokens: Tokens) -> None:
        """Make the tokens worthless."""

    def revoke_all(self, tokens: Tokens) -> None:
        """Make every token worthless that their holder has."""


class Sessions:
    """Opens, renews and ends sessions; safe for threads, and for several processes over a store that they share.

    Args:
        identify: makes an operator of tokens, or raises `TokenRefused`.
        renewal: renews and revokes tokens.
        now: the clock.
        random_id: makes an id that can't be guessed.
        store: where sessions are kept; this process by default.
        idle: how long a session lasts without use.
        pause: waits for so many seconds.
    """

    def __init__(
        self,
        identify: Callable[[Tokens], Operator],
        renewal: Renews,
        now: Callable[[], datetime],
        random_id: Callable[[], str] = lambda: secrets.token_urlsafe(32),
        *,
        store: SessionStore | None = None,
        idle: timedelta = IDLE,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._identify = identify
        self._renewal = renewal
        self._now = now
        self._random_id = random_id
        self._store = store or MemoryStore(now)
        self._idle = idle
        self._pause = pause

    def open(self, tokens: Tokens) -> Session:
        """A new session for the person whose tokens these are.

        Raises:
            TokenRefused: a token fails verification.
            Unavailable: the pool's keys can't be read.
            ServiceError: the shared store can't be reached.
        """
        operator, now = self._identify(tokens), self._now()
        session = Session(Secret(self._random_id()), operator, tokens, now)
        with recorded(operator, "session.open", operator.username, reads=True):
            self._store.add(Kept(session, now, now, self._renew_at(tokens), now + ABSOLUTE + self._idle))
        return session

    def ticket(self, session: Session) -> Secret:
        """A text that can be exchanged once, within 30 seconds, for the session's id."""
        ticket = Secret(self._random_id())
        self._store.add_ticket(ticket, session.id, self._now() + TICKET)
        return ticket

    def redeem(self, ticket: Secret) -> Secret | None:
        """The session id behind a ticket; `None` when it is unknown, used or too old."""
        return self._store.take_ticket(ticket, self._now())

    def current(self, session_id: Secret, *, used: bool = True) -> Session | None:
        """The session of that id, renewed when that is due.

        Args:
            session_id: what the browser presents.
            used: whether somebody is there; a page that looks for news by itself is no use of the session.

        Returns:
            `None` when there is no such session.

        Raises:
            SessionEnded: it was signed out, timed out, or Cognito refused to renew it.
            ServiceError: nobody has vouched for the operator for five minutes, or the tokens have ended, and
                Cognito can't be reached; or the shared store can't.
        """
        kept = self._open(session_id)
        if kept and used and self._now() - kept.seen_at >= SEEN_EVERY:
            kept = _still(self._store.change(session_id, lambda each: replace(each, seen_at=self._now())))
        return self._vouched(kept).session if kept else None

    def left(self, session_id: Secret) -> TimeLeft | None:
        """How long the session lasts unless it is used; asking is no use of it, but renews it when that is due.

        Returns:
            `None` when there is no such session.

        Raises:
            SessionEnded: it is over; also found out here, so that a page which nobody touches is closed as well.
            ServiceError: as for `current`.
        """
        kept = self._open(session_id)
        if kept is None:
            return None
        kept = self._vouched(kept)
        unused, at_last = kept.seen_at + self._idle, kept.session.opened_at + ABSOLUTE
        span = min(unused, at_last) - self._now()
        return TimeLeft(span, unused < at_last, span <= min(ANNOUNCE, self._idle / 2))

    def last_known(self, session_id: Secret) -> Session | None:
        """The session of that id with nothing asked of Cognito, so that it can always be ended; `None`: there is none.

        Raises:
            SessionEnded: it is over.
            ServiceError: the shared store can't be reached.
        """
        kept = self._open(session_id)
        return kept.session if kept else None

    def is_open(self, session_id: Secret) -> bool:
        """Whether there is a session of that id that has not ended; asking is no use of it."""
        kept = self._store.find(session_id)
        return kept is not None and not kept.ended

    def close(self, session: Session) -> None:
        """Sign out: the id is worthless at once, then the refresh token is revoked.

        Raises:
            ServiceError: the revocation failed; the session is closed all the same.
        """
        kept = self._store.find(session.id)
        if kept is None or kept.ended:
            return
        with recorded(session.operator, "session.close", session.operator.username, reads=True):
            if tokens := self._end(session.id, "It was signed out"):
                self._renewal.revoke(tokens)

    def close_all(self, session: Session) -> None:
        """Sign out everywhere: every session of this person here, then every token that they have.

        Raises:
            SignInError: Cognito doesn't take the access token for that.
            ServiceError: Cognito can't be reached; the sessions here are closed all the same.
        """
        operator = session.operator
        with recorded(operator, "session.close_all", operator.username, reads=True):
            here = {session.id, *(kept.session.id for kept in self._store.of(operator.sub))}
            tokens = {each: self._end(each, "It was signed out everywhere") for each in here}
            self._renewal.revoke_all(tokens[session.id] or session.tokens)

    def _open(self, session_id: Secret) -> Kept | None:
        """The session of that id; raises `SessionEnded` when it is over."""
        kept = self._store.find(session_id)
        if kept is None:
            return None
        why = kept.ended
        if not why and self._now() >= kept.session.opened_at + ABSOLUTE:
            why = f"It was {_span(ABSOLUTE)} old"
        elif not why and self._now() >= kept.seen_at + self._idle:
            why = f"It was not used for {_span(self._idle)}"
        if why:
            self._end(session_id, why)
            raise _ended(why)
        return kept

    def _vouched(self, kept: Kept) -> Kept:
        """The session with an operator for whom the user pool has vouched in the last minutes."""
        while self._now() >= kept.renew_at:
            mine = secrets.token_hex(8)
            kept = _still(self._store.change(kept.session.id, partial(_claimed, by=mine, now=self._now())))
            if kept.claim and kept.claim.by == mine:
                return self._renewed(kept)
            if self._good(kept):  # somebody else is at it
                return kept
            self._pause(_PAUSE_SECONDS)
        return kept

    def _renewed(self, kept: Kept) -> Kept:
        """The session with new tokens, for whoever has claimed it."""
        session = kept.session
        try:
            tokens = self._renewal.renew(session.tokens)
            operator = self._identify(tokens)
        except SignInError as error:
            self._end(session.id, error.why)
            raise _ended(error.why) from None
        except ServiceError:
            self._store.change(session.id, lambda each: replace(each, claim=None))
            if self._good(kept):
                return kept  # the next run tries again
            raise
        now = self._now()
        fresh = replace(session, operator=operator, tokens=tokens)
        after = self._store.change(
            session.id,
            lambda each: (
                each
                if each.ended
                else replace(each, session=fresh, renewed_at=now, renew_at=self._renew_at(tokens), claim=None)
            ),
        )
        if after is None or after.ended:  # signed out meanwhile: what came after that must not live on
            self._renewal.revoke(tokens)
        return _still(after)

    def _good(self, kept: Kept) -> bool:
        """Whether the session may go on as it is, although its renewal is due."""
        return self._now() < min(kept.renewed_at + VOUCHED_FOR, kept.session.tokens.expires_at)

    def _renew_at(self, tokens: Tokens) -> datetime:
        """In four minutes; at half-time of tokens that live for less than eight."""
        now = self._now()
        return now + min(RENEW_EVERY, (tokens.expires_at - now) / 2)

    def _end(self, session_id: Secret, why: str) -> Tokens | None:
        """End a session; returns the tokens that it had, if it was open."""
        before: list[Tokens] = []

        def end(kept: Kept) -> Kept:
            before[:] = [] if kept.ended else [kept.session.tokens]
            return kept if kept.ended else over(kept, why)

        self._store.change(session_id, end)
        return before[0] if before else None


def _claimed(kept: Kept, by: str, now: datetime) -> Kept:
    """The session, claimed for a renewal unless it isn't due any more or somebody else is at it."""
    if kept.ended or now < kept.renew_at or (kept.claim and now < kept.claim.until):
        return kept
    return replace(kept, claim=Claim(by, now + CLAIM))


def _still(after: Kept | None) -> Kept:
    """The session after a change; raises `SessionEnded` when somebody has ended it meanwhile."""
    if after is None or after.ended:
        raise _ended(after.ended if after else "It is not known any more")
    return after


def _ended(why: str) -> SessionEnded:
    return SessionEnded("The session has ended", why, "Sign in again")


def _span(span: timedelta) -> str:
    """A span in words: whole hours, else minutes."""
    minutes = round(span.total_seconds() / 60)
    number, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
