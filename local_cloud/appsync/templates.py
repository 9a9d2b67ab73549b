"""Mapping templates in Velocity, rendered by airspeed with AppSync's `$ctx` and `$util`."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import airspeed

from local_cloud.appsync.argument_templates import ARGUMENTS, reads_arguments_alone
from local_cloud.appsync.field_errors import FieldError
from local_cloud.appsync.template_util import Util

MAPPING_TEMPLATE = "MappingTemplate"
LARGEST_TEMPLATE = 65_536
"""In bytes."""

_REMEMBERED = 4096
"""In characters: arguments of more than that are rendered each time, to keep memory small."""

_UNDERSCORE = re.compile(r"\.\s*\{?_")
_RETURN = re.compile(r"#\{?return\b")

# airspeed's own place for methods that Java's maps and lists have and Python's haven't.
airspeed.__additional_methods__[dict] |= {
    "size": len,
    "containsKey": lambda self, key: key in self,
    "entrySet": lambda self: [{"key": key, "value": value} for key, value in self.items()],
    "remove": lambda self, key: self.pop(key, None),
}
airspeed.__additional_methods__[list] |= {
    "isEmpty": lambda self: not self,
    "addAll": lambda self, values: self.extend(values),
}
airspeed.__additional_methods__[str] |= {
    "isEmpty": lambda self: not self,
    "toLowerCase": lambda self: self.lower(),
    "toUpperCase": lambda self: self.upper(),
    "trim": lambda self: self.strip(),
    "equals": lambda self, other: self == other,
}


@lru_cache(maxsize=512)
def template_fault(text: str) -> str | None:
    """Return what keeps a template from being run here, or None."""
    if len(text.encode()) > LARGEST_TEMPLATE:
        return "mapping templates of over 64 KB"
    if _RETURN.search(text):
        return "mapping templates with #return"
    if _UNDERSCORE.search(text):
        # It would lead from a value into Python.
        return "mapping templates with names that begin with an underscore"
    return None


def rendered(text: str, context: Mapping[str, Any]) -> Any:
    """Return the JSON value that a template renders to.

    Raises:
        FieldError: what the template raised itself, or MappingTemplate for a fault of its own.
    """
    printed = _printed_again(text, context) if reads_arguments_alone(text) else _printed(text, context)
    try:
        return json.loads(printed) if printed.strip() else None
    except ValueError as error:
        raise FieldError(f"Unable to transform the template's output: {error}", MAPPING_TEMPLATE) from error


def _printed_again(text: str, context: Mapping[str, Any]) -> str:
    """Return what a template prints that reads arguments alone."""
    try:
        said = json.dumps({name: context[name] for name in ARGUMENTS if name in context})
    except (TypeError, ValueError):
        return _printed(text, context)
    return _printed_for(text, said) if len(said) <= _REMEMBERED else _printed(text, context)


@lru_cache(maxsize=512)
def _printed_for(text: str, said: str) -> str:
    return _printed(text, json.loads(said))


def _printed(text: str, context: Mapping[str, Any]) -> str:
    util = Util()
    try:
        printed: str = _compiled(text).merge({"ctx": context, "context": context, "util": util, "utils": util})
    except FieldError:
        raise
    except Exception as error:
        raise _raised_within(error) from error
    return printed


@lru_cache(maxsize=512)
def _compiled(text: str) -> airspeed.Template:
    """Return a template that is parsed already; what it renders with stays outside of it."""
    template = airspeed.Template(text)
    template.ensure_compiled()
    return template


def _raised_within(error: BaseException) -> FieldError:
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, FieldError):
            return inner
        inner = inner.__cause__ or inner.__context__
    return FieldError(f"The template can't be rendered: {error}", MAPPING_TEMPLATE)
