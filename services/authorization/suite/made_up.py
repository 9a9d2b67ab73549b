"""Neutral values for arguments: valid for their type, and the name of nothing in particular."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    is_required_input_field,
)

TEXT = "made-up"

NEUTRAL: Mapping[str, Any] = {
    "Int": 1,
    "Float": 1.0,
    "String": TEXT,
    "ID": TEXT,
    "Boolean": False,
    "AWSDate": "1970-01-01",
    "AWSTime": "00:00:00Z",
    "AWSDateTime": "1970-01-01T00:00:00Z",
    "AWSTimestamp": 0,
    "AWSEmail": "made-up@example.com",
    "AWSJSON": "{}",
    "AWSURL": "https://example.com/",
    "AWSPhone": "+12025550100",
    "AWSIPAddress": "192.0.2.1",
}
"""By the name of the scalar. Another scalar's form is its owner's secret."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value can be made up.

    Attributes:
        why: the reason, in words.
    """

    why: str


def made_up(kind: GraphQLInputType, above: frozenset[str] = frozenset()) -> Any | Unknown:
    """A neutral value of an input type, or `Unknown`.

    An input object is made of its required fields alone. One that requires an id is not made up: inside an input object
    an id names what is to be changed, and a wrong one would only show that nothing was found.
    """
    match kind:
        case GraphQLNonNull():
            return made_up(kind.of_type, above)
        case GraphQLList():
            element = made_up(kind.of_type, above)
            return element if isinstance(element, Unknown) else [element]
        case GraphQLEnumType():
            return next(iter(kind.values), Unknown(f"the enum {kind.name} has no values"))
        case GraphQLScalarType():
            return NEUTRAL.get(kind.name, Unknown(f"{kind.name} is a scalar of this API's own"))
        case GraphQLInputObjectType():
            return _object(kind, above)


def _object(kind: GraphQLInputObjectType, above: frozenset[str]) -> dict[str, Any] | Unknown:
    if kind.name in above:
        return Unknown(f"{kind.name} holds itself")
    if kind.is_one_of:
        return Unknown(f"{kind.name} wants one of its fields, and doesn't say which")
    found: dict[str, Any] = {}
    for name, field in kind.fields.items():
        if not is_required_input_field(field):
            continue
        if str(field.type).strip("[]!") == "ID":
            return Unknown(f"{kind.name}.{name} is an id")
        value = made_up(field.type, above | {kind.name})
        if isinstance(value, Unknown):
            return value
        found[name] = value
    return found
