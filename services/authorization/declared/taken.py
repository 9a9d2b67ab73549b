"""What a caller doesn't get where some fields are refused: those, what is null with them, and what is left empty.

Two answers that refuse other fields may give the same. Where `node.id` may not be null, refusing it takes all of
`node`, just as refusing `node` does; and an object of which every field is refused gives nothing, as a refused one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, parse

from services.authorization.declared.labels import lists_of
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.walk import places
from services.authorization.evidence import Keys
from services.authorization.fields import is_at_or_above, label
from services.authorization.operations import Operation

_TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the refusals of one operation's fields take, all by label. Without anything known, each takes itself alone.

    Attributes:
        up_to: for fields that may not be null, what is null with them: `a.b`, an element `a.b[]`, or all data, the
            empty label.
        leaves: for fields with others below, all those that end there; names of types are none.
    """

    up_to: Mapping[str, str] = field(default_factory=dict)
    leaves: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def covers(self, refused: frozenset[str], name: str) -> bool:
        """Whether nothing comes of a field where these are refused."""
        gone = {self.up_to.get(each, each) for each in refused}
        leaves = self.leaves.get(name)
        return _under(name, gone) or (bool(leaves) and all(_under(leaf, gone) for leaf in leaves or ()))


def taken_with(schema: ApiSchema, operation: Operation) -> Taken:
    """What the refusal of each field of an operation takes."""
    types: dict[Keys, GraphQLOutputType] = {}
    asked: dict[Keys, None] = {}
    for place in places(schema.graphql, parse(operation.document), operation.name):
        if place.name != _TYPENAME:
            asked.setdefault(place.keys)
        if place.type is not None:
            types.setdefault(place.keys, place.type)
    lists = lists_of(schema, operation)
    above = {keys[:depth] for keys in asked for depth in range(1, len(keys))}
    leaves: dict[str, set[str]] = {}
    for keys in asked.keys() - above:
        for depth in range(1, len(keys)):
            leaves.setdefault(label(keys[:depth], lists), set()).add(label(keys, lists))
    return Taken(
        {own: up_to for keys in types if (own := label(keys, lists)) != (up_to := _taken(keys, types, lists))},
        {name: frozenset(below) for name, below in leaves.items()},
    )


def _taken(keys: Keys, types: Mapping[Keys, GraphQLOutputType], lists: frozenset[Keys]) -> str:
    while keys and isinstance(types.get(keys), GraphQLNonNull):
        keys = keys[:-1]
        if keys in lists and _keeps_nulls(types.get(keys)):
            return f"{label(keys, lists)}[]"
    return label(keys, lists) if keys else ""


def _keeps_nulls(kind: GraphQLOutputType | None) -> bool:
    """Whether a list, or one inside of it, may hold a null in place of an element."""
    while kind is not None:
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        if not isinstance(kind, GraphQLList):
            return False
        if not isinstance(kind.of_type, GraphQLNonNull):
            return True
        kind = kind.of_type
    return False


def _under(name: str, gone: Collection[str]) -> bool:
    return any(not each or is_at_or_above(each, name) for each in gone)
