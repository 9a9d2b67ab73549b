"""Cognito's values have lengths, ranges, patterns and sets, which MiniStack doesn't hold them to."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.directories import Directory
from tests.contract.identity_pools import new_identity_pool
from tests.contract.refusals import refusal

NAMES = r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"

FLOOR: Any = {"Name": "floor", "AttributeDataType": "Number", "Mutable": True}
BADGE: Any = {"Name": "badge", "AttributeDataType": "String", "Mutable": True}
SINCE: Any = {"Name": "since", "AttributeDataType": "DateTime", "Mutable": True}


@pytest.fixture(scope="module")
def unchecked(local_cloud: Cloud) -> Any:
    """A client that sends whatever it is given."""
    return local_cloud.client("cognito-idp", parameter_validation=False)


@pytest.mark.parametrize(
    ("call", "given", "told"),
    [
        ("create_group", {"GroupName": "two words"}, f"Value 'two words' at 'groupName' {NAMES}"),
        ("create_group", {"GroupName": "no\u00a0break"}, f"Value 'no\u00a0break' at 'groupName' {NAMES}"),
        (
            "create_group",
            {"GroupName": ""},
            "Value '' at 'groupName' Member must have length greater than or equal to 1",
        ),
        (
            "create_group",
            {"GroupName": "low", "Precedence": -1},
            "Value '-1' at 'precedence' Member must have value greater than or equal to 0",
        ),
        ("admin_create_user", {"Username": "two words"}, f"Value at 'username' {NAMES}"),
        (
            "admin_create_user",
            {"Username": "n" * 129},
            "Value at 'username' Member must have length less than or equal to 128",
        ),
        (
            "admin_create_user",
            {"Username": "bird", "DesiredDeliveryMediums": ["PIGEON"]},
            "Value 'PIGEON' at 'desiredDeliveryMediums.1.member' Member must satisfy enum value set: [SMS, EMAIL]",
        ),
        (
            "admin_set_user_password",
            {"Username": "mara", "Permanent": True, "Password": "Aa1!" * 65},
            "Value at 'password' Member must have length less than or equal to 256",
        ),
    ],
)
def test_a_value_out_of_its_limits_is_named(
    directory: Directory, unchecked: Any, call: str, given: dict[str, Any], told: str
) -> None:
    place, _, constraint = told.partition(" Member")
    message = f"1 validation error detected: {place} failed to satisfy constraint: Member{constraint}"
    refused = refusal(getattr(unchecked, call), UserPoolId=directory.pool_id, **given)
    assert refused == (400, "InvalidParameterException", message)


def test_several_values_out_of_their_limits_are_named_together(directory: Directory, unchecked: Any) -> None:
    refused = refusal(unchecked.create_group, UserPoolId="?", GroupName="two words")
    assert refused[2].startswith("2 validation errors detected: ")
    assert {"'groupName'", "'userPoolId'"} <= set(refused[2].split())


def test_names_in_any_script_and_passwords_with_a_blank_within_are_in_their_limits(directory: Directory) -> None:
    for name in ("ärztin", "Мария", "李雷", "team-9", "a,b", "naïve€"):
        directory.admin.create_group(UserPoolId=directory.pool_id, GroupName=name)
    directory.add("mara", "Correct horse 9!")


def test_an_identity_pool_that_is_no_identity_pool_is_named(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    refused = refusal(pool.public.get_id, IdentityPoolId="somewhere")
    assert refused[:2] == (400, "ValidationException")
    assert refused[2].endswith(r"Member must satisfy regular expression pattern: [\w-]+:[0-9a-f-]+")


def update(directory: Directory, **values: str) -> None:
    attributes = [{"Name": name.replace("custom_", "custom:"), "Value": value} for name, value in values.items()]
    directory.admin.admin_update_user_attributes(
        UserPoolId=directory.pool_id, Username="mara", UserAttributes=attributes
    )


def create(directory: Directory, **values: str) -> None:
    attributes = [{"Name": name.replace("custom_", "custom:"), "Value": value} for name, value in values.items()]
    directory.admin.admin_create_user(
        UserPoolId=directory.pool_id, Username="new", MessageAction="SUPPRESS", UserAttributes=attributes
    )


@pytest.mark.parametrize("call", [create, update])
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("email", "nobody", "Invalid email address format."),
        ("email", "no body@example.com", "Invalid email address format."),
        ("email", "no\x1bbody@example.com", "Invalid email address format."),
        ("phone_number", "12345", "Invalid phone number format."),
        ("birthdate", "1.2.1990", "birthdate: String must be no shorter than 10 characters"),
        ("email_verified", "perhaps", "email_verified: "),
        ("custom_floor", "seven", "custom:floor: "),
        ("custom_floor", "nan", "custom:floor: "),
        ("custom_floor", "41", "custom:floor: "),
        ("custom_badge", "toolong", "custom:badge: String must be no longer than 4 characters"),
        ("custom_since", "yesterday", "custom:since: "),
    ],
)
def test_a_value_is_one_that_the_schema_takes(
    directory: Directory, call: Callable[..., None], name: str, value: str, told: str
) -> None:
    """MiniStack takes any text for any attribute."""
    directory.add("mara")
    directory.admin.add_custom_attributes(
        UserPoolId=directory.pool_id,
        CustomAttributes=[
            {**FLOOR, "NumberAttributeConstraints": {"MaxValue": "40"}},
            {**BADGE, "StringAttributeConstraints": {"MaxLength": "4"}},
            SINCE,
        ],
    )
    refused = refusal(call, directory, **{name: value})
    assert refused[1] == "InvalidParameterException"
    assert told in refused[2]


def test_values_that_the_schema_takes_are_kept(directory: Directory) -> None:
    directory.add("mara")
    directory.admin.add_custom_attributes(UserPoolId=directory.pool_id, CustomAttributes=[FLOOR, SINCE])
    good = {"birthdate": "1990-02-01", "phone_number": "+491701234567", "email": "m.a+ra@mail.example.com"}
    update(directory, **good, custom_floor="-2.5", custom_since="2026-11-28T05:00:00Z")


def test_a_blank_value_takes_an_attribute_away(directory: Directory) -> None:
    """MiniStack keeps it, blank."""
    directory.add("mara")
    update(directory, nickname="Moss")
    update(directory, nickname="", email="")
    found = directory.admin.admin_get_user(UserPoolId=directory.pool_id, Username="mara")["UserAttributes"]
    assert [held["Name"] for held in found] == ["sub"]
