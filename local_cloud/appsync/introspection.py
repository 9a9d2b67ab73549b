"""Fields of the schema about itself, which graphql-core resolves."""

from collections.abc import Mapping, ValuesView
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, is_introspection_type
from graphql.language import OperationDefinitionNode
from graphql.pyutils import Path


def is_introspection(parent: GraphQLObjectType, field_name: str) -> bool:
    """Return whether a field tells of the schema: `__schema`, `__type`, and all below them."""
    return field_name in {"__schema", "__type"} or is_introspection_type(parent)


def introspect(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    parent: GraphQLObjectType,
    definition: GraphQLField,
    node: FieldNode,
    *,
    source: Any,
    arguments: Mapping[str, Any],
) -> Any:
    """Return the value of one introspection field."""
    name = node.name.value
    if definition.resolve is None:
        return getattr(source, name, None)
    info = GraphQLResolveInfo(
        field_name=name,
        field_nodes=[node],
        return_type=definition.type,
        parent_type=parent,
        path=Path(None, name, parent.name),
        schema=schema,
        fragments={},
        root_value=None,
        operation=operation,
        variable_values={},
        context=None,
        is_awaitable=lambda _: False,
    )
    value = definition.resolve(source, info, **arguments)
    return list(value) if isinstance(value, ValuesView) else value
