"""Execution of one operation, field by field.

graphql-core's own executor stops at the first error beside a non-null sibling. AppSync goes on:
each refused field yields its entry, and the null travels up without a second one. So the walk is
ours, and collecting fields, reading arguments and the schema's types are graphql-core's.
"""

import asyncio
from collections.abc import ItemsView
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
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
from graphql.execution.values import get_argument_values

from local_cloud.appsync.field_errors import (
    FieldError,
    Path,
    mismatch_entry,
    null_entry,
    resolver_entry,
    serialization_entry,
)
from local_cloud.appsync.introspection import introspect
from local_cloud.appsync.selections import (
    TYPENAME,
    Attached,
    FieldCall,
    Gate,
    Selected,
    Selection,
    Selector,
    Spot,
    nullable,
)

Entries = list[dict[str, Any]]


class _Nulled:
    """The type of NULLED."""


NULLED: Final = _Nulled()
"""What stands where a non-null value came out null: its parent is null in turn."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One operation against one schema, for one caller."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]
    gate: Gate
    attached: Attached
    _selector: Selector = field(init=False)
    _below: dict[tuple[str, int], Selection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_selector", Selector(self.schema, self.gate, self.attached))

    async def run(self) -> tuple[Any, Entries]:
        """Return the operation's data, None where a null reached the top, and its error entries.

        Raises:
            TypeError: the schema has no such kind of operation; validation lets none through.
        """
        root = self.schema.get_root_type(self.operation.operation)
        if root is None:
            raise TypeError(f"the schema has no {self.operation.operation.value} type")
        nodes = collect_fields(self.schema, self.fragments, self.variables, root, self.operation.selection_set)
        selected = self._selector.selection(root, nodes, ())
        entries: Entries = []
        if self.operation.operation is OperationType.MUTATION:
            data = await self._one_by_one(selected, None, (), entries)
        else:
            data = await self._fields(selected, None, (), entries)
        return (None if data is NULLED else data), entries

    async def _fields(self, selected: Selection, source: Any, path: Path, entries: Entries) -> Any:
        run = self._side_by_side if selected.several else self._one_by_one
        return await run(selected, source, path, entries)

    async def _one_by_one(self, selected: Selection, source: Any, path: Path, entries: Entries) -> Any:
        if selected.plain:
            return _read_fields(selected, source, path, entries)
        parent = selected.parent
        data = {
            field.key: await self._field(parent, field, source, path, entries)
            if field.leaf is None
            else _leaf_field(parent, field, source, path, entries)
            for field in selected.fields
        }
        return NULLED if NULLED in data.values() else data

    async def _side_by_side(self, selected: Selection, source: Any, path: Path, entries: Entries) -> Any:
        # Each field has entries of its own, so that they come in the order of the selection.
        apart: list[Entries] = [[] for _ in selected.fields]
        values = await asyncio.gather(
            *(
                self._field(selected.parent, field, source, path, own)
                for field, own in zip(selected.fields, apart, strict=True)
            )
        )
        for own in apart:
            entries.extend(own)
        keys = (field.key for field in selected.fields)
        return NULLED if NULLED in values else dict(zip(keys, values, strict=True))

    async def _field(
        self, parent: GraphQLObjectType, selected: Selected, source: Any, path: Path, entries: Entries
    ) -> Any:
        spot = Spot(parent, (*path, selected.key), selected.nodes)
        if selected.refusal is not None:
            return _failed(selected.refusal, spot, selected, entries)
        try:
            value = await self._resolve(spot, selected, source)
        except FieldError as error:
            return _failed(error, spot, selected, entries)
        return await self._complete(selected.definition.type, spot, value, entries)

    async def _resolve(self, spot: Spot, selected: Selected, source: Any) -> Any:
        if selected.name == TYPENAME:
            return spot.parent.name
        definition = selected.definition
        arguments: dict[str, Any] = {}
        if definition.args:
            try:
                arguments = get_argument_values(definition, spot.nodes[0], self.variables)
            except GraphQLError as error:
                raise FieldError(error.message, "ValidationError") from error
        if selected.introspects:
            return introspect(
                self.schema,
                self.operation,
                spot.parent,
                definition,
                spot.nodes[0],
                source=source,
                arguments=arguments,
            )
        if selected.resolve is not None:
            return await selected.resolve(FieldCall(spot, arguments, source))
        return _read(selected, source)

    async def _complete(self, wanted: GraphQLOutputType, spot: Spot, value: Any, entries: Entries) -> Any:
        inner = nullable(wanted)
        if value is None or is_leaf_type(inner):
            return _completed_leaf(wanted, spot, value, entries)
        if isinstance(inner, GraphQLList):
            completed = await self._list(inner.of_type, spot, value, entries)
        else:
            completed = await self._object(inner, spot, value, entries)
        return NULLED if completed is None and inner is not wanted else completed

    async def _list(self, item: GraphQLOutputType, spot: Spot, value: Any, entries: Entries) -> Any:
        # Introspection gives the values of an enum, deprecated ones included, as a view of a dictionary.
        if not isinstance(value, list | tuple | ItemsView):
            entries.append(mismatch_entry("LIST", spot.path))
            return None
        below = self._plain_below(item, spot) if value else None
        nothing = NULLED if isinstance(item, GraphQLNonNull) else None
        completed = []
        for index, element in enumerate(value):
            place = (*spot.path, index)
            if below and type(element) is dict:
                read = _read_fields(below, element, place, entries)
                completed.append(nothing if read is NULLED else read)
            else:
                completed.append(await self._complete(item, Spot(spot.parent, place, spot.nodes), element, entries))
        return None if NULLED in completed else completed

    def _plain_below(self, item: GraphQLOutputType, spot: Spot) -> Selection | None:
        """Return what is selected of the objects of a list, if all of it is read from the objects themselves."""
        concrete = nullable(item)
        if not isinstance(concrete, GraphQLObjectType):
            return None
        below = self._selected_below(concrete, Spot(spot.parent, (*spot.path, 0), spot.nodes))
        return below if below.plain else None

    async def _object(self, wanted: GraphQLOutputType, spot: Spot, value: Any, entries: Entries) -> Any:
        concrete = self._concrete(wanted, value)
        if concrete is None or not (isinstance(value, dict) or is_introspection_type(concrete)):
            entries.append(mismatch_entry("OBJECT", spot.path))
            return None
        data = await self._fields(self._selected_below(concrete, spot), value, spot.path, entries)
        return None if data is NULLED else data

    def _selected_below(self, concrete: GraphQLObjectType, spot: Spot) -> Selection:
        """Return what is selected of an object; all the elements of a list share it."""
        place = (concrete.name, id(spot.nodes))
        below = self._below.get(place)
        if below is None:
            grouped = collect_sub_fields(self.schema, self.fragments, self.variables, concrete, spot.nodes)
            below = self._below[place] = self._selector.selection(concrete, grouped, spot.path)
        return below

    def _concrete(self, wanted: GraphQLOutputType, value: Any) -> GraphQLObjectType | None:
        """Return the object type itself, or the one that an interface's or union's value names."""
        if isinstance(wanted, GraphQLObjectType):
            return wanted
        name = value.get("__typename") if isinstance(value, dict) else None
        named = self.schema.get_type(name) if isinstance(name, str) else None
        if isinstance(wanted, GraphQLInterfaceType | GraphQLUnionType) and isinstance(named, GraphQLObjectType):
            return named if self.schema.is_sub_type(wanted, named) else None
        return None


def _failed(error: FieldError, spot: Spot, selected: Selected, entries: Entries) -> Any:
    entries.append(resolver_entry(error, spot.path, spot.nodes[0]))
    return NULLED if isinstance(selected.definition.type, GraphQLNonNull) else None


def _read(selected: Selected, source: Any) -> Any:
    return source.get(selected.name) if isinstance(source, dict) else None


def _read_fields(selected: Selection, source: Any, path: Path, entries: Entries) -> Any:
    """Return an object of which nothing but its own values is selected; NULLED where one of them has to be there."""
    data = {field.key: _leaf_field(selected.parent, field, source, path, entries) for field in selected.fields}
    return NULLED if NULLED in data.values() else data


def _leaf_field(parent: GraphQLObjectType, selected: Selected, source: Any, path: Path, entries: Entries) -> Any:
    """Return a field that is read from the parent's value, as most are, with as little work as that takes."""
    value = _read(selected, source)
    try:
        sent = None if value is None else selected.leaf.serialize(value)
    except (GraphQLError, TypeError, ValueError):
        sent = None
    if sent is not None:
        return sent
    spot = Spot(parent, (*path, selected.key), selected.nodes)
    return _completed_leaf(selected.definition.type, spot, value, entries)


def _completed_leaf(wanted: GraphQLOutputType, spot: Spot, value: Any, entries: Entries) -> Any:
    """Return a scalar's or an enum's value as it is sent, and what becomes of null for every type."""
    inner = nullable(wanted)
    sent = None
    if value is not None:
        try:
            sent = inner.serialize(value)
        except (GraphQLError, TypeError, ValueError) as error:
            entries.append(serialization_entry(str(error), spot.path))
    elif inner is not wanted:
        entries.append(null_entry(str(inner), spot.parent.name, spot.path))
    return NULLED if sent is None and inner is not wanted else sent
