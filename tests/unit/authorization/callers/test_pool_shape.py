"""What a user pool asks of a new user is met, or told."""

from typing import Any

import pytest

from services.authorization.callers.pool_shape import PoolShape, pool_shape, refuse_impossible
from services.errors import Refused
from tests.unit.pool_calls import POOL_ID, PoolCalls

NAME = "gatehouse-stand-in-x"


def shape(**pool: Any) -> PoolShape:
    """The shape of a pool that is described so."""
    return pool_shape(PoolCalls({"DescribeUserPool": {"UserPool": pool}}).client, POOL_ID)


def required(name: str, kind: str = "String", **bounds: Any) -> dict[str, Any]:
    constraints = "NumberAttributeConstraints" if kind == "Number" else "StringAttributeConstraints"
    return {"Name": name, "AttributeDataType": kind, "Required": True, **({constraints: bounds} if bounds else {})}


def test_an_open_pool_gets_an_address_that_counts_as_proved_and_nothing_else() -> None:
    made = shape()
    assert made.username(NAME) == NAME
    assert made.attributes(NAME) == {"email": f"{NAME}@stand-in.invalid", "email_verified": "true"}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (required("given_name"), NAME),
        (required("name", MaxLength="9"), NAME[:9]),
        (required("nickname", MinLength="25"), NAME + "x" * 5),
        (required("birthdate", MinLength="10", MaxLength="10"), "2000-01-01"),
        (required("phone_number"), "+12025550100"),
        (required("zoneinfo"), "UTC"),
        (required("updated_at", "Number", MinValue="0"), "0"),
        (required("custom:age", "Number", MinValue="18", MaxValue="99"), "18"),
        (required("custom:debt", "Number", MaxValue="-5"), "-5"),
        (required("custom:member", "Boolean"), "false"),
    ],
)
def test_a_required_attribute_gets_a_value_within_its_bounds(attribute: dict[str, Any], value: str) -> None:
    assert shape(SchemaAttributes=[attribute]).attributes(NAME)[attribute["Name"]] == value


def test_neither_the_sub_nor_what_is_optional_is_made_up() -> None:
    optional = {"Name": "locale", "AttributeDataType": "String", "Required": False}
    assert set(shape(SchemaAttributes=[required("sub"), optional]).attributes(NAME)) == {"email", "email_verified"}


def test_a_pool_of_addresses_gets_one_as_the_name() -> None:
    assert shape(UsernameAttributes=["phone_number", "email"]).username(NAME) == f"{NAME}@stand-in.invalid"


@pytest.mark.parametrize(
    ("pool", "why"),
    [({"MfaConfiguration": "ON"}, "second factor"), ({"UsernameAttributes": ["phone_number"]}, "phone number")],
)
def test_a_pool_that_can_have_no_stand_in_says_why(pool: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        refuse_impossible(shape(**pool))


@pytest.mark.parametrize("factors", ["OFF", "OPTIONAL"])
def test_a_pool_without_a_required_second_factor_can_have_stand_ins(factors: str) -> None:
    refuse_impossible(shape(MfaConfiguration=factors))
