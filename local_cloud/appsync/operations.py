"""The operation that a request asks for: parsed, chosen, and its variables read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
    parse,
)
from graphql.execution.values import get_variable_values

from local_cloud.appsync.field_errors import request_entry
from local_cloud.appsync.refusals import (
    MISSING_OPERATION_NAME,
    QUERY_TOO_LONG,
    UNPARSABLE_QUERY,
    bad_request,
    malformed,
)

_MAX_TOKENS = 15_000
_TOO_LONG = f"Syntax Error: Document contains more than {_MAX_TOKENS} tokens"
_DEEPEST = 200
"""Brackets open at once. OPEN: where AppSync's own parser gives up."""

_OPENING = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
_CLOSING = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})
_NULL_FOR_TYPE = re.compile(r"(?:required|non-null|non-nullable) type '([^']+)'")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, with the fragments that it may spread."""

    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]

    def root_fields(self) -> frozenset[str]:
        """Return the names of all root fields that the operation selects, `@skip`ped ones too."""
        found: set[str] = set()
        self._collect(self.definition.selection_set, found, set())
        return frozenset(found)

    def _collect(self, selection_set: SelectionSetNode, found: set[str], spread: set[str]) -> None:
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                found.add(selection.name.value)
            elif isinstance(selection, InlineFragmentNode):
                self._collect(selection.selection_set, found, spread)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self.fragments.get(name)
                if fragment is not None and name not in spread:
                    spread.add(name)
                    self._collect(fragment.selection_set, found, spread)


def choose_operation(query: str, operation_name: str | None) -> Operation:
    """Return the operation to run.

    Raises:
        Refused: 400 when the text isn't GraphQL, is over 15,000 tokens long or nested too deep, or
            leaves it open which of several operations is meant. OPEN: status and type for a name that none has.
    """
    document = _parse(query)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if operation_name is not None:
        operations = [d for d in operations if d.name and d.name.value == operation_name]
        if not operations:
            raise bad_request(f"Unknown operation named '{operation_name}'.")
    if not operations:
        raise malformed(UNPARSABLE_QUERY)
    if len(operations) > 1:
        raise bad_request(MISSING_OPERATION_NAME)
    return Operation(document, operations[0], fragments)


@lru_cache(maxsize=512)
def _parse(query: str) -> DocumentNode:
    try:
        document = parse(query, max_tokens=_MAX_TOKENS)
    except GraphQLError as error:
        if error.message.startswith(_TOO_LONG):
            raise bad_request(QUERY_TOO_LONG) from None
        raise malformed(UNPARSABLE_QUERY) from None
    except RecursionError:
        raise malformed(UNPARSABLE_QUERY) from None
    if _depth(document) > _DEEPEST:
        raise malformed(UNPARSABLE_QUERY)
    return document


def _depth(document: DocumentNode) -> int:
    """Return how many brackets are open at once at most, of whatever kind."""
    depth = deepest = 0
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif token.kind in _CLOSING:
            depth -= 1
        token = token.next
    return deepest


def read_variables(
    schema: GraphQLSchema, operation: Operation, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the coerced variables, and one `errors` entry for each that doesn't fit its type."""
    read = get_variable_values(schema, operation.definition.variable_definitions or (), dict(given))
    if isinstance(read, dict):
        return read, []
    return {}, [request_entry(_variable_message(error), error.nodes or ()) for error in read]


def _variable_message(error: GraphQLError) -> str:
    name = error.message.partition("'$")[2].partition("'")[0]
    # AppSync names the variable and the type that came out null, however deep inside an input it is.
    null = _NULL_FOR_TYPE.search(error.message)
    if null:
        return f"Variable '{name}' has coerced Null value for NonNull type '{null[1]}'"
    return f"Variable '{name}' has an invalid value. {error.original_error}"
