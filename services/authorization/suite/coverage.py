"""How much of a schema, and of the identities, a run has given evidence about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
)

from services.authorization.cells import CellId, Observation
from services.authorization.suite.aws_schema import schema_of
from services.authorization.suite.model import CoverageTarget
from services.authorization.suite.saved import SavedOperation


@dataclass(frozen=True, slots=True)
class Coverage:
    """What gave evidence, of all that there is.

    Attributes:
        operations: root fields of Query and Mutation, as `Query.listUsers`, and REST requests, as `GET hello`.
        covered_operations: those of them that a call gave evidence about.
        identities: that took part, by id.
        covered_identities: those of them that have evidence in at least one cell.
        mutations_never_run: root fields of Mutation without evidence.
        subscriptions: root fields of Subscription; none of them is covered, since the lab sends over HTTP.
    """

    operations: frozenset[str]
    covered_operations: frozenset[str]
    identities: frozenset[str]
    covered_identities: frozenset[str]
    mutations_never_run: tuple[str, ...]
    subscriptions: tuple[str, ...]

    @property
    def operations_percent(self) -> float:
        """The share of operations; 0 when there are none, so that nothing is ever fully covered by being empty."""
        return _percent(self.covered_operations, self.operations)

    @property
    def identities_percent(self) -> float:
        """The share of identities; 0 when there are none."""
        return _percent(self.covered_identities, self.identities)

    @property
    def words(self) -> str:
        """For example: 41 of 63 operations, 5 of 6 identities, 7 mutations never run."""
        never = len(self.mutations_never_run)
        parts = [
            f"{len(self.covered_operations)} of {len(self.operations)} operations",
            f"{len(self.covered_identities)} of {len(self.identities)} identities",
        ]
        if never:
            parts.append(f"{never} mutation{'' if never == 1 else 's'} never run")
        if self.subscriptions:
            count = len(self.subscriptions)
            parts.append(f"{count} subscription{'' if count == 1 else 's'} not covered")
        return ", ".join(parts)

    def shortfalls(self, target: CoverageTarget) -> tuple[str, ...]:
        """A sentence for each share that is below what a suite wants; empty when all is reached."""
        wanted = (
            ("operations", target.operations, self.operations_percent),
            ("identities", target.identities, self.identities_percent),
        )
        return tuple(
            # Rounded down: 79.96 % is not shown as the 80 % that it falls short of.
            f"The {what} with evidence are {int(share * 10) / 10:g} %, and the suite wants {least:g} %."
            for what, least, share in wanted
            if least is not None and share < least
        )


def coverage(
    operations: Sequence[SavedOperation],
    schema_sdl: str,
    identities: Collection[str],
    cells: Mapping[CellId, Observation],
) -> Coverage:
    """What a run gave evidence about.

    Args:
        operations: the suite's, completed.
        schema_sdl: the API's schema.
        identities: the ids of all that took part.
        cells: what was observed; *no verdict* is no evidence.

    Raises:
        Invalid: the schema is none.
    """
    schema = schema_of(schema_sdl)
    queries = {f"Query.{name}" for name in (schema.query_type.fields if schema.query_type else ())}
    mutations = {f"Mutation.{name}" for name in (schema.mutation_type.fields if schema.mutation_type else ())}
    subscriptions = schema.subscription_type.fields if schema.subscription_type else {}
    asked = {operation.id: roots_of(operation) for operation in operations}
    requests = {f"{each.rest.method} {each.rest.path}" for each in operations if each.rest}
    evidence = {cell for cell, seen in cells.items() if seen.verdict.outcome.is_evidence}
    there_is = queries | mutations | requests
    covered = {root for cell in evidence for root in asked.get(cell.operation, ())} & there_is
    return Coverage(
        operations=frozenset(there_is),
        covered_operations=frozenset(covered),
        identities=frozenset(identities),
        covered_identities=frozenset(cell.identity for cell in evidence) & frozenset(identities),
        mutations_never_run=tuple(sorted(mutations - covered)),
        subscriptions=tuple(f"Subscription.{name}" for name in subscriptions),
    )


def roots_of(operation: SavedOperation) -> frozenset[str]:
    """What an operation asks for at the root: `Query.listUsers`, or `GET hello` for a REST request."""
    if operation.rest:
        return frozenset({f"{operation.rest.method} {operation.rest.path}"})
    tree = parse(operation.document)
    fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
    for node in tree.definitions:
        named = isinstance(node, OperationDefinitionNode) and (
            operation.name is None or (node.name is not None and node.name.value == operation.name)
        )
        if named and isinstance(node, OperationDefinitionNode):
            kind = "Mutation" if node.operation is OperationType.MUTATION else "Query"
            return frozenset(f"{kind}.{name}" for name in _names(node.selection_set, fragments, frozenset()))
    return frozenset()


def _names(
    selection: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], open_: frozenset[str]
) -> set[str]:
    found: set[str] = set()
    for node in selection.selections:
        match node:
            case FieldNode():
                found.add(node.name.value)
            case InlineFragmentNode():
                found |= _names(node.selection_set, fragments, open_)
            case FragmentSpreadNode() if node.name.value in fragments and node.name.value not in open_:
                name = node.name.value
                found |= _names(fragments[name].selection_set, fragments, open_ | {name})
    return found


def _percent(part: Collection[str], whole: Collection[str]) -> float:
    return 100 * len(part) / len(whole) if whole else 0.0
