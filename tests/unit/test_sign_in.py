"""Signing in, step by step, against what Cognito answers."""

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from services.errors import SignInError, TooManyRequests, Unavailable
from services.secret import Secret
from services.sign_in import SignIn, tokens_of
from services.sign_in_challenges import CodeRequired, NewPasswordRequired
from services.sign_in_refusals import StillOpen
from services.tokens import TokenRefused, Tokens
from tests.stand_ins import ENVIRONMENT, Pool, stubbed

PASSWORD = Secret("Correct horse 7!")
VERIFIER = {
    "ChallengeName": "PASSWORD_VERIFIER",
    "ChallengeParameters": {
        "USERNAME": "ada-in-the-pool",
        "USER_ID_FOR_SRP": "ada-in-the-pool",
        "SALT": "a1b2c3",
        "SRP_B": "ff" * 256,
        "SECRET_BLOCK": base64.b64encode(b"block").decode(),
    },
}
FIRST_SENT = {"AuthFlow": "USER_SRP_AUTH", "ClientId": "client1", "AuthParameters": {"USERNAME": "ada", "SRP_A": ANY}}


def proof(**more: str) -> dict[str, Any]:
    """The second call: the proof of the password, and never the password."""
    return {
        "ClientId": "client1",
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": {
            "USERNAME": "ada-in-the-pool",
            "TIMESTAMP": ANY,
            "PASSWORD_CLAIM_SECRET_BLOCK": VERIFIER["ChallengeParameters"]["SECRET_BLOCK"],  # type: ignore[index]
            "PASSWORD_CLAIM_SIGNATURE": ANY,
            **more,
        },
    }


@pytest.fixture
def cognito() -> Any:
    """(sign-in, stub of Cognito): every call that a test announces has to come."""
    client, stub = stubbed("cognito-idp")
    with stub:
        yield SignIn(client, ENVIRONMENT), stub
        stub.assert_no_pending_responses()


def after_password(stub: Stubber, answer: dict[str, Any]) -> None:
    """Cognito takes the proof and answers with this."""
    stub.add_response("initiate_auth", VERIFIER, FIRST_SENT)
    stub.add_response("respond_to_auth_challenge", answer, proof())


def test_a_right_password_gives_tokens(cognito: Any) -> None:
    sign_in, stub = cognito
    after_password(stub, {"AuthenticationResult": Pool().result()})

    tokens = sign_in.start("ada", PASSWORD)

    assert isinstance(tokens, Tokens)
    assert tokens.refresh_token == Secret("refresh")


def test_a_temporary_password_asks_for_a_new_one_and_for_what_the_pool_lacks(cognito: Any) -> None:
    sign_in, stub = cognito
    after_password(
        stub,
        {
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": "session-of-twenty-signs",
            "ChallengeParameters": {
                "USER_ID_FOR_SRP": "ada-in-the-pool",
                "requiredAttributes": '["userAttributes.name", "email"]',
                "userAttributes": "{}",
            },
        },
    )
    challenge = sign_in.start("ada", PASSWORD)
    assert challenge == NewPasswordRequired("ada-in-the-pool", Secret("session-of-twenty-signs"), ("name", "email"))

    stub.add_response(
        "respond_to_auth_challenge",
        {"AuthenticationResult": Pool().result()},
        {
            "ClientId": "client1",
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": "session-of-twenty-signs",
            "ChallengeResponses": {
                "USERNAME": "ada-in-the-pool",
                "NEW_PASSWORD": "Another one 8!",
                "userAttributes.name": "Ada",
            },
        },
    )
    assert isinstance(sign_in.choose_password(challenge, Secret("Another one 8!"), {"name": "Ada"}), Tokens)


