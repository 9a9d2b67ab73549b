"""What comes as null with a refused field: itself, or what is above it, as far up as nothing may be null.

Two answers that refuse other fields may give the same: where `node.id` may not be null, refusing it takes all of
`node`, just as refusing `node` does.
"""

from collections.abc import Mapping

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, parse

from services.authorization.declared.labels import lists_of
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.walk import places
from services.authorization.evidence import Keys
from services.authorization.fields import label
from services.authorization.operations import Operation

Taken = Mapping[str, str]
"""For the label of a field, that of what its refusal takes: `a.b`, an element `a.b[]`, or the empty one of all data."""


def taken_with(schema: ApiSchema, operation: Operation) -> Taken:
    """What the refusal of each field takes with it; fields that are refused alone are left out."""
    types: dict[Keys, GraphQLOutputType] = {}
    for place in places(schema.graphql, parse(operation.document), operation.name):
        if place.type is not None:
            types.setdefault(place.keys, place.type)
    lists = lists_of(schema, operation)
    found = {}
    for keys in types:
        own, taken = label(keys, lists), _taken(keys, types, lists)
        if own != taken:
            found[own] = taken
    return found


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


def covered(name: str, refused: frozenset[str], taken: Taken) -> bool:
    """Whether a field comes as null, or doesn't come at all, where these are refused.

    Args:
        name: the field's label.
        refused: labels of refused fields.
        taken: of the operation.
    """
    gone = {taken.get(each, each) for each in refused}
    return any(_at_or_above(each, name) for each in gone)


def _at_or_above(above: str, name: str) -> bool:
    return not above or name == above or name.startswith((f"{above}.", f"{above}[]"))
