"""Execution of one operation, field by field.

graphql-core's own executor stops at the first error beside a non-null sibling. AppSync goes on:
each refused field yields its entry, and the null travels up without a second one. So the walk is
ours, and collecting fields, reading arguments and the schema's types are graphql-core's.
"""

import asyncio
from collections.abc import Awaitable, Callable, ItemsView, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    OperationType,
    is_introspection_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields
from graphql.execution.execute import get_field_def
from graphql.execution.values import get_argument_values

from local_cloud.appsync.field_errors import (
    FieldError,
    Path,
    mismatch_entry,
    null_entry,
    resolver_entry,
    serialization_entry,
)
from local_cloud.appsync.introspection import introspect, is_introspection

Entries = list[dict[str, Any]]
Nodes = list[FieldNode]


class _Nulled:
    """The type of NULLED."""


NULLED: Final = _Nulled()
"""What stands where a non-null value came out null: its parent is null in turn."""


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
"""Raises `FieldError` for a field that the caller isn't to have."""

Resolve = Callable[[FieldCall], Awaitable[Any]]

Attached = Callable[[str, str], Resolve | None]
"""The resolver attached to a type's field, or None: then the parent's value has the field."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One operation against one schema, for one caller."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]
    gate: Gate
    attached: Attached
    _plans: dict[tuple[str, int], Mapping[str, Nodes]] = field(default_factory=dict)

    async def run(self) -> tuple[Any, Entries]:
        """Return the operation's data, None where a null reached the top, and its error entries.

        Raises:
            TypeError: the schema has no such kind of operation; validation lets none through.
        """
        root = self.schema.get_root_type(self.operation.operation)
        if root is None:
            raise TypeError(f"the schema has no {self.operation.operation.value} type")
        nodes = collect_fields(self.schema, self.fragments, self.variables, root, self.operation.selection_set)
        entries: Entries = []
        if self.operation.operation is OperationType.MUTATION:
            data = await self._one_by_one(root, None, (), nodes, entries)
        else:
            data = await self._fields(root, None, (), nodes, entries)
        return (None if data is NULLED else data), entries

    async def _fields(
        self, parent: GraphQLObjectType, source: Any, path: Path, nodes: Mapping[str, Nodes], entries: Entries
    ) -> Any:
        resolvers = sum(self.attached(parent.name, group[0].name.value) is not None for group in nodes.values())
        if resolvers > 1:
            return await self._side_by_side(parent, source, path, nodes, entries)
        return await self._one_by_one(parent, source, path, nodes, entries)

    async def _one_by_one(
        self, parent: GraphQLObjectType, source: Any, path: Path, nodes: Mapping[str, Nodes], entries: Entries
    ) -> Any:
        data = {
            key: await self._field(Spot(parent, (*path, key), group), source, entries) for key, group in nodes.items()
        }
        return NULLED if NULLED in data.values() else data

    async def _side_by_side(
        self, parent: GraphQLObjectType, source: Any, path: Path, nodes: Mapping[str, Nodes], entries: Entries
    ) -> Any:
        # Each field has entries of its own, so that they come in the order of the selection.
        apart: dict[str, Entries] = {key: [] for key in nodes}
        values = await asyncio.gather(
            *(self._field(Spot(parent, (*path, key), group), source, apart[key]) for key, group in nodes.items())
        )
        for own in apart.values():
            entries.extend(own)
        return NULLED if NULLED in values else dict(zip(nodes, values, strict=True))

    async def _field(self, spot: Spot, source: Any, entries: Entries) -> Any:
        definition = get_field_def(self.schema, spot.parent, spot.nodes[0])
        if definition is None:
            raise TypeError(f"{spot.parent.name} has no field {spot.name}; validation lets none through")
        try:
            value = await self._resolve(spot, definition, source)
        except FieldError as error:
            entries.append(resolver_entry(error, spot.path, spot.nodes[0]))
            return NULLED if isinstance(definition.type, GraphQLNonNull) else None
        return await self._complete(definition.type, spot, value, entries)

    async def _resolve(self, spot: Spot, definition: GraphQLField, source: Any) -> Any:
        parent, name = spot.parent, spot.name
        if name == "__typename":
            return parent.name
        self.gate(parent, name, spot.path)
        arguments: dict[str, Any] = {}
        if definition.args:
            try:
                arguments = get_argument_values(definition, spot.nodes[0], self.variables)
            except GraphQLError as error:
                raise FieldError(error.message, "ValidationError") from error
        if is_introspection(parent, name):
            return introspect(
                self.schema,
                self.operation,
                parent,
                definition,
                spot.nodes[0],
                source=source,
                arguments=arguments,
            )
        resolve = self.attached(parent.name, name)
        if resolve is not None:
            return await resolve(FieldCall(spot, arguments, source))
        return source.get(name) if isinstance(source, Mapping) else None

    async def _complete(self, wanted: GraphQLOutputType, spot: Spot, value: Any, entries: Entries) -> Any:
        if isinstance(wanted, GraphQLNonNull):
            if value is None:
                entries.append(null_entry(str(wanted.of_type), spot.parent.name, spot.path))
                return NULLED
            completed = await self._complete(wanted.of_type, spot, value, entries)
            return NULLED if completed is None else completed
        if value is None:
            return None
        if isinstance(wanted, GraphQLList):
            return await self._list(wanted.of_type, spot, value, entries)
        if is_leaf_type(wanted):
            return _leaf(wanted, spot, value, entries)
        return await self._object(wanted, spot, value, entries)

    async def _list(self, item: GraphQLOutputType, spot: Spot, value: Any, entries: Entries) -> Any:
        # Introspection gives the values of an enum, deprecated ones included, as a view of a dictionary.
        if not isinstance(value, list | tuple | ItemsView):
            entries.append(mismatch_entry("LIST", spot.path))
            return None
        completed = [
            await self._complete(item, spot._replace(path=(*spot.path, index)), element, entries)
            for index, element in enumerate(value)
        ]
        return None if NULLED in completed else completed

    async def _object(self, wanted: GraphQLOutputType, spot: Spot, value: Any, entries: Entries) -> Any:
        concrete = self._concrete(wanted, value)
        if concrete is None or not (isinstance(value, Mapping) or is_introspection_type(concrete)):
            entries.append(mismatch_entry("OBJECT", spot.path))
            return None
        data = await self._fields(concrete, value, spot.path, self._below(concrete, spot.nodes), entries)
        return None if data is NULLED else data

    def _below(self, concrete: GraphQLObjectType, nodes: Nodes) -> Mapping[str, Nodes]:
        """Return the fields selected below, worked out once for all the elements of a list."""
        place = (concrete.name, id(nodes))
        plan = self._plans.get(place)
        if plan is None:
            plan = collect_sub_fields(self.schema, self.fragments, self.variables, concrete, nodes)
            self._plans[place] = plan
        return plan

    def _concrete(self, wanted: GraphQLOutputType, value: Any) -> GraphQLObjectType | None:
        """Return the object type itself, or the one that an interface's or union's value names."""
        if isinstance(wanted, GraphQLObjectType):
            return wanted
        name = value.get("__typename") if isinstance(value, Mapping) else None
        named = self.schema.get_type(name) if isinstance(name, str) else None
        if isinstance(wanted, GraphQLInterfaceType | GraphQLUnionType) and isinstance(named, GraphQLObjectType):
            return named if self.schema.is_sub_type(wanted, named) else None
        return None


def _leaf(wanted: Any, spot: Spot, value: Any, entries: Entries) -> Any:
    try:
        return wanted.serialize(value)
    except (GraphQLError, TypeError, ValueError) as error:
        entries.append(serialization_entry(str(error), spot.path))
        return None
