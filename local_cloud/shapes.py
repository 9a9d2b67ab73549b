"""Values held to the shapes of AWS's own models: of the right types, and complete."""

import base64
import binascii
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
