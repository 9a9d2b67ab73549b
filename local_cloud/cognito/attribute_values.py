"""Values of attributes, held to the pool's schema: MiniStack takes any text for any of them."""

import math
import re
from collections.abc import Mapping
from datetime import datetime

from local_cloud.cognito.answers import Refused
from local_cloud.cognito.records import Record

LONGEST = 2048
ADDRESSES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "email": (re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"), "email address"),
    "phone_number": (re.compile(r"\+[1-9][0-9]{1,14}"), "phone number"),
}
"""Attributes that are addresses: their form, and what Cognito calls them."""


def check_values(pool: Record, given: Mapping[str, str], told: str) -> None:
    """Raise Refused when a value isn't one that the pool's schema takes; `told` begins the message."""
    for name, (form, called) in ADDRESSES.items():
        if name in given and not (form.fullmatch(given[name]) and given[name].isprintable()):
            raise Refused("InvalidParameterException", f"Invalid {called} format.")
    schema = {held["Name"]: held for held in pool["SchemaAttributes"]}
    wrong = {name: fault for name, value in sorted(given.items()) if (fault := _fault(schema[name], value))}
    if wrong:
        lines = "".join(f"{name}: {fault}\n" for name, fault in wrong.items())
        raise Refused("InvalidParameterException", f"{told}: {lines}")


def _fault(attribute: Record, value: str) -> str | None:
    """Return what is wrong with a value, or None."""
    match attribute["AttributeDataType"]:
        case "Boolean":
            return None if value.lower() in {"true", "false"} else "Value must be true or false"
        case "Number":
            return _fault_of_number(value, attribute.get("NumberAttributeConstraints") or {})
        case "DateTime":
            return _fault_of_time(value)
    return _fault_of_text(value, attribute.get("StringAttributeConstraints") or {})


def _fault_of_text(value: str, limits: Mapping[str, str]) -> str | None:
    shortest, longest = int(limits.get("MinLength") or 0), int(limits.get("MaxLength") or LONGEST)
    if len(value) < shortest:
        return f"String must be no shorter than {shortest} characters"
    if len(value) > longest:
        return f"String must be no longer than {longest} characters"
    return None


def _fault_of_number(value: str, limits: Mapping[str, str]) -> str | None:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return "Value must be a number"
    if number < float(limits.get("MinValue") or -math.inf):
        return f"Number must be no less than {limits['MinValue']}"
    if number > float(limits.get("MaxValue") or math.inf):
        return f"Number must be no greater than {limits['MaxValue']}"
    return None


def _fault_of_time(value: str) -> str | None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None if value.isdecimal() else "Value must be a time"
    return None
