"""What Cognito's refusals of a sign-in are told as, and that none of it shows a secret."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from services.errors import SignInError, TooManyRequests, Unavailable
from services.secret import Secret
from services.sign_in import SignIn
from services.sign_in_challenges import (
    CodeRequired,
    Enrolment,
    NewPasswordRequired,
)
from services.sign_in_refusals import StillOpen
from tests.unit.sign_in_calls import PASSWORD, SESSION, VERIFIER, signing_in


@pytest.fixture
def cognito() -> Iterator[Any]:
    """(sign-in, stub of Cognito)."""
    with signing_in() as pair:
        yield pair


def refused(sign_in: SignIn, stub: Stubber, code: str, message: str) -> SignInError:
    """What a refusal of the proof is told as."""
    stub.add_response("initiate_auth", VERIFIER)
    stub.add_client_error("respond_to_auth_challenge", code, message)
    with pytest.raises(SignInError) as told:
        sign_in.start("ada", PASSWORD)
    return told.value


@pytest.mark.parametrize(
    ("code", "message", "why"),
    [
        ("NotAuthorizedException", "Incorrect username or password.", "The user name or the password is wrong"),
        ("UserNotFoundException", "User does not exist.", "The user name or the password is wrong"),
        ("NotAuthorizedException", "User is disabled.", "The account is disabled"),
        (
            "NotAuthorizedException",
            "Password attempts exceeded",
            "There were too many wrong passwords for this account",
        ),
        (
            "NotAuthorizedException",
            "Temporary password has expired and must be reset by an administrator.",
            "The temporary password has expired",
        ),
        (
            "InvalidParameterException",
            "USER_SRP_AUTH is not enabled for the client.",
            "The app client does not allow the way of signing in that is configured",
        ),
        (
            "NotAuthorizedException",
            "Unable to verify secret hash for client client1",
            "The app client's secret is missing in the settings, or it is another one",
        ),
        (
            "ResourceNotFoundException",
            "User pool client client1 does not exist.",
            "The user pool or the app client that is configured does not exist",
        ),
        ("UserLambdaValidationException", "PreAuthentication failed: not today", "PreAuthentication failed: not today"),
    ],
)
def test_a_refusal_is_told_in_words_with_its_next_step(cognito: Any, code: str, message: str, why: str) -> None:
    told = refused(*cognito, code, message)

    assert (told.why, told.code, bool(told.next_step)) == (why, code, True)
    assert not isinstance(told, StillOpen)


def test_an_unknown_user_and_a_wrong_password_read_the_same(cognito: Any) -> None:
    unknown = refused(*cognito, "UserNotFoundException", "User does not exist.")
    wrong = refused(*cognito, "NotAuthorizedException", "Incorrect username or password.")

    assert (unknown.failed, unknown.why, unknown.next_step) == (wrong.failed, wrong.why, wrong.next_step)


@pytest.mark.parametrize(
    ("code", "message", "why", "next_step"),
    [
        (
            "CodeMismatchException",
            "Invalid code received for user",
            "The code is not right",
            "Type the code that the authenticator app shows now",
        ),
        (
            "ExpiredCodeException",
            "Your software token has already been used once.",
            "The code was used before, and each code of an authenticator app counts once",
            "Wait for the next code of the authenticator app and type that one",
        ),
        (
            "ExpiredCodeException",
            "Invalid code provided, please request a code again.",
            "The code has been used or is too old",
            "Wait for the next code of the authenticator app and type that one",
        ),
    ],
)
def test_a_wrong_code_leaves_the_code_step_open(
    cognito: Any, code: str, message: str, why: str, next_step: str
) -> None:
    sign_in, stub = cognito
    stub.add_client_error("respond_to_auth_challenge", code, message)

    with pytest.raises(StillOpen) as told:
        sign_in.give_code(CodeRequired("ada", Secret("session-of-twenty-signs")), "000000")

    assert (told.value.why, told.value.next_step) == (why, next_step)


def test_a_password_against_the_policy_leaves_the_step_open_and_says_which_rule(cognito: Any) -> None:
    sign_in, stub = cognito
    message = "Password does not conform to policy: Password must have uppercase characters"
    stub.add_client_error("respond_to_auth_challenge", "InvalidPasswordException", message)

    with pytest.raises(StillOpen) as told:
        sign_in.choose_password(NewPasswordRequired("ada", Secret("session-of-twenty-signs")), Secret("weak"))

    assert (told.value.failed, told.value.why) == ("Could not set the new password", message)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("NotAuthorizedException", "Invalid session for the user, session is expired."),
        ("CodeMismatchException", "Invalid session for the user, session can only be used once."),
    ],
)
def test_a_step_that_took_too_long_starts_over(cognito: Any, code: str, message: str) -> None:
    sign_in, stub = cognito
    stub.add_client_error("respond_to_auth_challenge", code, message)

    with pytest.raises(SignInError) as told:
        sign_in.give_code(CodeRequired("ada", Secret("session-of-twenty-signs")), "000000")

    assert told.value.why.startswith("The sign-in took too long")
    assert not isinstance(told.value, StillOpen)


def test_throttling_is_no_refusal_of_the_person(cognito: Any) -> None:
    sign_in, stub = cognito
    stub.add_client_error("initiate_auth", "TooManyRequestsException", "Rate exceeded")

    with pytest.raises(TooManyRequests):
        sign_in.start("ada", PASSWORD)


def test_a_pool_that_fails_is_no_refusal_of_the_person(cognito: Any) -> None:
    sign_in, stub = cognito
    stub.add_client_error("initiate_auth", "InternalErrorException", "", 500)

    with pytest.raises(Unavailable):
        sign_in.start("ada", PASSWORD)


def test_neither_a_challenge_nor_a_refusal_shows_a_secret(cognito: Any) -> None:
    challenge = Enrolment("ada", SESSION, Secret("JBSWY3DPEHPK3PXP"))
    told = refused(*cognito, "NotAuthorizedException", "Incorrect username or password.")

    shown = f"{challenge!r} {told} {told!r} {cognito[0]!r}"
    assert "session-of" not in shown
    assert "JBSW" not in shown
    assert PASSWORD.reveal() not in shown
