"""Operations as a suite file writes them: text to be reviewed and changed."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.saved import SavedOperation


class _Dumper(yaml.SafeDumper):
    """Writes documents as blocks, as a person would."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def suite_text(api: str, operations: Iterable[SavedOperation], remarks: Iterable[str] = ()) -> str:
    """A suite file of these operations, with what was not covered as remarks at its end."""
    content = {
        "name": api,
        "api": api,
        "baseline": f"{api}.baseline",
        "operations": [_entry(each) for each in operations],
    }
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    told = "".join(f"# {' '.join(remark.split())}\n" for remark in remarks)
    return text + (f"# Not covered:\n{told}" if told else "")


def _entry(operation: SavedOperation) -> Mapping[str, Any]:
    entry: dict[str, Any] = {"id": operation.id}
    if operation.label not in {"", operation.id}:
        entry["label"] = operation.label
    if operation.note:
        entry["note"] = " ".join(operation.note.split())
    if operation.rest:
        entry["rest"] = _request(operation.rest)
    else:
        # Trailing blanks would force the block into one quoted line.
        entry["document"] = "\n".join(line.rstrip() for line in operation.document.splitlines())
    if operation.name:
        entry["operation"] = operation.name
    if operation.variables:
        entry["variables"] = dict(operation.variables)
    if operation.changes_data:
        entry["safety"] = operation.safety.value
    return entry


def _request(request: RestRequest) -> str | dict[str, Any]:
    if not request.query and request.body is None:
        return f"{request.method} {request.path}"
    told: dict[str, Any] = {"method": request.method, "path": request.path}
    if request.query:
        told["query"] = dict(request.query)
    if request.body is not None:
        told["body"] = request.body
    return told
