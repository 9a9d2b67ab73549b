"""Which fields an operation asks of a type: fragments spread, `@skip` and `@include` decided, aliases merged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

Nodes = tuple[FieldNode, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """One operation of a document, with what decides its fields.

    Attributes:
        schema: what the operation is for.
        operation: its definition.
        fragments: the document's, by name.
        variables: as they are sent, defaults filled in.
    """

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    @classmethod
    def of(
        cls, schema: GraphQLSchema, document: DocumentNode, name: str | None, variables: Mapping[str, Any]
    ) -> "Selection | None":
        """The operation of that name, or the only one; None where there is none."""
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        named = [node for node in operations if name is None or (node.name and node.name.value == name)]
        if len(named) != 1:
            return None
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        defaults = {
            node.variable.name.value: node.default_value.value
            for node in named[0].variable_definitions or ()
            if isinstance(node.default_value, BooleanValueNode)
        }
        return cls(schema, named[0], fragments, {**defaults, **variables})

    def root_names(self) -> frozenset[str]:
        """The names of all root fields that are written, skipped ones too: IAM is asked about each."""
        return frozenset(self._names(self.operation.selection_set, frozenset()))

    def fields(self, parent: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> dict[str, Nodes]:
        """The fields asked of a type, by their names in the answer, in the order of the answer."""
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for each in sets:
            self._collect(parent, each, found, spread)
        return {key: tuple(nodes) for key, nodes in found.items()}

    def _collect(
        self, parent: GraphQLObjectType, selected: SelectionSetNode, found: dict[str, list[FieldNode]], spread: set[str]
    ) -> None:
        for node in selected.selections:
            if not self._wanted(node):
                continue
            match node:
                case FieldNode():
                    found.setdefault((node.alias or node.name).value, []).append(node)
                case InlineFragmentNode() if self._is(parent, node.type_condition):
                    self._collect(parent, node.selection_set, found, spread)
                case FragmentSpreadNode() if node.name.value not in spread:
                    spread.add(node.name.value)
                    fragment = self.fragments.get(node.name.value)
                    if fragment and self._is(parent, fragment.type_condition):
                        self._collect(parent, fragment.selection_set, found, spread)

    def _is(self, parent: GraphQLObjectType, condition: NamedTypeNode | None) -> bool:
        if condition is None or condition.name.value == parent.name:
            return True
        named = self.schema.get_type(condition.name.value)
        return is_abstract_type(named) and self.schema.is_sub_type(named, parent)

    def _wanted(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value in {"skip", "include"}:
                value = next((given.value for given in directive.arguments or () if given.name.value == "if"), None)
                if self._truth(value) is (directive.name.value == "skip"):
                    return False
        return True

    def _truth(self, value: object) -> bool:
        if isinstance(value, VariableNode):
            return self.variables.get(value.name.value) is True
        return isinstance(value, BooleanValueNode) and value.value

    def _names(self, selected: SelectionSetNode, above: frozenset[str]) -> Iterable[str]:
        for node in selected.selections:
            match node:
                case FieldNode():
                    yield node.name.value
                case InlineFragmentNode():
                    yield from self._names(node.selection_set, above)
                case FragmentSpreadNode() if node.name.value not in above and node.name.value in self.fragments:
                    inner = self.fragments[node.name.value].selection_set
                    yield from self._names(inner, above | {node.name.value})
