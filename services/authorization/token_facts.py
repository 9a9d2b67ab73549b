"""What this machine can tell of a token by itself: AppSync's own refusals seldom say what was wrong with one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt

from services.errors import Unavailable
from services.secret import Secret
from services.settings import Environment
from services.tokens import Expectation, Fault, TokenRefused, Use, key_id, verify

KeysFor = Callable[[str], Mapping[str, jwt.PyJWK]]


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as it stands.

    Attributes:
        claims: what it says, unverified; empty when it can't be read.
        fault: what is wrong with it, None when nothing is. `ISSUER` says that another issuer made it, which
            this machine can't judge.
        why: the fault in words.
    """

    claims: Mapping[str, Any] = field(repr=False)
    fault: Fault | None = None
    why: str = ""


def facts_of(token: Secret, environment: Environment, keys_for: KeysFor, now: datetime) -> TokenFacts:
    """What is known of a token without asking the API.

    Args:
        token: a JWT, or what is sent in place of one.
        environment: names the user pool and the app client that a token should come from.
        keys_for: the pool's published keys for a key id, e.g. `PoolKeys.for_key`; when they can't be had, the
            signature stays unjudged.
        now: the time, with a zone.
    """
    claims = claims_of(token)
    if not claims:
        return TokenFacts({}, Fault.MALFORMED, "The token is not a JSON web token")
    if ended := _ended(claims, now):
        return TokenFacts(claims, Fault.EXPIRED, ended)
    if claims.get("iss") != environment.issuer:
        return TokenFacts(claims, Fault.ISSUER, f"The token was issued by {claims.get('iss') or 'nobody'}")
    use = Use.ID if claims.get("token_use") == Use.ID else Use.ACCESS
    try:
        verify(token, keys_for(key_id(token)), Expectation(environment.issuer, environment.client_id, use), now)
    except TokenRefused as refusal:
        return TokenFacts(claims, refusal.fault, refusal.why)
    except Unavailable:
        return TokenFacts(claims)
    return TokenFacts(claims)


def claims_of(token: Secret) -> Mapping[str, Any]:
    """The claims that a token carries, unverified: for showing, never for trusting. Empty when it has none."""
    try:
        claims: dict[str, Any] = jwt.decode(token.reveal(), options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return claims


def _ended(claims: Mapping[str, Any], now: datetime) -> str:
    """How long ago the token ended, in words; empty while it lives."""
    seconds = claims.get("exp")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return ""
    try:
        ended = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return ""
    if now < ended:
        return ""
    return f"The token expired {_ago((now - ended).total_seconds())} ago, at {ended:%Y-%m-%d %H:%M:%S} UTC"


def _ago(seconds: float) -> str:
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{int(seconds)} s"