def test_an_authenticator_app_asks_for_its_code(cognito: Any) -> None:
    sign_in, stub = cognito
    after_password(
        stub,
        {
            "ChallengeName": "SOFTWARE_TOKEN_MFA",
            "Session": "session-of-twenty-signs",
            "ChallengeParameters": {"USER_ID_FOR_SRP": "ada-in-the-pool"},
        },
    )
    challenge = sign_in.start("ada", PASSWORD)
    assert challenge == CodeRequired("ada-in-the-pool", Secret("session-of-twenty-signs"))

    stub.add_response(
        "respond_to_auth_challenge",
        {"AuthenticationResult": Pool().result()},
        {
            "ClientId": "client1",
            "ChallengeName": "SOFTWARE_TOKEN_MFA",
            "Session": "session-of-twenty-signs",
            "ChallengeResponses": {"USERNAME": "ada-in-the-pool", "SOFTWARE_TOKEN_MFA_CODE": "123456"},
        },
    )
    assert isinstance(sign_in.give_code(challenge, "123456"), Tokens)


def test_a_new_password_can_lead_on_to_the_code_of_an_authenticator_app(cognito: Any) -> None:
    sign_in, stub = cognito
    stub.add_response(
        "respond_to_auth_challenge",
        {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "the-next-session-of-it", "ChallengeParameters": {}},
    )

    challenge = sign_in.choose_password(NewPasswordRequired("ada", Secret("session-of-twenty-signs")), PASSWORD)

    assert challenge == CodeRequired("ada", Secret("the-next-session-of-it"))


@pytest.mark.parametrize("name", ["DEVICE_SRP_AUTH", "WEB_AUTHN"])
def test_a_challenge_that_it_cannot_answer_is_named(cognito: Any, name: str) -> None:
    sign_in, stub = cognito
    after_password(stub, {"ChallengeName": name, "Session": "session-of-twenty-signs", "ChallengeParameters": {}})

    with pytest.raises(SignInError, match=name):
        sign_in.start("ada", PASSWORD)


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
    ("code", "message", "why"),
    [
        ("CodeMismatchException", "Invalid code received for user", "The code is not right"),
        (
            "ExpiredCodeException",
            "Your software token has already been used once.",
            "The code has been used or is too old",
        ),
    ],
)
def test_a_wrong_code_leaves_the_code_step_open(cognito: Any, code: str, message: str, why: str) -> None:
    sign_in, stub = cognito
    stub.add_client_error("respond_to_auth_challenge", code, message)

    with pytest.raises(StillOpen) as told:
        sign_in.give_code(CodeRequired("ada", Secret("session-of-twenty-signs")), "000000")

    assert told.value.why == why


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


def test_a_client_secret_signs_the_name_that_the_pool_knows_and_not_the_alias() -> None:
    client, stub = stubbed("cognito-idp")
    sign_in = SignIn(client, replace(ENVIRONMENT, client_secret=Secret("s3cret")))

    def hash_of(name: str) -> str:
        return base64.b64encode(hmac.digest(b"s3cret", f"{name}client1".encode(), hashlib.sha256)).decode()

    first = {**FIRST_SENT["AuthParameters"], "USERNAME": "ada@example.com", "SECRET_HASH": hash_of("ada@example.com")}  # type: ignore[dict-item]
    stub.add_response("initiate_auth", VERIFIER, {**FIRST_SENT, "AuthParameters": first})
    stub.add_response(
        "respond_to_auth_challenge",
        {"AuthenticationResult": Pool().result()},
        proof(SECRET_HASH=hash_of("ada-in-the-pool")),
    )
    with stub:
        assert isinstance(sign_in.start("ada@example.com", PASSWORD), Tokens)


def test_tokens_end_with_the_earlier_of_the_two() -> None:
    result = Pool().result() | {"AccessToken": Pool().token("access", exp=1_906_545_700).reveal()}

    assert tokens_of(result).expires_at.timestamp() == 1_906_545_700


def test_an_answer_with_something_else_than_tokens_is_refused() -> None:
    with pytest.raises(TokenRefused):
        tokens_of({"IdToken": "abc", "AccessToken": "abc"})


def test_neither_a_challenge_nor_a_refusal_shows_a_secret(cognito: Any) -> None:
    challenge = CodeRequired("ada", Secret("session-of-twenty-signs"))
    told = refused(*cognito, "NotAuthorizedException", "Incorrect username or password.")

    shown = f"{challenge!r} {told} {told!r} {cognito[0]!r}"
    assert "session-of" not in shown
    assert PASSWORD.reveal() not in shown
