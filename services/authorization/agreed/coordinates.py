"""Which fields of the schema an operation's fields are: `listUsers.items[].email` is `User.email`."""

from collections.abc import Mapping

from graphql import parse

from services.authorization.declared.labels import labels_of
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.walk import places
from services.authorization.operations import Operation

TYPENAME = "__typename"


def coordinates(schema: ApiSchema, operation: Operation) -> Mapping[str, frozenset[str]]:
    """For each selected field, by its label, what it may be in the schema: `Type.field`, of every type it may stand in.

    Args:
        schema: the API's schema.
        operation: what asks for the fields.
    """
    labels = labels_of(schema, operation)
    found: dict[str, set[str]] = {}
    for place in places(schema.graphql, parse(operation.document), operation.name):
        if place.name != TYPENAME and place.standing_in:
            standing = {f"{each.name}.{place.name}" for each in place.standing_in}
            found.setdefault(labels.get(place.keys, ".".join(place.keys)), set()).update(standing)
    return {name: frozenset(standing) for name, standing in found.items()}
