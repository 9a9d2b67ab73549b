"""Whether AppSync would run an operation at all: what does not fit the schema judges nobody."""

from functools import lru_cache

from graphql import DocumentNode, OperationType, parse, validate
from graphql.execution.values import get_variable_values

from services.authorization.declared.configuration import ApiConfiguration
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.selection import Selection
from services.authorization.operations import Operation

_INTROSPECTION = frozenset({"__schema", "__type"})


def selection_of(schema: ApiSchema, operation: Operation) -> Selection | None:
    """The operation's fields; None where the document doesn't say which of its operations is meant."""
    return Selection.of(schema.graphql, _parsed(operation.document), operation.name, operation.variables)


def not_run(schema: ApiSchema, configuration: ApiConfiguration, operation: Operation, selection: Selection) -> str:
    """Why AppSync would not run an operation, as a sentence; empty where it would."""
    if selection.operation.operation is OperationType.SUBSCRIPTION:
        return "A subscription is not answered over HTTP."
    if faults := _faults(schema, operation.document):
        return f"The operation does not fit the schema, so it is not run: {faults[0]}"
    if not configuration.introspection and selection.root_names() & _INTROSPECTION:
        return "Introspection is switched off on this API, so the operation is not run."
    deepest = max(map(len, operation.fields), default=0)
    if 0 < configuration.depth_limit < deepest:
        return f"It asks {deepest} levels deep, and the API goes {configuration.depth_limit} deep: what is below fails."
    definitions = selection.operation.variable_definitions or ()
    read = get_variable_values(schema.graphql, definitions, dict(operation.variables))
    if isinstance(read, list):
        return f"The variables do not fit the operation, so it is not run: {read[0].message}"
    return ""


@lru_cache(maxsize=1024)
def _parsed(document: str) -> DocumentNode:
    return parse(document)


@lru_cache(maxsize=1024)
def _faults(schema: ApiSchema, document: str) -> tuple[str, ...]:
    return tuple(fault.message for fault in validate(schema.graphql, _parsed(document)))
