"""Every field that an operation selects, beside what it is in the schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)

from services.authorization.evidence import Keys

HasFields = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True, slots=True)
class Place:
    """One selected field.

    Attributes:
        keys: its path in the answer, aliases as they are written.
        name: what the schema calls it.
        standing_in: the types that it may stand in: that of the selection, and those that may come for it.
        type: what it gives; None where the schema has no such field.
    """

    keys: Keys
    name: str
    standing_in: tuple[HasFields, ...]
    type: GraphQLOutputType | None


def places(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Iterator[Place]:
    """The fields of the operation of that name, or of all operations; parents first, one place as often as it stands.

    A field that the schema doesn't have has its place, too, and so have those below it.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode) and (name is None or (node.name and node.name.value == name)):
            root = schema.get_root_type(node.operation)
            yield from _Walk(schema, fragments).below(node.selection_set, root, (), frozenset())


@dataclass(frozen=True, slots=True)
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]

    def below(
        self, selected: SelectionSetNode, parent: GraphQLNamedType | None, above: Keys, open_: frozenset[str]
    ) -> Iterator[Place]:
        for node in selected.selections:
            match node:
                case FieldNode():
                    yield from self._field(node, parent, above, open_)
                case InlineFragmentNode():
                    named = self.schema.get_type(node.type_condition.name.value) if node.type_condition else parent
                    yield from self.below(node.selection_set, named, above, open_)
                case FragmentSpreadNode() if node.name.value in self.fragments and node.name.value not in open_:
                    fragment = self.fragments[node.name.value]
                    named = self.schema.get_type(fragment.type_condition.name.value)
                    yield from self.below(fragment.selection_set, named, above, open_ | {node.name.value})

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, above: Keys, open_: frozenset[str]
    ) -> Iterator[Place]:
        keys, name = (*above, (node.alias or node.name).value), node.name.value
        types = self._standing_in(parent)
        definition: GraphQLField | None = next((each.fields[name] for each in types if name in each.fields), None)
        yield Place(keys, name, types, definition.type if definition else None)
        if node.selection_set:
            yield from self.below(
                node.selection_set, get_named_type(definition.type) if definition else None, keys, open_
            )

    def _standing_in(self, parent: GraphQLNamedType | None) -> tuple[HasFields, ...]:
        if parent is None:
            return ()
        types = [parent, *(self.schema.get_possible_types(parent) if is_abstract_type(parent) else ())]
        return tuple(each for each in types if isinstance(each, GraphQLObjectType | GraphQLInterfaceType))
