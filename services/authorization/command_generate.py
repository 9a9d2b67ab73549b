"""A suite file of everything that a schema offers, as text to be reviewed and changed."""

import yaml

from services.authorization.suite.generated import Generated
from services.authorization.suite.saved import Arguments, SavedOperation


class _Dumper(yaml.SafeDumper):
    """Writes documents as blocks, as a person would."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def as_suite(made: Generated, api: str) -> str:
    """The suite file: every operation that can be sent; what can't be is listed as remarks."""
    sendable = [each for each in made.operations if each.arguments is not Arguments.NEEDS_VALUES]
    content = {
        "name": api,
        "api": api,
        "baseline": f"{api}.baseline",
        "operations": [_operation(each) for each in sendable],
    }
    remarks = [
        *(f"{each.id}: {each.note}" for each in made.operations if each.arguments is Arguments.NEEDS_VALUES),
        *(f"{each.field}: {each.reason}." for each in made.not_covered),
    ]
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    told = "".join(f"# {' '.join(remark.split())}\n" for remark in remarks)
    return text + (f"# Not covered:\n{told}" if told else "")


def _operation(operation: SavedOperation) -> dict[str, object]:
    written: dict[str, object] = {"id": operation.id}
    if operation.note:
        written["note"] = " ".join(operation.note.split())
    written["document"] = operation.document
    if operation.variables:
        written["variables"] = dict(operation.variables)
    if operation.changes_data:
        written["safety"] = operation.safety.value
    return written
