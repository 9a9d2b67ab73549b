"""GraphQL operations as a person writes them: read, checked before anything is sent, and the saved examples."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType, parse

from services.authorization.evidence import Keys
from services.authorization.fields import selected
from services.authorization.outcomes import Outcome
from services.errors import Invalid

CORRECT = "Correct it and run again; nothing was sent"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, ready to be sent.

    Attributes:
        document: the GraphQL text as it was written.
        variables: what goes with it.
        name: the operation that is meant, where the document holds several.
        fields: what it asks for, parents first.
        changes_data: whether it is a mutation.
    """

    document: str
    variables: Mapping[str, Any]
    name: str | None
    fields: tuple[Keys, ...]
    changes_data: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A saved operation.

    Attributes:
        id: its name in tests and in the page's memory.
        label: its name on the screen and in the page's address.
        note: what it shows, in a sentence.
        document: the GraphQL text.
        variables: as JSON text.
        expected: the outcome that an identity (by id) must have, e.g. for a smoke test.
    """

    id: str
    label: str
    note: str
    document: str
    variables: str
    expected: Mapping[str, Outcome] = field(default_factory=dict)


def operation_of(document: str, variables: str, name: str | None = None) -> Operation:
    """The operation that a person wrote.

    Args:
        document: GraphQL text.
        variables: JSON text; empty for none.
        name: which operation of the document; may be left out where it holds one.

    Raises:
        Invalid: says what is wrong, with line and column.
    """
    tree = _parsed(document)
    definitions = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    named = {node.name.value: node for node in definitions if node.name}
    if not definitions:
        raise Invalid("The document holds no operation", "It has fragments or types only", CORRECT)
    if len(definitions) > 1 and name not in named:
        raise Invalid(
            "The document holds several operations", f"Which one is meant: {', '.join(named)}?", "Choose one of them"
        )
    chosen = named[name] if name in named else definitions[0]
    if chosen.operation is OperationType.SUBSCRIPTION:
        raise Invalid(
            "A subscription can't be run here",
            "It is answered over a WebSocket, not over HTTP",
            "Choose a query or a mutation",
        )
    own_name = chosen.name.value if chosen.name else None
    return Operation(
        document=document,
        variables=variables_of(variables),
        name=own_name,
        fields=selected(tree, own_name),
        changes_data=chosen.operation is OperationType.MUTATION,
    )


def operation_names(document: str) -> tuple[str, ...]:
    """The names of the operations that a document holds; empty when it can't be read."""
    try:
        tree = _parsed(document)
    except Invalid:
        return ()
    nodes = (node for node in tree.definitions if isinstance(node, OperationDefinitionNode))
    return tuple(node.name.value for node in nodes if node.name)


def variables_of(text: str) -> dict[str, Any]:
    """Variables from JSON text; raises `Invalid` with the place where it isn't a JSON object."""
    if not text.strip():
        return {}
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Invalid("The variables are not valid JSON", f"{error.msg} ({where})", CORRECT) from None
    if not isinstance(content, dict):
        raise Invalid("The variables are not a JSON object", 'They have to be in braces, such as {"limit": 5}', CORRECT)
    return content


def examples_for(api: str) -> tuple[Example, ...]:
    """The saved operations of an API (`users`, `modes`), as `examples/<api>.toml` lists them."""
    file = files(__package__).joinpath("examples", f"{api}.toml")
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["operation"]
    return tuple(_example(entry) for entry in entries)


def _example(entry: Mapping[str, Any]) -> Example:
    return Example(
        id=entry["id"],
        label=entry["label"],
        note=entry["note"],
        document=entry["document"].strip(),
        variables=json.dumps(entry.get("variables", {}), indent=2) if entry.get("variables") else "",
        expected={identity: Outcome(outcome) for identity, outcome in entry.get("expected", {}).items()},
    )


def _parsed(document: str) -> DocumentNode:
    if not document.strip():
        raise Invalid("There is no operation", "The editor is empty", "Write one, or choose a saved example")
    try:
        return parse(document)
    except GraphQLError as error:
        place = error.locations[0] if error.locations else None
        where = f" (line {place.line}, column {place.column})" if place else ""
        raise Invalid("The operation is not valid GraphQL", f"{error.message}{where}", CORRECT) from None
