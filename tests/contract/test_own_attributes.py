"""What people do with their own attributes: change them, remove them, prove an address."""

from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract import codes
from tests.contract.directories import FLOWS, Directory, new_directory
from tests.contract.refusals import refusal


def pool(cloud: Cloud, **settings: Any) -> Directory:
    """Make a pool that proves e-mail addresses."""
    plain = new_directory(cloud)
    made = plain.admin.create_user_pool(PoolName="proving", AutoVerifiedAttributes=["email"], **settings)
    pool_id = made["UserPool"]["Id"]
    client = plain.admin.create_user_pool_client(UserPoolId=pool_id, ClientName="test", ExplicitAuthFlows=FLOWS)
    return Directory(plain.admin, plain.public, pool_id, client["UserPoolClient"]["ClientId"])


def access(directory: Directory, name: str) -> str:
    return str(directory.srp(name)["AuthenticationResult"]["AccessToken"])


def attributes(directory: Directory, token: str) -> dict[str, str]:
    held = directory.public.get_user(AccessToken=token)["UserAttributes"]
    return {each["Name"]: each["Value"] for each in held}


def update(directory: Directory, token: str, **values: str) -> list[dict[str, str]]:
    given = [{"Name": name, "Value": value} for name, value in values.items()]
    told: list[dict[str, str]] = directory.public.update_user_attributes(AccessToken=token, UserAttributes=given)[
        "CodeDeliveryDetailsList"
    ]
    return told


def verify(directory: Directory, token: str, code: str, name: str = "email") -> None:
    directory.public.verify_user_attribute(AccessToken=token, AttributeName=name, Code=code)


def test_a_new_address_is_proved_by_the_code_that_goes_to_it(local_cloud: Cloud) -> None:
    """MiniStack sends nothing, and has no VerifyUserAttribute."""
    directory = pool(local_cloud)
    directory.add("mara")
    token = access(directory, "mara")
    told = update(directory, token, email="new@example.org", given_name="Mara")
    assert told == [{"Destination": "n****@e****", "DeliveryMedium": "EMAIL", "AttributeName": "email"}]
    assert attributes(directory, token)["email"] == "new@example.org"
    assert attributes(directory, token)["email_verified"] == "false"
    sent = codes.messages(local_cloud, directory, "mara")[0]
    assert (sent["kind"], sent["destination"]) == ("verification code", "new@example.org")
    refused = refusal(verify, directory, token, codes.another(sent["secret"]))
    assert refused[1] == "CodeMismatchException"
    verify(directory, token, sent["secret"])
    assert attributes(directory, token)["email_verified"] == "true"
    assert refusal(verify, directory, token, sent["secret"])[1] == "ExpiredCodeException"


def test_where_the_old_address_is_kept_the_new_one_counts_once_it_is_proved(local_cloud: Cloud) -> None:
    """MiniStack stores the setting and takes the new address at once."""
    directory = pool(local_cloud, UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]})
    directory.add("mara")
    token = access(directory, "mara")
    update(directory, token, email="new@example.org", given_name="Mara")
    shown = attributes(directory, token)
    assert (shown["email"], shown["email_verified"], shown["given_name"]) == ("mara@example.com", "true", "Mara")
    verify(directory, token, codes.code(local_cloud, directory, "mara"))
    shown = attributes(directory, token)
    assert (shown["email"], shown["email_verified"]) == ("new@example.org", "true")


def test_an_administrator_s_change_waits_as_well_unless_it_says_verified(local_cloud: Cloud) -> None:
    """MiniStack takes the new address at once."""
    directory = pool(local_cloud, UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]})
    directory.add("mara")
    token = access(directory, "mara")
    user = {"UserPoolId": directory.pool_id, "Username": "mara"}
    address = {"Name": "email", "Value": "new@example.org"}
    directory.admin.admin_update_user_attributes(**user, UserAttributes=[address])
    assert attributes(directory, token)["email"] == "mara@example.com"
    assert codes.messages(local_cloud, directory, "mara")[0]["destination"] == "new@example.org"
    directory.admin.admin_update_user_attributes(
        **user, UserAttributes=[address, {"Name": "email_verified", "Value": "true"}]
    )
    assert attributes(directory, token)["email"] == "new@example.org"


