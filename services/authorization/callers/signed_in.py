"""Somebody whose tokens can be had at any time of a run, however long it takes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.authorization.identities import Person
from services.errors import ServiceError, SignInError
from services.permissions import Operator
from services.tokens import Tokens

RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who signed in.

    Attributes:
        operator: who that is, from verified tokens.
        tokens: theirs, live; may take a call to Cognito and raises `GatehouseError` where they can't be renewed.
    """

    operator: Operator
    tokens: Callable[[], Tokens]


class Renewing:
    """Tokens that are renewed when they end within five minutes (at half-time when they live for less than ten).

    Safe for threads.

    Args:
        tokens: as the sign-in gave them.
        renew: makes new ones of them, e.g. `Renewal.renew`.
        now: the clock.
        until: when they may not be used any more, whatever they say; None for no such time.
    """

    def __init__(
        self,
        tokens: Tokens,
        renew: Callable[[Tokens], Tokens],
        now: Callable[[], datetime],
        until: datetime | None = None,
    ) -> None:
        self._tokens = tokens
        self._renew = renew
        self._now = now
        self._until = until
        self._renew_at = self._half_time(tokens)
        self._lock = threading.Lock()

    def __call__(self) -> Tokens:
        """The tokens as they are good now.

        Raises:
            SignInError: Cognito doesn't renew them, or their time is over.
            ServiceError: they have ended and Cognito can't be reached.
        """
        with self._lock:
            now = self._now()
            if self._until and now >= self._until:
                raise SignInError(
                    "Could not use the stand-in any longer",
                    "It was made for an hour, after which other runs may remove it",
                    "Run again: another one is made",
                )
            if now >= self._renew_at:
                self._renewed(now)
            return self._tokens

    def _renewed(self, now: datetime) -> None:
        try:
            self._tokens = self._renew(self._tokens)
        except ServiceError:
            if now >= self._tokens.expires_at:
                raise
            return  # they are still good; the next call tries again
        self._renew_at = self._half_time(self._tokens)

    def _half_time(self, tokens: Tokens) -> datetime:
        return max(tokens.expires_at - RENEW_BEFORE, self._now() + (tokens.expires_at - self._now()) / 2)


def renewing(
    person: Person,
    renew: Callable[[Tokens], Tokens],
    now: Callable[[], datetime],
    until: datetime | None = None,
) -> SignedIn:
    """A person who signed in, with tokens that renew themselves."""
    return SignedIn(person.operator, Renewing(person.tokens, renew, now, until))
