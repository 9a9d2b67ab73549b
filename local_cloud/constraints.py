"""Values held to the limits in AWS's own models: lengths, ranges, patterns, sets of values.

MiniStack takes a group's name with a blank in it, a negative precedence or a user name of 129 characters.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.model import Shape  # type: ignore[import-untyped]

ENFORCED = {"PasswordType": r"[\S]+.*[\S]+"}
"""Patterns of which the model knows less than the service: a password may have blanks within."""

ANYTHING = "^.*$"
"""A pattern that isn't held to: templates have several lines, which Java's dot doesn't stand for."""

CATEGORIES = {
    "L": "A-Za-z\u00e9",
    "M": "\u0301",
    "S": "$+<=>^`|~\u20ac",
    "N": "0-9\u00b2",
    "P": r"!\"#%&'()*,\-./:;?@\[\\\]_{}\u00bf",
    "Z": " \u00a0",
}
"""Java's categories of characters, which `re` lacks: those of ASCII, and one that stands for all the others."""

STANDS_FOR = {"L": "\u00e9", "M": "\u0301", "S": "\u20ac", "N": "\u00b2", "P": "\u00bf", "Z": "\u00a0", "C": "\u00ad"}


def violations(shape: Shape, value: Any, place: str = "") -> Iterator[str]:
    """Yield what AWS says of each value that is out of its limits. The value must have the shape's types."""
    kind: str = shape.type_name
    if kind == "structure":
        for name, member in shape.members.items():
            if (given := value.get(name)) is not None:
                yield from violations(member, given, f"{place}.{name[0].lower()}{name[1:]}".lstrip("."))
        return
    if broken := _broken(shape, value):
        shown = "Value" if shape.metadata.get("sensitive") else f"Value '{_shown(value)}'"
        yield f"{shown} at '{place}' failed to satisfy constraint: {broken}"
    if kind == "list":
        for number, each in enumerate(value, start=1):
            yield from violations(shape.member, each, f"{place}.{number}.member")
    elif kind == "map":
        for key, each in value.items():
            if each is not None:
                yield from violations(shape.value, each, f"{place}.{key}.member")


def _broken(shape: Shape, value: Any) -> str | None:
    """Return the constraint of a shape that a value breaks, or None."""
    limits = shape.metadata
    if isinstance(value, int | float):
        return _out_of_range("value", value, limits)
    broken = _out_of_range("length", len(value), limits) if shape.type_name != "blob" else None
    if broken or shape.type_name != "string":
        return broken
    pattern = ENFORCED.get(shape.name) or limits.get("pattern")
    if pattern not in (None, ANYTHING) and not _compiled(pattern).fullmatch(_simplified(value)):
        return f"Member must satisfy regular expression pattern: {pattern}"
    if shape.enum and value not in shape.enum:
        return f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
    return None


def _out_of_range(what: str, size: float, limits: Mapping[str, Any]) -> str | None:
    least, most = limits.get("min"), limits.get("max")
    if least is not None and size < least:
        return f"Member must have {what} greater than or equal to {least}"
    if most is not None and size > most:
        return f"Member must have {what} less than or equal to {most}"
    return None


def _shown(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return one of Java's patterns for simplified texts."""
    return re.compile(re.sub(r"\\p\{(\w)\}", lambda found: CATEGORIES[found[1]], pattern), re.ASCII)


def _simplified(text: str) -> str:
    """Return the text with one character for all of a category beyond ASCII."""
    return (
        text if text.isascii() else "".join(c if c.isascii() else STANDS_FOR[unicodedata.category(c)[0]] for c in text)
    )
