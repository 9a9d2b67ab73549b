"""Templates of CloudFormation held to their own form before MiniStack reads them.

MiniStack takes every section for a map of maps, and fails inside where one isn't.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers

from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

Template = Mapping[str, Any]
Parse = Callable[[str], dict[str, Any]]

SECTIONS = {"Conditions": None, "Mappings": None, "Outputs": "Value", "Parameters": "Type", "Resources": "Type"}
"""The sections that are maps of maps, and what each map in them has to say."""

TEXTS = ("Condition", "DeletionPolicy", "UpdateReplacePolicy")


def take_hold() -> None:
    """Check every template that comes with a call; raises NameGone."""
    for module in (changesets, engine, handlers):
        require(module, "_parse_template")
        module._parse_template = _checked(module._parse_template)


def _checked(parse: Parse) -> Parse:
    def parsed(text: str) -> dict[str, Any]:
        template = parse(text)
        for fault in _faults(template):
            raise ValueError(fault)
        return template

    return parsed


def _faults(template: Template) -> Iterator[str]:
    """Yield what is wrong with the form of a template; what calls the parser puts `Template format error` before it."""
    yield from _nulls(template, "")
    for section, needed in SECTIONS.items():
        entries = template.get(section, {})
        if not isinstance(entries, dict):
            yield f"[/{section}] must be an object"
            continue
        for name, entry in entries.items():
            if not isinstance(entry, dict):
                yield f"[/{section}/{name}] must be an object"
            elif needed and needed not in entry:
                yield f"[/{section}/{name}] Every {section} object must contain a {needed} member."
            elif needed == "Type":
                yield from _typed_faults(entry, f"/{section}/{name}")


def _typed_faults(entry: Template, place: str) -> Iterator[str]:
    """Yield what is wrong with a parameter or a resource."""
    for member in ("Type", *TEXTS):
        if not isinstance(entry.get(member, ""), str):
            yield f"[{place}/{member}] must be a string"
    if not isinstance(entry.get("Properties", {}), dict):
        yield f"[{place}/Properties] must be an object"
    before = entry.get("DependsOn", [])
    if not isinstance(before, str) and not (isinstance(before, list) and all(isinstance(one, str) for one in before)):
        yield f"[{place}/DependsOn] must be a string or a list of strings"


def _nulls(value: Any, place: str) -> Iterator[str]:
    if value is None:
        yield f"[{place}] 'null' values are not allowed in templates"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _nulls(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _nulls(inner, f"{place}/{number}")
