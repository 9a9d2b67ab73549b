"""One name for a field, in what is declared, agreed and observed.

The name of a field is its path in the answer, aliases as they are written, with `[]` after each list above it, however
deep that list nests: `listUsers.items[].email`. It never ends in `[]`: a list itself is `listUsers.items`.

For those who observe (the run) and those who compare (the findings): `services.authorization.fields.label` marks the
lists that an answer shows, and the entry of a refused field that stands in a list always shows it, so that
`Judged.refused` is in this form already. A *row* may not be: in an answer with no lists at all (everything null, a call
turned away) nothing tells that `items` is one. Take the names of rows from `labels_of`, which asks the schema, and pass
names of unknown origin through `canonical`. Whether an observation contradicts a prediction is for
`compatible.compatible` to say: fill `Observation.reached` by `reached` for it, since what stands below a null or an
empty list was never asked for.
"""

from collections.abc import Iterator, Mapping

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, parse

from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.walk import places
from services.authorization.evidence import Keys, errors_of, keys_of
from services.authorization.fields import label
from services.authorization.operations import Operation
from services.graphql import Answer


def labels_of(schema: ApiSchema, operation: Operation) -> Mapping[Keys, str]:
    """The name of each field that an operation selects, in the operation's order, parents first.

    A field that the schema doesn't have keeps its place, without marks of lists.
    """
    lists = lists_of(schema, operation)
    return {keys: label(keys, lists) for keys in operation.fields}


def lists_of(schema: ApiSchema, operation: Operation) -> frozenset[Keys]:
    """The selected fields that are lists by the schema."""
    found = places(schema.graphql, parse(operation.document), operation.name)
    return frozenset(place.keys for place in found if _is_list(place.type))


def _is_list(kind: GraphQLOutputType | None) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def canonical(name: str, labels: Mapping[Keys, str]) -> str:
    """The name of a field as `labels_of` gives it, from one that may lack marks of lists; else the name itself."""
    return labels.get(tuple(name.replace("[]", "").split(".")), name)


def reached(answer: Answer, operation: Operation, labels: Mapping[Keys, str]) -> frozenset[str]:
    """The names of the fields that an answer says something about: a value, a null of its own, or a refusal.

    What stands below a null or an empty list is not among them: nobody asked for it.
    """
    found = {keys_of(error.path) for error in errors_of(answer) if error.path}
    found |= set(_present(answer.body.get("data"), ()))
    return frozenset(labels.get(keys, ".".join(keys)) for keys in operation.fields if keys in found)


def _present(value: object, keys: Keys) -> Iterator[Keys]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*keys, key)
            yield from _present(below, (*keys, key))
    elif isinstance(value, list):
        for below in value:
            yield from _present(below, keys)
