"""The claims of a Cognito token in words.

Their meanings follow "Understanding user pool JSON web tokens" of the Amazon Cognito developer guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_TIMES: Mapping[str, str] = {"auth_time": "Signed in", "iat": "Issued", "exp": "Ends", "nbf": "Not before"}
_WORDS: Mapping[str, str] = {
    "token_use": "Kind",
    "sub": "Person (sub)",
    "cognito:username": "User name",
    "username": "User name",
    "email": "E-mail",
    "email_verified": "E-mail verified",
    "phone_number": "Telephone",
    "phone_number_verified": "Telephone verified",
    "cognito:groups": "Groups",
    "cognito:preferred_role": "Role it prefers",
    "cognito:roles": "Roles it may take",
    "scope": "Scopes",
    "aud": "App client",
    "client_id": "App client",
    "iss": "Issuer",
    "jti": "Token id",
    "origin_jti": "Sign-in id",
    "event_id": "Event id",
    "device_key": "Device",
    "nonce": "Nonce",
    "at_hash": "Hash of the access token",
    "identities": "Signed in elsewhere",
}
_USES: Mapping[str, str] = {"id": "ID token: who the person is", "access": "Access token: what it may be used for"}


@dataclass(frozen=True, slots=True)
class Said:
    """One claim.

    Attributes:
        claim: its name in the token.
        words: what it is.
        value: what it says, in words.
        place: where it stands among others: the well-known ones first.
    """

    claim: str
    words: str
    value: str
    place: tuple[int, str]


def claims_in_words(claims: Mapping[str, Any], now: datetime) -> tuple[Said, ...]:
    """Every claim, the well-known ones first in a person's order, the pool's own after them by name."""
    said = (Said(name, _words(name), _value(name, value, now), _place(name)) for name, value in claims.items())
    return tuple(sorted(said, key=lambda each: each.place))


def _place(name: str) -> tuple[int, str]:
    known = (*_WORDS, *_TIMES)
    return (known.index(name) if name in known else len(known), name)


def _words(name: str) -> str:
    return _TIMES.get(name) or _WORDS.get(name) or (f"Attribute {name}" if name.startswith("custom:") else name)


def _value(name: str, value: Any, now: datetime) -> str:
    if name in _TIMES:
        return _moment(value, now)
    if name == "token_use":
        return _USES.get(str(value), str(value))
    if name == "cognito:roles" and isinstance(value, list):
        return ", ".join(str(each).rpartition("/")[2] for each in value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _moment(value: Any, now: datetime) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{value}: not a time"
    try:
        at = datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{value}: not a time"
    return f"{at:%Y-%m-%d %H:%M:%S} UTC, {_distance(at - now)}"


def _distance(away: timedelta) -> str:
    seconds = round(abs(away.total_seconds()))
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = seconds // size
            amount = f"{count} {name}{'' if count == 1 else 's'}"
            return f"in {amount}" if away > timedelta() else f"{amount} ago"
    return "now"
