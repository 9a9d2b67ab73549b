"""Capitals and small letters: one and the same to a pool that says so, as that of the stack does."""

import pytest

from tests.cloud import Cloud
from tests.contract.directories import FLOWS, PASSWORD, Directory
from tests.contract.refusals import refusal


def pool(cloud: Cloud, *, tells_apart: bool) -> Directory:
    """Make a pool that people sign in to by name or address, with Mara in it."""
    admin = cloud.client("cognito-idp")
    made = admin.create_user_pool(
        PoolName="letters", AliasAttributes=["email"], UsernameConfiguration={"CaseSensitive": tells_apart}
    )["UserPool"]["Id"]
    client = admin.create_user_pool_client(UserPoolId=made, ClientName="test", ExplicitAuthFlows=FLOWS)
    directory = Directory(admin, cloud.unsigned("cognito-idp"), made, client["UserPoolClient"]["ClientId"])
    directory.add("Mara")
    return directory


@pytest.mark.parametrize("name", ["mara", "MARA", "mara@example.com", "MARA@Example.com"])
def test_a_name_or_address_in_any_letters_is_the_same_person(local_cloud: Cloud, name: str) -> None:
    """MiniStack stores the setting and tells them apart."""
    directory = pool(local_cloud, tells_apart=False)
    own = {"UserPoolId": directory.pool_id}
    assert "IdToken" in directory.srp(name)["AuthenticationResult"]
    assert directory.admin.admin_get_user(**own, Username=name)["Username"] == "Mara"
    directory.admin.create_group(**own, GroupName="one")
    directory.admin.admin_add_user_to_group(**own, Username=name, GroupName="one")
    members = directory.admin.list_users_in_group(**own, GroupName="one")["Users"]
    assert [member["Username"] for member in members] == ["Mara"]
    directory.admin.admin_set_user_password(**own, Username=name, Password="Temporary-horse-9", Permanent=False)
    session = directory.srp(name, "Temporary-horse-9")["Session"]
    assert directory.answer("NEW_PASSWORD_REQUIRED", session, name, NEW_PASSWORD=PASSWORD)["AuthenticationResult"]


def test_nobody_else_gets_the_name_or_the_address_in_other_letters(local_cloud: Cloud) -> None:
    """MiniStack makes a second person of them."""
    directory = pool(local_cloud, tells_apart=False)
    own = {"UserPoolId": directory.pool_id}
    sign_up = {"ClientId": directory.client_id, "Username": "MARA", "Password": PASSWORD}
    assert refusal(directory.admin.admin_create_user, **own, Username="mara")[1] == "UsernameExistsException"
    assert refusal(directory.public.sign_up, **sign_up)[1] == "UsernameExistsException"
    address = [{"Name": "email", "Value": "MARA@example.com"}, {"Name": "email_verified", "Value": "true"}]
    refused = refusal(directory.admin.admin_create_user, **own, Username="twin", UserAttributes=address)
    assert refused[1] == "AliasExistsException"


def test_a_pool_that_tells_letters_apart_has_two_people_of_one_name(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, tells_apart=True)
    assert refusal(directory.srp, "mara")[1] == "UserNotFoundException"
    directory.add("mara")
    assert directory.srp("mara")["AuthenticationResult"]


def test_an_invitation_is_sent_again_to_a_name_in_other_letters(local_cloud: Cloud) -> None:
    directory = pool(local_cloud, tells_apart=False)
    own = {"UserPoolId": directory.pool_id}
    directory.admin.admin_create_user(**own, Username="Otto", MessageAction="SUPPRESS")
    again = directory.admin.admin_create_user(**own, Username="OTTO", MessageAction="RESEND")
    assert again["User"]["Username"] == "Otto"
