"""What each selected field of an operation gave: the rows of the side-by-side grid."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from services.authorization.evidence import FieldError, Keys, errors_of, keys_of, lengths
from services.authorization.explanation import Explanation
from services.authorization.outcomes import Outcome
from services.graphql import Answer


class FieldState(StrEnum):
    """What became of a field; over all elements where it stands in a list."""

    VALUE = "a value"
    SOME_REFUSED = "a value, with parts of it refused"
    FEWER = "fewer elements than the reference identity saw"
    EMPTY = "null or empty, without an error"
    REFUSED = "null, refused"
    EMPTIED = "let in, but everything below it was refused"
    FAILED = "null, because something failed"
    NOT_REACHED = "not reached: nothing came of a field above it"


OUTCOMES: Mapping[FieldState, Outcome] = {
    FieldState.VALUE: Outcome.ALLOWED,
    FieldState.SOME_REFUSED: Outcome.PARTIAL,
    FieldState.FEWER: Outcome.FILTERED,
    FieldState.EMPTY: Outcome.FILTERED,
    FieldState.REFUSED: Outcome.REFUSED_BY_RULE,
    FieldState.EMPTIED: Outcome.REFUSED_BY_RULE,
    FieldState.FAILED: Outcome.NO_VERDICT,
    FieldState.NOT_REACHED: Outcome.NO_VERDICT,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One field for one identity.

    Attributes:
        outcome: what the field showed.
        words: what was seen, in words.
        messages: AppSync's own texts about the field and what is below it, each once.
    """

    outcome: Outcome
    words: str
    messages: tuple[str, ...] = ()


def selected(document: DocumentNode, operation_name: str | None = None) -> tuple[Keys, ...]:
    """The fields that the operation asks for, by their names in the answer (aliases), parents first."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode) and (
            operation_name is None or (node.name and node.name.value == operation_name)
        ):
            return tuple(dict.fromkeys(_walk(node.selection_set, (), fragments, frozenset())))
    return ()


def _walk(
    selection: SelectionSetNode, above: Keys, fragments: Mapping[str, FragmentDefinitionNode], open_: frozenset[str]
) -> Iterator[Keys]:
    for node in selection.selections:
        match node:
            case FieldNode():
                keys = (*above, (node.alias or node.name).value)
                yield keys
                if node.selection_set:
                    yield from _walk(node.selection_set, keys, fragments, open_)
            case InlineFragmentNode():
                yield from _walk(node.selection_set, above, fragments, open_)
            case FragmentSpreadNode() if node.name.value in fragments and node.name.value not in open_:
                name = node.name.value
                yield from _walk(fragments[name].selection_set, above, fragments, open_ | {name})


def label(field: Keys, lists: Collection[Keys]) -> str:
    """The field's path as it is read: `listUsers.items[].email`."""
    steps = [f"{key}[]" if field[: index + 1] in lists else key for index, key in enumerate(field[:-1])]
    return ".".join((*steps, field[-1]))


def is_at_or_above(above: str, name: str) -> bool:
    """Whether a label names a field or one above it: `a.b` is above `a.b[].c`."""
    return name == above or name.startswith((f"{above}.", f"{above}[]"))


def lists_in(answer: Answer) -> frozenset[Keys]:
    """The fields whose values are lists, as far as this answer and its error paths show."""
    found = {
        keys_of(error.path[:index])
        for error in errors_of(answer)
        for index, step in enumerate(error.path)
        if isinstance(step, int)
    }
    return frozenset(found.union(_lists(answer.body.get("data"), ())))


def _lists(value: Any, keys: Keys) -> Iterator[Keys]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _lists(below, (*keys, key))
    elif isinstance(value, list):
        yield keys
        for below in value:
            yield from _lists(below, keys)


def findings(
    fields: Collection[Keys],
    answer: Answer | None,
    explanation: Explanation,
    reference: Mapping[Keys, int] | None = None,
) -> dict[Keys, Finding]:
    """What each field showed to one identity.

    Args:
        fields: the selected fields.
        answer: what came back; None where nothing did.
        explanation: of the whole call. A call that was turned away as a whole turned every field away.
        reference: how many elements the reference identity saw in each list, if it is to be compared.
    """
    if answer is None or answer.status != 200:
        words = (
            "turned away with the whole call" if explanation.outcome.is_evidence else "not judged, as the whole call"
        )
        return dict.fromkeys(fields, Finding(explanation.outcome, words))
    errors, counted = errors_of(answer), lengths(answer)
    found = {}
    for field in fields:
        touching = [error for error in errors if keys_of(error.path)[: len(field)] == field]
        state = _state(list(_values(answer.body.get("data"), field)), touching)
        if state is FieldState.VALUE and field in counted and counted[field] < (reference or {}).get(field, 0):
            state = FieldState.FEWER
        messages = dict.fromkeys(error.message for error in touching if error.message)
        found[field] = Finding(OUTCOMES[state], state.value, tuple(messages))
    return found


def _state(values: Collection[Any], touching: Collection[FieldError]) -> FieldState:
    refused = any(error.refused for error in touching)
    if any(_holds(value) for value in values):
        return FieldState.SOME_REFUSED if refused else FieldState.VALUE
    if refused:
        return FieldState.REFUSED if all(value is None for value in values) else FieldState.EMPTIED
    if touching:
        return FieldState.FAILED
    return FieldState.EMPTY if values else FieldState.NOT_REACHED


def _holds(value: Any) -> bool:
    """Whether there is anything in a value; the type name of an object is nothing beside its other fields."""
    if isinstance(value, dict):
        named = {key: below for key, below in value.items() if key != "__typename"} or value
        return any(_holds(below) for below in named.values())
    if isinstance(value, list):
        return any(_holds(below) for below in value)
    return value is not None


def _values(value: Any, field: Keys) -> Iterator[Any]:
    """Every value that the data holds for a field, one for each list element above it."""
    if isinstance(value, list) and field:
        for below in value:
            yield from _values(below, field)
    elif not field:
        yield value
    elif isinstance(value, dict) and field[0] in value:
        yield from _values(value[field[0]], field[1:])
