"""Sign-up and reset: the states that lead there and out again."""

import time
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.directories import PASSWORD, Directory, new_directory
from tests.contract.refusals import refusal

NO_ADDRESS = "Cannot reset password for the user as there is no registered/verified email or phone_number"


def status(directory: Directory, name: str) -> str:
    found = directory.admin.admin_get_user(UserPoolId=directory.pool_id, Username=name)
    return str(found["UserStatus"])


def sign_up(directory: Directory, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = directory.public.sign_up(
        ClientId=directory.client_id,
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )
    return answer


def confirm(directory: Directory, name: str, code: str) -> None:
    directory.public.confirm_sign_up(ClientId=directory.client_id, Username=name, ConfirmationCode=code)


def recover(directory: Directory, name: str, code: str) -> None:
    directory.public.confirm_forgot_password(
        ClientId=directory.client_id, Username=name, ConfirmationCode=code, Password=PASSWORD
    )


def reset(directory: Directory, name: str) -> None:
    directory.admin.admin_reset_user_password(UserPoolId=directory.pool_id, Username=name)


def forgot(directory: Directory, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = directory.public.forgot_password(ClientId=directory.client_id, Username=name)
    return answer["CodeDeliveryDetails"]


def test_a_sign_up_waits_for_its_code_and_the_fixed_one_is_none(directory: Directory) -> None:
    """MiniStack confirms every sign-up by 123456. (Once in a million the code is that one.)"""
    assert sign_up(directory, "mara")["UserConfirmed"] is False
    assert refusal(directory.srp, "mara")[1] == "UserNotConfirmedException"
    assert refusal(confirm, directory, "mara", "123456")[1] == "CodeMismatchException"
    assert status(directory, "mara") == "UNCONFIRMED"


def test_after_five_wrong_codes_no_more_are_looked_at(directory: Directory) -> None:
    """MiniStack lets a code be guessed without end."""
    sign_up(directory, "mara")
    for code in range(5):
        assert refusal(confirm, directory, "mara", f"{code:06d}")[1] == "CodeMismatchException"
    assert refusal(confirm, directory, "mara", "000005")[1:] == (
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
    )


def test_an_administrator_confirms_whoever_waits_for_it_and_nobody_else(directory: Directory) -> None:
    """MiniStack's AdminConfirmSignUp confirms whoever it is, a temporary or a reset password included."""
    pool = {"UserPoolId": directory.pool_id}
    sign_up(directory, "mara")
    directory.admin.admin_confirm_sign_up(**pool, Username="mara")
    assert directory.srp("mara")["AuthenticationResult"]
    directory.add("new", permanent=False)
    for name, state in (("mara", "CONFIRMED"), ("new", "FORCE_CHANGE_PASSWORD")):
        assert refusal(directory.admin.admin_confirm_sign_up, **pool, Username=name)[1:] == (
            "NotAuthorizedException",
            f"User cannot be confirmed. Current status is {state}",
        )
    assert status(directory, "new") == "FORCE_CHANGE_PASSWORD"


def test_a_code_is_sent_again_only_to_somebody_who_waits_for_it(directory: Directory) -> None:
    """MiniStack sends one to anybody."""
    sign_up(directory, "mara")
    again = {"ClientId": directory.client_id, "Username": "mara"}
    assert directory.public.resend_confirmation_code(**again)["CodeDeliveryDetails"]["Destination"] == "m****@e****"
    directory.admin.admin_confirm_sign_up(UserPoolId=directory.pool_id, Username="mara")
    refused = refusal(directory.public.resend_confirmation_code, **again)
    assert refused[1:] == ("InvalidParameterException", "User is already confirmed.")


@pytest.mark.row("5.4 User states")
def test_a_reset_bars_the_old_password_until_a_code_sets_a_new_one(directory: Directory) -> None:
    """MiniStack resets every password by 654321. (Once in a million the code is that one.)"""
    directory.add("mara")
    reset(directory, "mara")
    assert status(directory, "mara") == "RESET_REQUIRED"
    assert refusal(directory.srp, "mara")[1] == "PasswordResetRequiredException"
    assert refusal(recover, directory, "mara", "654321")[1] == "CodeMismatchException"
    assert status(directory, "mara") == "RESET_REQUIRED"


def test_nobody_is_reset_who_has_no_way_back_in(directory: Directory) -> None:
    """MiniStack resets anybody, and confirms an invited person past the temporary password."""
    directory.add("new", permanent=False)
    directory.add("mara")
    directory.admin.admin_delete_user_attributes(
        UserPoolId=directory.pool_id, Username="mara", UserAttributeNames=["email_verified"]
    )
    assert refusal(reset, directory, "new")[1:] == (
        "NotAuthorizedException",
        "User password cannot be reset in the current state.",
    )
    assert refusal(forgot, directory, "new")[1] == "NotAuthorizedException"
    assert refusal(reset, directory, "mara")[1:] == ("InvalidParameterException", NO_ADDRESS)
    assert (status(directory, "new"), status(directory, "mara")) == ("FORCE_CHANGE_PASSWORD", "CONFIRMED")


def test_without_a_request_there_is_no_code(directory: Directory) -> None:
    directory.add("mara")
    assert refusal(recover, directory, "mara", "654321")[1] == "ExpiredCodeException"


@pytest.mark.parametrize("setting", ["ENABLED", "LEGACY"])
def test_forgot_password_tells_as_much_as_the_client_allows(local_cloud: Cloud, setting: str) -> None:
    """MiniStack sends a code to a disabled user and to an address that nobody verified."""
    directory = new_directory(local_cloud, PreventUserExistenceErrors=setting)
    pool = {"UserPoolId": directory.pool_id}
    for name in ("mara", "off", "unverified"):
        directory.add(name)
    directory.admin.admin_disable_user(**pool, Username="off")
    directory.admin.admin_delete_user_attributes(**pool, Username="unverified", UserAttributeNames=["email_verified"])
    assert forgot(directory, "mara")["Destination"] == "m****@e****"
    codes = {"off": "NotAuthorizedException", "unverified": "InvalidParameterException", "no": "UserNotFoundException"}
    for name, code in codes.items():
        if setting == "ENABLED":
            assert forgot(directory, name)["DeliveryMedium"] == "EMAIL"
            assert refusal(recover, directory, name, "654321")[1] in {"ExpiredCodeException", "CodeMismatchException"}
        else:
            assert refusal(forgot, directory, name)[1] == code


def test_after_many_wrong_passwords_the_right_one_has_to_wait_in_every_flow(directory: Directory) -> None:
    """MiniStack lets a password be guessed without end."""
    directory.add("mara")
    client = {"ClientId": directory.client_id}

    def by_password(password: str) -> None:
        parameters = {"USERNAME": "mara", "PASSWORD": password}
        directory.public.initiate_auth(**client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)

    def by_administrator(password: str) -> None:
        parameters = {"USERNAME": "mara", "PASSWORD": password}
        pool = {"UserPoolId": directory.pool_id}
        directory.admin.admin_initiate_auth(
            **pool, **client, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=parameters
        )

    # The eighth wrong password makes everybody wait eight seconds, which is time enough for three tries.
    for seconds in (0, 0, 0, 0, 1, 2, 4, 0):
        assert refusal(by_password, "Wrong-horse-9")[2] == "Incorrect username or password."
        time.sleep(seconds)
    for sign_in in (by_password, by_administrator, lambda password: directory.srp("mara", password)):
        assert refusal(sign_in, PASSWORD)[1:] == ("NotAuthorizedException", "Password attempts exceeded")
