"""Which fields of the schema an operation's fields are: `listUsers.items[].email` is `User.email`."""

from collections.abc import Iterator, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_interface_type,
    is_object_type,
    parse,
)

from services.authorization.declared.labels import labels_of
from services.authorization.declared.schema import ApiSchema
from services.authorization.evidence import Keys
from services.authorization.operations import Operation

TYPENAME = "__typename"


def coordinates(schema: ApiSchema, operation: Operation) -> Mapping[str, frozenset[str]]:
    """For each selected field, by its label, what it may be in the schema: `Type.field`, of every type it may stand in.

    Args:
        schema: the API's schema.
        operation: what asks for the fields.
    """
    document = parse(operation.document)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    labels = labels_of(schema, operation)
    found: dict[str, set[str]] = {}
    for node in document.definitions:
        own_name = node.name.value if isinstance(node, OperationDefinitionNode) and node.name else None
        if isinstance(node, OperationDefinitionNode) and operation.name in (None, own_name):
            root = schema.graphql.get_root_type(node.operation)
            for keys, place in _Walk(schema.graphql, fragments).below(node.selection_set, root, (), frozenset()):
                found.setdefault(labels.get(keys, ".".join(keys)), set()).add(place)
    return {name: frozenset(places) for name, places in found.items()}


class _Walk:
    """Goes through a document beside the types that its fields stand in."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._schema, self._fragments = schema, fragments

    def below(
        self, selected: SelectionSetNode, parent: GraphQLNamedType | None, above: Keys, open_: frozenset[str]
    ) -> Iterator[tuple[Keys, str]]:
        for node in selected.selections:
            match node:
                case FieldNode():
                    yield from self._field(node, parent, above, open_)
                case InlineFragmentNode():
                    named = self._schema.get_type(node.type_condition.name.value) if node.type_condition else parent
                    yield from self.below(node.selection_set, named, above, open_)
                case FragmentSpreadNode() if node.name.value in self._fragments and node.name.value not in open_:
                    fragment = self._fragments[node.name.value]
                    named = self._schema.get_type(fragment.type_condition.name.value)
                    yield from self.below(fragment.selection_set, named, above, open_ | {node.name.value})

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, above: Keys, open_: frozenset[str]
    ) -> Iterator[tuple[Keys, str]]:
        if parent is None or node.name.value == TYPENAME:
            return
        keys = (*above, (node.alias or node.name).value)
        types = [parent, *(self._schema.get_possible_types(parent) if is_abstract_type(parent) else ())]
        fields = {each.name: each.fields.get(node.name.value) for each in types if _has_fields(each)}
        for name in fields:
            yield keys, f"{name}.{node.name.value}"
        definition = next((field for field in fields.values() if field), None)
        if definition and node.selection_set:
            yield from self.below(node.selection_set, get_named_type(definition.type), keys, open_)


def _has_fields(named: GraphQLNamedType) -> bool:
    return is_object_type(named) or is_interface_type(named)
