"""Mapping templates that look at nothing but the field's arguments: what they print is the same for the same ones."""

import re
from functools import lru_cache

# A reference as far as its names are joined by dots, and whether a call or an index follows.
_REFERENCE = re.compile(r"\$!?\{?([A-Za-z][\w-]*)((?:\.[A-Za-z][\w-]*)*)(\s*[(\[])?")
_OWN = re.compile(r"#\{?set\}?\s*\(\s*\$!?\{?([A-Za-z][\w-]*)\}?\s*=")
_DIRECTIVE = re.compile(r"#\{?@?([A-Za-z]\w*)")
ARGUMENTS = ("args", "arguments")
"""The names that the context has for a field's arguments."""

_CONTEXTS = frozenset({"ctx", "context"})
_UTILS = frozenset({"util", "utils"})
_DIRECTIVES = frozenset({"set", "if", "elseif", "else", "end"})
_SAME_EACH_TIME = frozenset(
    {
        "defaultIfNull",
        "defaultIfNullOrBlank",
        "defaultIfNullOrEmpty",
        "error",
        "isBoolean",
        "isList",
        "isMap",
        "isNull",
        "isNullOrBlank",
        "isNullOrEmpty",
        "isNumber",
        "isString",
        "toJson",
        "unauthorized",
        "validate",
    }
)
"""Functions of `$util` that neither change what they are given nor depend on anything else."""


@lru_cache(maxsize=512)
def reads_arguments_alone(text: str) -> bool:
    """Return whether a template surely reads nothing but arguments and changes nothing; False in any doubt."""
    own, directives = _OWN.findall(text), _DIRECTIVE.findall(text)
    return (
        len(own) == directives.count("set")  # any other setting changes what is there already
        and (_CONTEXTS | _UTILS).isdisjoint(own)
        and _DIRECTIVES.issuperset(directives)
        and all(_is_same_each_time(*found, own=own) for found in _REFERENCE.findall(text))
    )


def _is_same_each_time(name: str, below: str, opened: str, *, own: list[str]) -> bool:
    path = below.split(".")[1:]
    if name in _UTILS:
        return len(path) == 1 and path[0] in _SAME_EACH_TIME
    if opened:
        return False
    return name in own if name not in _CONTEXTS else bool(path) and path[0] in ARGUMENTS