def test_a_code_is_asked_for_by_name_of_the_address(local_cloud: Cloud) -> None:
    """MiniStack has no GetUserAttributeVerificationCode."""
    directory = pool(local_cloud)
    directory.add("mara")
    token = access(directory, "mara")
    ask = directory.public.get_user_attribute_verification_code
    update(directory, token, phone_number="+491701234567")
    told = ask(AccessToken=token, AttributeName="phone_number")["CodeDeliveryDetails"]
    assert told == {"Destination": "+*******4567", "DeliveryMedium": "SMS", "AttributeName": "phone_number"}
    code = codes.code(local_cloud, directory, "mara")
    assert refusal(verify, directory, token, code)[1] == "ExpiredCodeException"
    verify(directory, token, code, "phone_number")
    assert attributes(directory, token)["phone_number_verified"] == "true"
    assert refusal(ask, AccessToken=token, AttributeName="given_name")[1] == "InvalidParameterException"
    directory.public.delete_user_attributes(AccessToken=token, UserAttributeNames=["phone_number"])
    assert refusal(ask, AccessToken=token, AttributeName="phone_number")[1] == "InvalidParameterException"


def test_an_address_by_which_somebody_signs_in_is_nobody_else_s(local_cloud: Cloud) -> None:
    """MiniStack lets anybody take over a name that somebody else signs in by."""
    directory = pool(local_cloud, AliasAttributes=["email"])
    for name in ("mara", "victim"):
        directory.add(name)
    token = access(directory, "mara")
    update(directory, token, email="victim@example.com")
    refused = refusal(verify, directory, token, codes.code(local_cloud, directory, "mara"))
    assert refused[1:] == ("AliasExistsException", "An account with the email already exists.")
    given = [{"Name": "email", "Value": "victim@example.com"}, {"Name": "email_verified", "Value": "true"}]
    by_administrator = refusal(
        directory.admin.admin_update_user_attributes,
        UserPoolId=directory.pool_id,
        Username="mara",
        UserAttributes=given,
    )
    assert by_administrator[1] == "AliasExistsException"


def test_people_remove_what_is_theirs_to_remove(directory: Directory) -> None:
    """MiniStack has no DeleteUserAttributes."""
    directory.add("mara")
    token = access(directory, "mara")
    update(directory, token, given_name="Mara")
    remove = directory.public.delete_user_attributes
    remove(AccessToken=token, UserAttributeNames=["given_name", "email"])
    assert set(attributes(directory, token)) == {"sub"}
    for name in ("sub", "email_verified", "custom:none"):
        assert refusal(remove, AccessToken=token, UserAttributeNames=[name])[0] == 400


@pytest.mark.parametrize("call", ["verify_user_attribute", "delete_user_attributes"])
def test_a_token_that_is_none_or_was_signed_out_changes_nothing(directory: Directory, call: str) -> None:
    directory.add("mara")
    token = access(directory, "mara")
    directory.public.global_sign_out(AccessToken=token)
    rest = {
        "verify_user_attribute": {"AttributeName": "email", "Code": "123456"},
        "delete_user_attributes": {"UserAttributeNames": ["email"]},
    }[call]
    for dead in (token, "none"):
        refused = refusal(getattr(directory.public, call), AccessToken=dead, **rest)
        assert refused[1] == "NotAuthorizedException"


def test_what_the_pool_requires_comes_with_the_new_password(local_cloud: Cloud) -> None:
    """MiniStack never asks for it."""
    plain = new_directory(local_cloud)
    required = [{"Name": "email", "Required": True, "Mutable": True}]
    pool_id = plain.admin.create_user_pool(PoolName="requiring", Schema=required)["UserPool"]["Id"]
    client = plain.admin.create_user_pool_client(UserPoolId=pool_id, ClientName="test", ExplicitAuthFlows=FLOWS)
    directory = Directory(plain.admin, plain.public, pool_id, client["UserPoolClient"]["ClientId"])
    directory.admin.admin_create_user(UserPoolId=pool_id, Username="mara", TemporaryPassword="Welcome-horse-7")
    asked = directory.srp("mara", "Welcome-horse-7")
    assert asked["ChallengeParameters"]["requiredAttributes"] == '["userAttributes.email"]'
    answer = {"NEW_PASSWORD": "Another-horse-7"}
    refused = refusal(directory.answer, "NEW_PASSWORD_REQUIRED", asked["Session"], "mara", **answer)
    assert refused[1:] == ("InvalidParameterException", "Invalid attributes given, email is missing")
    answer["userAttributes.email"] = "mara@example.com"
    assert directory.answer("NEW_PASSWORD_REQUIRED", asked["Session"], "mara", **answer)["AuthenticationResult"]
