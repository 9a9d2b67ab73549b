"""Values held to the shapes of AWS's own models: of the right types, complete, and within bounds."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import Shape  # type: ignore[import-untyped]

RANGES = {"integer": 2**31, "long": 2**63}


class Unreadable(Exception):
    """A value of another type than the model says."""


def missing(shape: Shape, value: Any, place: str) -> Iterator[str]:
    """Yield where a required member is missing; raises Unreadable for a value of a wrong type."""
    kind: str = shape.type_name
    if kind == "structure":
        yield from _missing_members(shape, of_type(value, dict), place)
    elif kind == "list":
        for number, each in enumerate(of_type(value, list), start=1):
            yield from missing(shape.member, each, f"{place}.{number}.member")
    elif kind == "map":
        for key, each in of_type(value, dict).items():
            _check_text(key)
            if each is not None:
                yield from missing(shape.value, each, f"{place}.{key}.member")
    else:
        _check_plain(kind, value)


def out_of_bounds(shape: Shape, value: Any, place: str) -> Iterator[str]:
    """Yield, in AWS's words, what its model doesn't allow of a value that `missing` has read."""
    kind: str = shape.type_name
    if kind == "structure":
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from out_of_bounds(member, value[name], f"{place}.{name}".lstrip("."))
    elif kind == "list":
        for number, each in enumerate(value, start=1):
            yield from out_of_bounds(shape.member, each, f"{place}.{number}.member")
    elif wanted := _constraint(shape, value):
        yield f"Value '{value}' at '{place}' failed to satisfy constraint: Member must {wanted}"


def _constraint(shape: Shape, value: Any) -> str | None:
    """Return what the model asks of a text or a number that isn't so, or None."""
    bounds: Mapping[str, Any] = shape.metadata
    if shape.type_name == "string":
        if bounds.get("enum") and value not in bounds["enum"]:
            return f"satisfy enum value set: [{', '.join(bounds['enum'])}]"
        if "pattern" in bounds and not re.fullmatch(bounds["pattern"], value, re.DOTALL):
            return f"satisfy regular expression pattern: {bounds['pattern']}"
        size, what = len(value), "have length"
    elif shape.type_name in RANGES:
        size, what = value, "have value"
    else:
        return None
    if size < bounds.get("min", size):
        return f"{what} greater than or equal to {bounds['min']}"
    return f"{what} less than or equal to {bounds['max']}" if size > bounds.get("max", size) else None


def _missing_members(shape: Shape, given: Mapping[str, Any], place: str) -> Iterator[str]:
    for name, member in shape.members.items():
        where = f"{place}.{name[0].lower()}{name[1:]}".lstrip(".")
        value = given.get(name)
        if value is not None:
            yield from missing(member, value, where)
        elif name in shape.required_members:
            yield where


def _check_plain(kind: str, value: Any) -> None:
    if kind == "string":
        _check_text(value)
    elif kind == "boolean":
        of_type(value, bool)
    elif kind == "blob":
        try:
            base64.b64decode(of_type(value, str), validate=True)
        except binascii.Error as error:
            raise Unreadable from error
    elif kind in RANGES:
        if isinstance(value, bool) or not -RANGES[kind] <= of_type(value, int) < RANGES[kind]:
            raise Unreadable
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable


def _check_text(value: Any) -> None:
    try:
        of_type(value, str).encode()
    except UnicodeEncodeError as error:  # half a character, which JSON can write and UTF-8 can't
        raise Unreadable from error


def of_type(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise Unreadable
    return value
