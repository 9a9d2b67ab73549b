"""Whether a token is what it says: one rule, pure over (token, keys, expectation, now).

Follows "Verifying JSON web tokens" of the Amazon Cognito developer guide: signature, issuer, use, app client, time.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt

from services.errors import SignInError
from services.secret import Secret

LEEWAY = timedelta(seconds=60)  # what the clocks of this machine and of AWS may differ by

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a finished sign-in gives.

    Attributes:
        expires_at: when the earlier of the ID token and the access token ends, in UTC.
    """

    id_token: Secret
    access_token: Secret
    refresh_token: Secret | None
    expires_at: datetime


class Use(StrEnum):
    """What a token is for, as its claim `token_use` says."""

    ID = "id"
    ACCESS = "access"


class Fault(StrEnum):
    """Why a token is refused; one for each line of the rule."""

    MALFORMED = "malformed"
    UNSIGNED = "unsigned"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    USE = "use"
    CLIENT = "client"
    EXPIRED = "expired"
    FUTURE = "future"


@dataclass(slots=True, eq=False)
class TokenRefused(SignInError):
    """A token that isn't taken; `fault` says which line of the rule it broke, `why` says it in words."""

    fault: Fault = Fault.MALFORMED


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a token has to say to be taken."""

    issuer: str
    client_id: str
    use: Use


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says.

    Attributes:
        username: the user name in the pool (`cognito:username`, or `username` of an access token).
        sub: the pool's unchanging id of the user.
        groups: `cognito:groups`, empty when the token names none.
        expires_at: the claim `exp`, in UTC.
        content: every claim, as it came.
    """

    username: str
    sub: str
    groups: tuple[str, ...]
    expires_at: datetime
    content: Mapping[str, Any] = field(repr=False)


def key_id(token: Secret) -> str:
    """The id of the key that the token says it is signed with; `TokenRefused` when it has no readable header."""
    return str(_part(token, 0).get("kid", ""))


def ends_at(token: Secret) -> datetime:
    """The claim `exp` of a token that is not verified yet: for planning a renewal, never for trusting it."""
    return _moment(_part(token, 1), "exp")


def claim(token: Secret, name: str) -> object:
    """A claim of a token that is not verified yet, `None` when it has none: whoever relies on it verifies the token."""
    return _part(token, 1).get(name)


def verify(token: Secret, keys: Mapping[str, jwt.PyJWK], expected: Expectation, now: datetime) -> Claims:
    """The claims of a token that passes every line of the rule.

    Args:
        token: a JWT in compact form.
        keys: the pool's public keys, by key id.
        expected: issuer, app client and use that the token must name.
        now: the time, with a zone.

    Raises:
        TokenRefused: the token breaks a line of the rule.
    """
    header = _part(token, 0)
    _check_algorithm(header)
    key = keys.get(str(header.get("kid", "")))
    if key is None:
        raise _refused(Fault.UNKNOWN_KEY, "The token is signed with a key that the user pool does not publish")
    _check_signature(token, key)
    claims = _part(token, 1)
    if claims.get("iss") != expected.issuer:
        raise _refused(Fault.ISSUER, "The token was issued by another user pool")
    if claims.get("token_use") != expected.use:
        raise _refused(Fault.USE, f"The token is not an {_NAMES[expected.use]}")
    if claims.get("aud" if expected.use is Use.ID else "client_id") != expected.client_id:
        raise _refused(Fault.CLIENT, "The token was issued for another app client")
    _check_times(claims, now)
    return Claims(
        username=_text(claims, "cognito:username" if expected.use is Use.ID else "username"),
        sub=_text(claims, "sub"),
        groups=_groups(claims),
        expires_at=_moment(claims, "exp"),
        content=claims,
    )


_NAMES: Mapping[Use, str] = {Use.ID: "ID token", Use.ACCESS: "access token"}


def _refused(fault: Fault, why: str) -> TokenRefused:
    return TokenRefused("Could not accept the token", why, "Sign in again", fault=fault)


def _part(token: Secret, index: int) -> dict[str, Any]:
    """Header (0) or payload (1) as an object."""
    text = token.reveal()
    malformed = _refused(Fault.MALFORMED, "The token is not a JSON web token")
    if not _COMPACT.fullmatch(text):
        raise malformed
    try:
        content = json.loads(_decoded(text.split(".")[index]))
    except (ValueError, binascii.Error):
        raise malformed from None
    if not isinstance(content, dict):
        raise malformed
    return content


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _check_algorithm(header: Mapping[str, Any]) -> None:
    algorithm = str(header.get("alg", "none"))
    if algorithm.lower() == "none":
        raise _refused(Fault.UNSIGNED, "The token is not signed")
    if algorithm != "RS256":
        raise _refused(Fault.ALGORITHM, "The token is not signed the way that Cognito signs (RS256)")


def _check_signature(token: Secret, key: jwt.PyJWK) -> None:
    """PyJWT decodes strictly: each signature has one spelling."""
    try:
        jwt.PyJWS().decode_complete(token.reveal(), key, algorithms=["RS256"])
    except (jwt.InvalidTokenError, ValueError):
        raise _refused(Fault.SIGNATURE, "The token's signature does not match the user pool's keys") from None


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    expires = _moment(claims, "exp")
    if now >= expires + LEEWAY:
        raise _refused(Fault.EXPIRED, f"The token expired at {expires:%Y-%m-%d %H:%M:%S} UTC")
    if _moment(claims, "iat") > now + LEEWAY:
        raise _refused(Fault.FUTURE, "The token was issued in the future: this machine's clock is wrong")


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise _refused(Fault.MALFORMED, f"The token has no time in its claim {name}")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise _refused(Fault.MALFORMED, f"The token has no time in its claim {name}") from None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise _refused(Fault.MALFORMED, f"The token has no claim {name}")
    return value


def _groups(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """A list of whole names and nothing else: in a plain text, `admins` would be found inside `not-admins`."""
    groups = claims.get("cognito:groups", [])
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        raise _refused(Fault.MALFORMED, "The token's claim cognito:groups is not a list of names")
    return tuple(groups)
