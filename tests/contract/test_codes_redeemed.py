"""Codes taken from the outbox and redeemed: sign-up and reset, all the way to signed in."""

from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract import codes
from tests.contract.directories import FLOWS, PASSWORD, Directory, new_directory
from tests.contract.refusals import refusal

OTHER_PASSWORD = "Another-horse-7"
WRONG = "Invalid verification code provided, please try again."


def by_address(cloud: Cloud) -> Directory:
    """Make a pool whose people prove their e-mail address, and may sign in by it."""
    plain = new_directory(cloud)
    made = plain.admin.create_user_pool(
        PoolName="by address", AliasAttributes=["email"], AutoVerifiedAttributes=["email"]
    )
    pool_id = made["UserPool"]["Id"]
    client = plain.admin.create_user_pool_client(UserPoolId=pool_id, ClientName="test", ExplicitAuthFlows=FLOWS)
    return Directory(plain.admin, plain.public, pool_id, client["UserPoolClient"]["ClientId"])


def sign_up(directory: Directory, name: str, address: str = "mara@example.com") -> dict[str, Any]:
    answer: dict[str, Any] = directory.public.sign_up(
        ClientId=directory.client_id,
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": address}],
    )
    return answer


def confirm(directory: Directory, name: str, code: str, **more: Any) -> None:
    directory.public.confirm_sign_up(ClientId=directory.client_id, Username=name, ConfirmationCode=code, **more)


def recover(directory: Directory, name: str, code: str, password: str = OTHER_PASSWORD) -> None:
    directory.public.confirm_forgot_password(
        ClientId=directory.client_id, Username=name, ConfirmationCode=code, Password=password
    )


def verified(directory: Directory, name: str) -> str | None:
    held = directory.admin.admin_get_user(UserPoolId=directory.pool_id, Username=name)["UserAttributes"]
    return {each["Name"]: each["Value"] for each in held}.get("email_verified")


@pytest.mark.row("5.4 User states")
def test_a_sign_up_is_confirmed_by_the_code_that_was_sent_and_signs_in(local_cloud: Cloud) -> None:
    directory = by_address(local_cloud)
    answer = sign_up(directory, "mara")
    assert answer["CodeDeliveryDetails"]["Destination"] == "m****@e****"
    code = codes.code(local_cloud, directory, "mara")
    assert refusal(confirm, directory, "mara", codes.another(code))[1:] == ("CodeMismatchException", WRONG)
    confirm(directory, "mara", code)
    assert verified(directory, "mara") == "true"
    assert directory.srp("mara")["AuthenticationResult"]["IdToken"]
    assert directory.srp("mara@example.com")["AuthenticationResult"]["IdToken"]
    used = refusal(confirm, directory, "mara", code)
    assert used[1:] == ("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")


def test_a_code_that_was_sent_again_replaces_the_one_before(local_cloud: Cloud) -> None:
    directory = by_address(local_cloud)
    sign_up(directory, "mara")
    first = codes.code(local_cloud, directory, "mara")
    directory.public.resend_confirmation_code(ClientId=directory.client_id, Username="mara")
    second = codes.code(local_cloud, directory, "mara")
    if first != second:
        assert refusal(confirm, directory, "mara", first)[1] == "CodeMismatchException"
    confirm(directory, "mara", second)


def test_a_forgotten_password_is_replaced_by_the_code_that_was_sent(local_cloud: Cloud) -> None:
    directory = new_directory(local_cloud)
    directory.add("mara")
    directory.public.forgot_password(ClientId=directory.client_id, Username="mara")
    code = codes.code(local_cloud, directory, "mara")
    assert refusal(recover, directory, "mara", codes.another(code))[1:] == ("CodeMismatchException", WRONG)
    assert refusal(recover, directory, "mara", code, "short")[1] == "InvalidPasswordException"
    recover(directory, "mara", code)
    assert refusal(directory.srp, "mara")[1] == "NotAuthorizedException"
    assert directory.srp("mara", OTHER_PASSWORD)["AuthenticationResult"]["IdToken"]
    assert refusal(recover, directory, "mara", code)[1] == "ExpiredCodeException"


def test_a_reset_by_an_administrator_is_completed_by_the_code_that_was_sent(
    directory: Directory, local_cloud: Cloud
) -> None:
    directory.add("mara")
    directory.admin.admin_reset_user_password(UserPoolId=directory.pool_id, Username="mara")
    assert refusal(directory.srp, "mara")[1] == "PasswordResetRequiredException"
    sent = codes.messages(local_cloud, directory, "mara")[0]
    assert sent["kind"] == "reset code"
    recover(directory, "mara", sent["secret"])
    assert directory.srp("mara", OTHER_PASSWORD)["AuthenticationResult"]["IdToken"]


def test_after_five_wrong_codes_the_right_one_has_to_wait_too(directory: Directory, local_cloud: Cloud) -> None:
    directory.add("mara")
    directory.public.forgot_password(ClientId=directory.client_id, Username="mara")
    code = codes.code(local_cloud, directory, "mara")
    for _ in range(5):
        assert refusal(recover, directory, "mara", codes.another(code))[1] == "CodeMismatchException"
    assert refusal(recover, directory, "mara", code)[1] == "LimitExceededException"
    assert directory.srp("mara")["AuthenticationResult"]


@pytest.mark.row("5.5 Exceptions per operation")
def test_an_address_that_is_somebody_else_s_is_not_confirmed_unless_it_is_taken_over(local_cloud: Cloud) -> None:
    """MiniStack verifies one address for two people, of whom the first is then found by it."""
    directory = by_address(local_cloud)
    for name in ("mara", "nele"):
        sign_up(directory, name)
    confirm(directory, "mara", codes.code(local_cloud, directory, "mara"))
    code = codes.code(local_cloud, directory, "nele")
    refused = refusal(confirm, directory, "nele", code)
    assert refused[1:] == ("AliasExistsException", "An account with the email already exists.")
    confirm(directory, "nele", code, ForceAliasCreation=True)
    assert (verified(directory, "mara"), verified(directory, "nele")) == ("false", "true")


def test_whoever_signs_up_gives_what_the_pool_requires(local_cloud: Cloud) -> None:
    """MiniStack signs people up without an address that the pool requires."""
    backend = local_cloud.backend
    refused = refusal(
        local_cloud.unsigned("cognito-idp").sign_up,
        ClientId=backend["UserPoolClientId"],
        Username="nobody-yet",
        Password="Correct-horse-battery-9",
    )
    assert refused[1] == "InvalidParameterException"
    assert "email: The attribute is required" in refused[2]
