"""A token's claims as API Gateway hands them to a function: every one a text."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

DATES = frozenset({"exp", "iat", "nbf"})
"""Written as Java writes a date; `auth_time` stays a number in digits."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def as_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return the claims as `event.requestContext.authorizer.claims` has them; what is empty is left out.

    A list becomes one text with commas, so the one group "x,admins" reads like two.
    """
    return {
        name: _date(value) if name in DATES else _text(value)
        for name, value in claims.items()
        if value is not None and value != []
    }


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case list():
            return ",".join(map(_text, value))
        case dict():
            return json.dumps(value, separators=(",", ":"))
    return str(value)


def _date(seconds: float) -> str:
    """Return e.g. `Fri Jul 29 18:52:53 UTC 2016`, whatever this machine's language is."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{WEEKDAYS[moment.weekday()]} {MONTHS[moment.month - 1]} {moment:%d %H:%M:%S} UTC {moment.year}"
