"""Literals of a GraphQL document as graphql-java prints them, which AppSync quotes in its messages."""

from collections.abc import Callable
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    print_ast,
)

_PRINTERS: dict[type[ValueNode], Callable[[Any], str]] = {
    IntValueNode: lambda node: f"IntValue{{value={node.value}}}",
    FloatValueNode: lambda node: f"FloatValue{{value={node.value}}}",
    StringValueNode: lambda node: f"StringValue{{value='{node.value}'}}",
    BooleanValueNode: lambda node: f"BooleanValue{{value={str(node.value).lower()}}}",
    EnumValueNode: lambda node: f"EnumValue{{name='{node.value}'}}",
    VariableNode: lambda node: f"VariableReference{{name='{node.name.value}'}}",
    ListValueNode: lambda node: f"ArrayValue{{values=[{', '.join(map(java_value, node.values))}]}}",
    ObjectValueNode: lambda node: f"ObjectValue{{objectFields=[{', '.join(map(_field, node.fields))}]}}",
}


def java_value(node: ValueNode) -> str:
    """Return a literal's printed form: `IntValue{value=10}`, `StringValue{value='x'}`."""
    printer = _PRINTERS.get(type(node), print_ast)
    return printer(node)


def _field(node: ObjectFieldNode) -> str:
    return f"ObjectField{{name='{node.name.value}', value={java_value(node.value)}}}"
