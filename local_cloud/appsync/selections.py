"""What an operation selects in one place, worked out once for all the values that it is read from."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    NameNode,
    is_leaf_type,
)
from graphql.execution.execute import get_field_def

from local_cloud.appsync.field_errors import FieldError, Path
from local_cloud.appsync.introspection import is_introspection

Nodes = list[FieldNode]
TYPENAME = "__typename"


class Spot(NamedTuple):
    """One place of the response: the field's parent type, the path, and the nodes that ask for it."""

    parent: GraphQLObjectType
    path: Path
    nodes: Nodes

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.nodes[0].name.value


@dataclass(frozen=True, slots=True)
class FieldCall:
    """One field about to be resolved: where, with which arguments, on which parent value."""

    spot: Spot
    arguments: Mapping[str, Any]
    source: Any


Gate = Callable[[GraphQLObjectType, str, Path], None]
"""Raises `FieldError` for a field that the caller isn't to have; which element of a list it is in doesn't count."""

Resolve = Callable[[FieldCall], Awaitable[Any]]

Attached = Callable[[str, str], Resolve | None]
"""The resolver attached to a type's field, or None: then the parent's value has the field."""


class Selected(NamedTuple):
    """One field of a selection.

    Attributes:
        key: its name in the response.
        name: its name in the schema.
        nodes: what asks for it.
        definition: what the schema says of it.
        introspects: whether it tells of the schema.
        resolve: the resolver attached to it, or None.
        refusal: why the caller doesn't get it, or None.
        leaf: the scalar or enum as which it is read from the parent's value, or None when it takes more than that.
    """

    key: str
    name: str
    nodes: Nodes
    definition: GraphQLField
    introspects: bool
    resolve: Resolve | None
    refusal: FieldError | None
    leaf: Any


class Selection(NamedTuple):
    """The fields selected of one object type.

    Attributes:
        parent: the object type.
        fields: what is selected of it.
        several: whether more than one field has a resolver to wait for.
        plain: whether every field is read from the parent's value.
    """

    parent: GraphQLObjectType
    fields: tuple[Selected, ...]
    several: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class Selector:
    """Makes selections against one schema for one caller."""

    schema: GraphQLSchema
    gate: Gate
    attached: Attached

    def selection(self, parent: GraphQLObjectType, grouped: Mapping[str, Nodes], path: Path) -> Selection:
        """Return the selection at a path that collected fields stand for.

        Raises:
            TypeError: the type has no such field; validation lets none through.
        """
        fields = tuple(self._selected(parent, key, nodes, path) for key, nodes in grouped.items())
        resolved = sum(field.resolve is not None for field in fields)
        return Selection(parent, fields, resolved > 1, all(field.leaf is not None for field in fields))

    def _selected(self, parent: GraphQLObjectType, key: str, nodes: Nodes, path: Path) -> Selected:
        name = nodes[0].name.value
        definition, introspects, leaf = _known(self.schema, parent, name)
        resolve = self.attached(parent.name, name)
        refusal = self._refusal(parent, name, (*path, key))
        return Selected(
            key, name, nodes, definition, introspects, resolve, refusal, None if resolve or refusal else leaf
        )

    def _refusal(self, parent: GraphQLObjectType, name: str, path: Path) -> FieldError | None:
        if name == TYPENAME:
            return None
        try:
            self.gate(parent, name, path)
        except FieldError as refusal:
            return refusal
        return None


@lru_cache(maxsize=4096)
def _known(schema: GraphQLSchema, parent: GraphQLObjectType, name: str) -> tuple[GraphQLField, bool, Any]:
    """Return of a field what is the same for every caller: its definition, whether it introspects, as which leaf.

    Raises:
        TypeError: the type has no such field.
    """
    definition = get_field_def(schema, parent, FieldNode(name=NameNode(value=name)))
    if definition is None:
        raise TypeError(f"{parent.name} has no field {name}; validation lets none through")
    introspects = is_introspection(parent, name)
    wanted = nullable(definition.type)
    plain = is_leaf_type(wanted) and not (introspects or definition.args or name == TYPENAME)
    return definition, introspects, wanted if plain else None


def nullable(wanted: GraphQLOutputType) -> Any:
    """Return a type without the promise that it is never null."""
    return wanted.of_type if isinstance(wanted, GraphQLNonNull) else wanted
