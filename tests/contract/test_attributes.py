"""Attributes: only those that the pool has, removed by an administrator, verified only as long as they stay."""

from typing import Any

import pytest

from tests.contract.directories import PASSWORD, Directory
from tests.contract.refusals import refusal

UNKNOWN = [{"Name": "custom:tier", "Value": "gold"}]


def attributes(directory: Directory, name: str) -> dict[str, str]:
    """Return somebody's attributes as AdminGetUser shows them."""
    found = directory.admin.admin_get_user(UserPoolId=directory.pool_id, Username=name)["UserAttributes"]
    return {held["Name"]: held["Value"] for held in found}


def update(directory: Directory, name: str, **values: str) -> None:
    directory.admin.admin_update_user_attributes(
        UserPoolId=directory.pool_id,
        Username=name,
        UserAttributes=[{"Name": key, "Value": value} for key, value in values.items()],
    )


def remove(directory: Directory, name: str, *names: str) -> None:
    directory.admin.admin_delete_user_attributes(
        UserPoolId=directory.pool_id, Username=name, UserAttributeNames=list(names)
    )


def test_an_administrator_removes_attributes_and_an_address_takes_its_mark_with_it(directory: Directory) -> None:
    """MiniStack has no AdminDeleteUserAttributes."""
    directory.add("mara")
    update(directory, "mara", given_name="Mara", family_name="Moss")
    remove(directory, "mara", "given_name", "email", "nickname")
    assert set(attributes(directory, "mara")) == {"sub", "family_name"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sub", "Cannot modify the non-mutable attribute sub"),
        ("custom:tier", "user.custom:tier: Attribute does not exist in the schema."),
    ],
)
def test_what_identifies_somebody_or_does_not_exist_cannot_be_removed(
    directory: Directory, name: str, told: str
) -> None:
    """MiniStack has no AdminDeleteUserAttributes."""
    directory.add("mara")
    _, code, message = refusal(remove, directory, "mara", name)
    assert (code, message.strip()) == ("InvalidParameterException", told)
    assert "sub" in attributes(directory, "mara")


def test_nobody_s_attributes_cannot_be_removed(directory: Directory) -> None:
    """MiniStack has no AdminDeleteUserAttributes."""
    assert refusal(remove, directory, "nobody", "name")[1] == "UserNotFoundException"


@pytest.mark.parametrize("call", ["admin_create_user", "sign_up", "admin_update_user_attributes"])
def test_an_attribute_that_the_pool_does_not_have_is_refused(directory: Directory, call: str) -> None:
    """MiniStack takes any attribute."""
    directory.add("mara")
    pool: dict[str, Any] = {"UserPoolId": directory.pool_id}
    calls = {
        "admin_create_user": lambda: directory.admin.admin_create_user(**pool, Username="new", UserAttributes=UNKNOWN),
        "sign_up": lambda: directory.public.sign_up(
            ClientId=directory.client_id, Username="new", Password=PASSWORD, UserAttributes=UNKNOWN
        ),
        "admin_update_user_attributes": lambda: directory.admin.admin_update_user_attributes(
            **pool, Username="mara", UserAttributes=UNKNOWN
        ),
    }
    _, code, message = refusal(calls[call])
    assert code == "InvalidParameterException"
    assert "custom:tier: Attribute does not exist in the schema." in message
    directory.admin.add_custom_attributes(
        **pool, CustomAttributes=[{"Name": "tier", "AttributeDataType": "String", "Mutable": True}]
    )
    calls[call]()


def test_a_custom_attribute_that_cannot_change_does_not(directory: Directory) -> None:
    """MiniStack changes what the schema calls immutable."""
    directory.add("mara")
    directory.admin.add_custom_attributes(
        UserPoolId=directory.pool_id,
        CustomAttributes=[{"Name": "number", "AttributeDataType": "String", "Mutable": False}],
    )
    refused = refusal(update, directory, "mara", **{"custom:number": "7"})
    assert refused[1:] == ("InvalidParameterException", "Cannot modify the non-mutable attribute custom:number")


def test_a_new_address_is_not_verified_unless_the_administrator_says_so(directory: Directory) -> None:
    """MiniStack keeps `email_verified` of the address before."""
    directory.add("mara")
    update(directory, "mara", email="mara@example.com")
    assert attributes(directory, "mara")["email_verified"] == "true"
    update(directory, "mara", email="other@example.com")
    assert attributes(directory, "mara")["email_verified"] == "false"
    update(directory, "mara", email="third@example.com", email_verified="true")
    assert attributes(directory, "mara")["email_verified"] == "true"
