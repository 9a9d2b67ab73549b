"""The `operations` of a suite file: saved documents, REST requests, and what is to be generated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.authorization.outcomes import Outcome
from services.authorization.suite.answer_paths import steps_of
from services.authorization.suite.model import GeneratedChoice, Root
from services.authorization.suite.reading_identities import known_name
from services.authorization.suite.rest_request import METHODS, RestRequest
from services.authorization.suite.saved import Owner, Safety, SavedOperation
from services.authorization.suite.yaml_parts import Part
from services.errors import Invalid

EVERYONE = "everyone"
NOT_NEEDED = "not needed"

_ID = re.compile(r"[A-Za-z0-9_][\w.-]*")
_PATH = re.compile(r"([^\s/?#\\:]+(/[^\s?#\\]*)?)?")
_GENERATED = ("generated", "depth", "leave_out", "values", "safety")
_SAVED = ("id", "label", "note", "document", "operation", "rest", "variables", "variables_for", "safety", "after",
          "capture", "undo", "owners", "subject", "expected")  # fmt: skip
_UNDO = ("document", "operation", "rest", "variables")
_REST = ("method", "path", "query", "body")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Whose object is whose: by owner, then by identity name."""

    by_owner: Mapping[Owner, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, part: Part | None) -> "Subjects":
        """What the `subjects` of a suite file say; raises `Invalid` for an unknown identity or owner."""
        found: dict[Owner, dict[str, Any]] = {owner: {} for owner in Owner}
        for name, entry in (part.entries() if part else {}).items():
            if name != EVERYONE:
                known_name(entry, name)
            for owner, value in entry.table(tuple(Owner)).items():
                found[Owner(owner)][name] = value.plain()
        return cls(found)


def operations_of(
    part: Part, api: str, subjects: Subjects
) -> tuple[tuple[SavedOperation, ...], tuple[GeneratedChoice, ...]]:
    """The saved operations, owned ones as three, and what is to be generated; raises `Invalid` with the place."""
    saved: list[SavedOperation] = []
    generated: list[GeneratedChoice] = []
    for entry in part.items():
        if "generated" in entry.entries():
            generated.append(_generated(entry))
            continue
        for operation in _saved(entry, api, subjects):
            if operation.id in {each.id for each in saved}:
                raise entry.refused(f"the id {operation.id!r} stands here a second time")
            saved.append(operation)
    if not saved and not generated:
        raise part.refused("operations is empty", "A suite in which nothing runs proves nothing")
    return tuple(saved), tuple(generated)


def _generated(entry: Part) -> GeneratedChoice:
    table = entry.table(_GENERATED)
    root = Root(table["generated"].one_of(tuple(Root)))
    if root is Root.QUERIES and "safety" in table:
        raise table["safety"].refused("queries change nothing and have no safety level")
    if _safety(table) is Safety.FULL:
        raise table["safety"].refused(
            "generated mutations have no undo, so they can't be run in full",
            "Save those that are to be run in full as operations of their own, each with its undo",
        )
    values = table["values"].entries() if "values" in table else {}
    return GeneratedChoice(
        root=root,
        depth=table["depth"].whole(1, 10) if "depth" in table else 3,
        leave_out=frozenset(table["leave_out"].texts() if "leave_out" in table else ()),
        values={name: _variables(each) for name, each in values.items()},
        safety=_safety(table),
    )


def _saved(entry: Part, api: str, subjects: Subjects) -> tuple[SavedOperation, ...]:
    table = entry.table(_SAVED, required=("id",))
    operation = _sendable(entry, table, api, table["id"].text())
    if not _ID.fullmatch(operation.id):
        raise table["id"].refused("an id has letters, digits and . _ - only", "The baseline names it in one word")
    operation = replace(
        operation,
        label=table["label"].text() if "label" in table else operation.id,
        note=table["note"].text().strip() if "note" in table else "",
        variables_for=_by_identity(table.get("variables_for")),
        after=table["after"].texts() if "after" in table else (),
        captures=_captures(table.get("capture")),
        expected=_expected(table.get("expected")),
        safety=_safety(table),
    )
    return _owned(table, _undoable(entry, table, operation), subjects)


