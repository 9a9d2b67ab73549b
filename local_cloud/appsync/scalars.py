"""The scalars that AppSync adds to GraphQL: what they take, and how they are told apart."""

import ipaddress
import json
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLError, GraphQLScalarType

from local_cloud.appsync import strict_json

_ZONE = r"(Z|[+-]\d{2}:\d{2}(:\d{2})?)"
_TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NORTH_AMERICAN = re.compile(r"(\+?1)?([2-9]\d{2}){2}\d{4}")
_FOREIGN = re.compile(r"\+[2-9]\d{6,14}")


def _is_date(value: Any) -> bool:
    return _day_fits(rf"(-?\d{{4}}-\d{{2}}-\d{{2}}){_ZONE}?", value)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(rf"{_TIME}{_ZONE}?", value))


def _is_date_time(value: Any) -> bool:
    return _day_fits(rf"(-?\d{{4}}-\d{{2}}-\d{{2}})T{_TIME}{_ZONE}", value)


def _day_fits(pattern: str, value: Any) -> bool:
    match = re.fullmatch(pattern, value) if isinstance(value, str) else None
    return match is not None and _parses(date.fromisoformat, match[1].lstrip("-"))


def _is_timestamp(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_email(value: Any) -> bool:
    return isinstance(value, str) and bool(_EMAIL.fullmatch(value))


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and _is_address_of_page(value)


@lru_cache(maxsize=4096)
def _is_address_of_page(value: str) -> bool:
    if re.search(r"\s", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "ftp", "file", "mailto"} and bool(parts.netloc or parts.path)


def _is_phone(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\+?\d[\d -]*", value):
        return False
    digits = re.sub(r"[ -]", "", value)
    # Without a country code a number counts as North American.
    return bool(_NORTH_AMERICAN.fullmatch(digits) or _FOREIGN.fullmatch(digits))


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and _parses(ipaddress.ip_interface, value)


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _checked(name: str, noun: str, fits: Callable[[Any], bool]) -> GraphQLScalarType:
    def check(value: Any, verb: str) -> Any:
        if not fits(value):
            raise GraphQLError(f"Unable to {verb} `{value}` as a valid {noun}.")
        return value

    return GraphQLScalarType(
        name, serialize=lambda value: check(value, "serialize"), parse_value=lambda value: check(value, "parse")
    )


def _serialize_json(value: Any) -> str:
    # A string is taken for JSON text already; anything else becomes such text.
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _parse_json(value: Any) -> Any:
    if not isinstance(value, str):
        raise GraphQLError(f"Unable to parse `{value}` as a valid JSON.")
    try:
        return strict_json.read(value)
    except (ValueError, RecursionError):
        raise GraphQLError(f"Unable to parse `{value}` as a valid JSON.") from None


SCALARS = {
    scalar.name: scalar
    for scalar in (
        _checked("AWSDate", "Date Object", _is_date),
        _checked("AWSTime", "Time Object", _is_time),
        _checked("AWSDateTime", "DateTime Object", _is_date_time),
        _checked("AWSTimestamp", "timestamp", _is_timestamp),
        _checked("AWSEmail", "email", _is_email),
        _checked("AWSURL", "URL", _is_url),
        _checked("AWSPhone", "phone number", _is_phone),
        _checked("AWSIPAddress", "IP address", _is_address),
        GraphQLScalarType("AWSJSON", serialize=_serialize_json, parse_value=_parse_json),
    )
}
"""The scalars by name. `AWSTimestamp` counts epoch seconds; `AWSJSON` reaches resolvers parsed."""
