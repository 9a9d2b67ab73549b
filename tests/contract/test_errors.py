"""The error of each operation: which one it is, and how much an app client lets it tell."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.directories import PASSWORD, Directory, new_directory
from tests.contract.refusals import refusal

NOBODY = "nobody"
ABOUT_A_USER: dict[str, dict[str, Any]] = {
    "admin_add_user_to_group": {"GroupName": "readers"},
    "admin_confirm_sign_up": {},
    "admin_delete_user": {},
    "admin_delete_user_attributes": {"UserAttributeNames": ["name"]},
    "admin_disable_user": {},
    "admin_enable_user": {},
    "admin_get_user": {},
    "admin_list_groups_for_user": {},
    "admin_remove_user_from_group": {"GroupName": "readers"},
    "admin_reset_user_password": {},
    "admin_set_user_mfa_preference": {},
    "admin_set_user_password": {"Password": PASSWORD},
    "admin_update_user_attributes": {"UserAttributes": [{"Name": "name", "Value": "Mara"}]},
    "admin_user_global_sign_out": {},
}
ABOUT_A_GROUP: dict[str, dict[str, Any]] = {
    "admin_add_user_to_group": {"Username": "mara"},
    "admin_remove_user_from_group": {"Username": "mara"},
    "delete_group": {},
    "get_group": {},
    "list_users_in_group": {},
    "update_group": {},
}

Calls = dict[str, Callable[[str], Any]]


@pytest.fixture(scope="module")
def pool(local_cloud: Cloud) -> Directory:
    """A pool with one person and one group."""
    made = new_directory(local_cloud)
    made.add("mara")
    made.admin.create_group(UserPoolId=made.pool_id, GroupName="readers")
    return made


@pytest.mark.row("5.5 Exceptions per operation")
@pytest.mark.parametrize("call", ABOUT_A_USER)
def test_an_administrator_is_told_who_is_not_there(pool: Directory, call: str) -> None:
    refused = refusal(getattr(pool.admin, call), UserPoolId=pool.pool_id, Username=NOBODY, **ABOUT_A_USER[call])
    assert refused == (400, "UserNotFoundException", "User does not exist.")


@pytest.mark.row("5.5 Exceptions per operation")
@pytest.mark.parametrize("call", ABOUT_A_GROUP)
def test_a_group_that_is_not_there_is_a_resource_that_is_not_found(pool: Directory, call: str) -> None:
    """MiniStack takes somebody out of a group that doesn't exist."""
    refused = refusal(getattr(pool.admin, call), UserPoolId=pool.pool_id, GroupName="none", **ABOUT_A_GROUP[call])
    assert refused[1] == "ResourceNotFoundException"


@pytest.mark.row("5.5 Exceptions per operation")
def test_what_exists_cannot_be_made_again_and_a_weak_password_is_named_so(pool: Directory) -> None:
    own = {"UserPoolId": pool.pool_id}
    public = {"ClientId": pool.client_id}
    access = pool.srp("mara")["AuthenticationResult"]["AccessToken"]
    change = {"AccessToken": access, "PreviousPassword": PASSWORD}
    told = [
        refusal(pool.admin.create_group, **own, GroupName="readers"),
        refusal(pool.admin.admin_create_user, **own, Username="mara"),
        refusal(pool.public.sign_up, **public, Username="mara", Password=PASSWORD),
        refusal(pool.admin.admin_create_user, **own, Username="new", TemporaryPassword="weak-1"),
        refusal(pool.admin.admin_set_user_password, **own, Username="mara", Password="weak-1"),
        refusal(pool.public.sign_up, **public, Username="new", Password="weak-1"),
        refusal(pool.public.change_password, **change, ProposedPassword="weak-1"),
        refusal(pool.admin.list_users, UserPoolId="us-east-1_Nowhere00"),
    ]
    assert [code for _, code, _ in told] == [
        "GroupExistsException",
        *["UsernameExistsException"] * 2,
        *["InvalidPasswordException"] * 4,
        "ResourceNotFoundException",
    ]


def by_client(directory: Directory) -> Calls:
    """Return the calls of an app client that name a user."""
    public, client = directory.public, {"ClientId": directory.client_id}
    password = {"AuthFlow": "USER_PASSWORD_AUTH"}
    return {
        "password": lambda name: public.initiate_auth(
            **client, **password, AuthParameters={"USERNAME": name, "PASSWORD": "Wrong-horse-9"}
        ),
        "administrator": lambda name: directory.admin.admin_initiate_auth(
            UserPoolId=directory.pool_id,
            **client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": "Wrong-horse-9"},
        ),
        "srp": lambda name: directory.srp(name, "Wrong-horse-9"),
        "confirm": lambda name: public.confirm_sign_up(**client, Username=name, ConfirmationCode="000000"),
        "recover": lambda name: public.confirm_forgot_password(
            **client, Username=name, ConfirmationCode="000000", Password=PASSWORD
        ),
        "forgot": lambda name: public.forgot_password(**client, Username=name),
        "again": lambda name: public.resend_confirmation_code(**client, Username=name),
    }


@pytest.mark.row("5.5 PreventUserExistenceErrors")
def test_where_the_client_hides_it_nobody_learns_who_exists(local_cloud: Cloud) -> None:
    """MiniStack shows of a name alone that it is nobody's where a code would have gone."""
    directory = new_directory(local_cloud)
    directory.add("mara")
    calls = by_client(directory)
    for flow in ("password", "administrator", "srp"):
        told = refusal(calls[flow], NOBODY)
        assert (
            told == refusal(calls[flow], "mara") == (400, "NotAuthorizedException", "Incorrect username or password.")
        )
    assert refusal(calls["confirm"], NOBODY)[1] == refusal(calls["recover"], NOBODY)[1] == "CodeMismatchException"
    shown, simulated = calls["forgot"]("mara"), calls["forgot"](NOBODY)
    for answer in (shown, simulated):
        details = answer["CodeDeliveryDetails"]
        assert (details["DeliveryMedium"], details["AttributeName"]) == ("EMAIL", "email")
        assert [len(part) for part in details["Destination"].split("@")] == [5, 5]
    assert calls["again"](NOBODY)["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    taken = refusal(directory.public.sign_up, ClientId=directory.client_id, Username="mara", Password=PASSWORD)
    assert taken[1] == "UsernameExistsException"


@pytest.mark.row("5.5 PreventUserExistenceErrors")
def test_where_the_client_tells_it_everybody_learns_who_exists(local_cloud: Cloud) -> None:
    directory = new_directory(local_cloud, PreventUserExistenceErrors="LEGACY")
    for name, call in by_client(directory).items():
        assert refusal(call, NOBODY)[1] == "UserNotFoundException", name