def _sendable(entry: Part, table: Mapping[str, Part], api: str, operation_id: str) -> SavedOperation:
    if ("document" in table) == ("rest" in table):
        raise entry.refused(f"{entry.name} needs either a document or a rest request")
    rest = _rest(table["rest"]) if "rest" in table else None
    if rest and "operation" in table:
        raise table["operation"].refused("a REST request has no operation name")
    operation = SavedOperation(
        id=operation_id,
        api=api,
        document=table["document"].text().strip() if "document" in table else "",
        name=table["operation"].text() if "operation" in table else None,
        variables=_variables(table["variables"]) if "variables" in table else {},
        rest=rest,
    )
    try:
        _ = operation.changes_data
    except Invalid as error:
        raise table["document"].refused(f"{error.failed[0].lower()}{error.failed[1:]}: {error.why}") from None
    return operation


def _undoable(entry: Part, table: Mapping[str, Part], operation: SavedOperation) -> SavedOperation:
    """The operation with the step that takes it back; only with one may a change be made."""
    if not operation.changes_data:
        for key in ("safety", "undo"):
            if key in table:
                raise table[key].refused(f"{operation.id} changes nothing: {key} is for mutations")
        return operation
    undo = table.get("undo")
    if undo is None:
        if operation.safety is Safety.FULL:
            raise entry.refused(
                f"{operation.id} is to be run in full and has no undo",
                f"Give the call that takes it back, or say `undo: {NOT_NEEDED}` if it changes nothing",
            )
        return operation
    if undo.is_text:
        undo.one_of((NOT_NEEDED,))
        return replace(operation, harmless=True)
    step = _sendable(undo, undo.table(_UNDO), operation.api, f"{operation.id}.undo")
    return replace(operation, undo=replace(step, safety=Safety.FULL, label=f"{operation.label}, undone"))


def _owned(table: Mapping[str, Part], operation: SavedOperation, subjects: Subjects) -> tuple[SavedOperation, ...]:
    if "owners" not in table:
        if "subject" in table:
            raise table["subject"].refused("subject is for operations with owners")
        return (operation,)
    if "subject" not in table:
        raise table["owners"].refused("owners needs subject: the variable that names the object")
    subject = table["subject"].text()
    owners = [Owner(each.one_of(tuple(Owner))) for each in table["owners"].items()]
    for owner in owners:
        if not subjects.by_owner.get(owner):
            raise table["owners"].refused(f"the suite's subjects give nobody an object that is {owner}")
    return tuple(_asking_for(operation, owner, subject, subjects.by_owner[owner]) for owner in owners)


def _asking_for(operation: SavedOperation, owner: Owner, subject: str, values: Mapping[str, Any]) -> SavedOperation:
    common = {subject: values[EVERYONE]} if EVERYONE in values else {}
    return replace(
        operation,
        id=f"{operation.id}[{owner}]",
        label=f"{operation.label}, {owner}",
        variables={**operation.variables, **common},
        owner=owner,
        subject=subject,
        subjects={name: {subject: value} for name, value in values.items() if name != EVERYONE},
    )


def _rest(part: Part) -> RestRequest:
    if part.is_text:
        method, _, path = part.text().partition(" ")
        query, body = {}, None
    else:
        table = part.table(_REST, required=("method", "path"))
        method, path = table["method"].text(), table["path"].text()
        query = _variables(table["query"]) if "query" in table else {}
        body = table["body"].plain() if "body" in table else None
    if method not in METHODS:
        raise part.refused(f"{method!r} is no method; it can be {', '.join(METHODS)}")
    path = path.strip().removeprefix("/")
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        raise part.refused(f"{path!r} is no path below the REST API's address, such as hello or users/{{id}}")
    return RestRequest(method, path, query, body)


def _variables(part: Part) -> dict[str, Any]:
    return {name: each.plain() for name, each in part.entries().items()}


def _by_identity(part: Part | None) -> dict[str, dict[str, Any]]:
    found = {}
    for name, each in (part.entries() if part else {}).items():
        known_name(each, name)
        found[name] = _variables(each)
    return found


def _captures(part: Part | None) -> dict[str, str]:
    found = {}
    for name, each in (part.entries() if part else {}).items():
        path = each.text()
        try:
            steps_of(path)
        except ValueError:
            raise each.refused(f"{path!r} is no path into an answer, such as createPost.id") from None
        found[name] = path
    return found


def _expected(part: Part | None) -> dict[str, Outcome]:
    found = {}
    for name, each in (part.entries() if part else {}).items():
        known_name(each, name)
        found[name] = Outcome(each.one_of(tuple(Outcome)))
    return found


def _safety(table: Mapping[str, Part]) -> Safety:
    return Safety(table["safety"].one_of(tuple(Safety))) if "safety" in table else Safety.SKIP
