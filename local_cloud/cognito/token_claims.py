"""Claims that MiniStack leaves out or gets wrong: `event_id`, `version`, and when somebody signed in.

MiniStack says at every renewal that the user signed in just then.
"""

import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from local_cloud.cognito.answers import Data
from local_cloud.cognito.records import claims_of

Step = Callable[..., Any]

_event: ContextVar[str] = ContextVar("event")
_signed_in: ContextVar[int | None] = ContextVar("signed_in", default=None)

ACCESS_TOKEN_VERSION = 2


def of_one_event(ministack: Step) -> Step:
    """Give the tokens that are made together the same event, and the same time of the sign-in."""

    def tokens(*given: Any, **named: Any) -> Any:
        event = _event.set(str(uuid.uuid4()))
        signed_in = _signed_in.set(_signed_in.get() or int(time.time()))
        try:
            return ministack(*given, **named)
        finally:
            _event.reset(event)
            _signed_in.reset(signed_in)

    return tokens


def renewed(ministack: Step) -> Step:
    """Remember through a renewal when its refresh token was first given."""

    def tokens(pool: Data, pool_id: str, client_id: str, token: str) -> Any:
        mark = _signed_in.set(signed_in_at(claims_of(token)))
        try:
            return ministack(pool, pool_id, client_id, token)
        finally:
            _signed_in.reset(mark)

    return tokens


def completed(ministack: Step) -> Step:
    """Add the claims before a pre-token function sees them."""

    def claims(**given: Any) -> Any:
        added: Data = {"event_id": _event.get(str(uuid.uuid4()))}
        if given["token_type"] == "access":  # noqa: S105 - a kind of token
            added["version"] = ACCESS_TOKEN_VERSION
        if signed_in := _signed_in.get():
            added["auth_time"] = signed_in
        given["claims"] = {**given["claims"], **added}
        return ministack(**given)

    return claims


def stamped(ministack: Step) -> Step:
    """Write into a refresh token when the sign-in was that it goes back to."""

    def signed(claims: Data, *rest: Any) -> Any:
        signed_in = _signed_in.get()
        if claims.get("token_use") == "refresh" and signed_in:
            claims = {"auth_time": signed_in, **claims}
        return ministack(claims, *rest)

    return signed


def signed_in_at(claims: Data) -> int | None:
    """Return when the sign-in was that a refresh token goes back to, in seconds since 1970."""
    found: int | None = claims.get("auth_time") or claims.get("iat")
    return found
