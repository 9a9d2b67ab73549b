"""Signing in, step by step, against what Cognito answers."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import ANY

from services.errors import SignInError
from services.secret import Secret
from services.settings_values import SignInFlow
from services.sign_in import SignIn, tokens_of
from services.sign_in_challenges import (
    CodeRequired,
    ConfirmationRequired,
    Enrolment,
    Factor,
    FactorChoice,
    NewPasswordRequired,
    Question,
    ResetRequired,
    SetUpRequired,
    challenge_of,
)
from services.sign_in_refusals import StillOpen
from services.tokens import TokenRefused, Tokens
from tests.stand_ins import ENVIRONMENT, Pool, stubbed
from tests.unit.sign_in_calls import FIRST_SENT, PASSWORD, SESSION, VERIFIER, after_password, proof, signing_in


@pytest.fixture
def cognito() -> Iterator[Any]:
    """(sign-in, stub of Cognito)."""
    with signing_in() as pair:
        yield pair


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


@pytest.mark.parametrize(
    ("name", "parameters", "challenge"),
    [
        (
            "SMS_MFA",
            {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******4567"},
            CodeRequired("ada", SESSION, Factor.SMS, "+*******4567"),
        ),
        (
            "EMAIL_OTP",
            {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"},
            CodeRequired("ada", SESSION, Factor.EMAIL, "a***@e***"),
        ),
        (
            "SELECT_MFA_TYPE",
            {"MFAS_CAN_CHOOSE": '["SMS_MFA", "SOFTWARE_TOKEN_MFA", "A_NEW_ONE"]'},
            FactorChoice("ada", SESSION, (Factor.SMS, Factor.TOTP)),
        ),
        ("MFA_SETUP", {"MFAS_CAN_SETUP": '["EMAIL_OTP"]'}, SetUpRequired("ada", SESSION, (Factor.EMAIL,))),
        (
            "CUSTOM_CHALLENGE",
            {"USERNAME": "ada", "question": "Why?"},
            Question("ada", SESSION, (("question", "Why?"),)),
        ),
        ("WEB_AUTHN", {}, None),
    ],
)
def test_what_cognito_puts_is_read_as_a_value(name: str, parameters: dict[str, str], challenge: object) -> None:
    answer = {"ChallengeName": name, "Session": SESSION.reveal(), "ChallengeParameters": parameters}

    assert challenge_of("ada", answer) == challenge


@pytest.mark.parametrize(
    ("flow", "sent"),
    [
        (SignInFlow.PASSWORD, {"AuthFlow": "USER_PASSWORD_AUTH", "PASSWORD": "Correct horse 7!"}),
        (SignInFlow.CUSTOM, {"AuthFlow": "CUSTOM_AUTH"}),
        (SignInFlow.CUSTOM_SRP, {"AuthFlow": "CUSTOM_AUTH", "CHALLENGE_NAME": "SRP_A", "SRP_A": ANY}),
        (SignInFlow.SRP, {"AuthFlow": "USER_SRP_AUTH", "SRP_A": ANY}),
    ],
)
def test_each_flow_sends_what_it_needs_and_nothing_else(flow: SignInFlow, sent: dict[str, Any]) -> None:
    client, stub = stubbed("cognito-idp")
    parameters = {"USERNAME": "ada", **{name: value for name, value in sent.items() if name != "AuthFlow"}}
    asked = {"AuthFlow": sent["AuthFlow"], "ClientId": "client1", "AuthParameters": parameters}
    stub.add_response("initiate_auth", {"AuthenticationResult": Pool().result()}, asked)

    with stub:
        assert isinstance(SignIn(client, replace(ENVIRONMENT, sign_in_flow=flow)).start("ada", PASSWORD), Tokens)


def test_a_second_factor_that_only_an_administrator_can_add_is_told_so(cognito: Any) -> None:
    sign_in, stub = cognito
    parameters = {"MFAS_CAN_SETUP": '["SMS_MFA", "EMAIL_OTP"]'}
    asked = {"ChallengeName": "MFA_SETUP", "Session": SESSION.reveal(), "ChallengeParameters": parameters}
    after_password(stub, asked)

    with pytest.raises(SignInError, match="Ask an administrator to add an e-mail address"):
        sign_in.start("ada", PASSWORD)


def test_an_app_whose_code_was_not_verified_is_not_enrolled(cognito: Any) -> None:
    sign_in, stub = cognito
    stub.add_response("verify_software_token", {"Status": "ERROR"}, {"Session": SESSION.reveal(), "UserCode": "123456"})

    with pytest.raises(StillOpen):
        sign_in.enrol(Enrolment("ada", SESSION, Secret("JBSWY3DPEHPK3PXP")), "123456")


@pytest.mark.parametrize(
    ("code", "challenge"),
    [
        ("PasswordResetRequiredException", ResetRequired("ada", by_administrator=True)),
        ("UserNotConfirmedException", ConfirmationRequired("ada")),
    ],
)
def test_an_account_that_is_not_ready_asks_for_its_code(cognito: Any, code: str, challenge: object) -> None:
    sign_in, stub = cognito
    stub.add_client_error("initiate_auth", code, "Not yet.")

    assert sign_in.start("ada", PASSWORD) == challenge


def test_a_code_that_was_sent_and_is_too_old_starts_over(cognito: Any) -> None:
    sign_in, stub = cognito
    stub.add_client_error("respond_to_auth_challenge", "ExpiredCodeException", "Code has expired.")

    with pytest.raises(SignInError) as told:
        sign_in.give_code(CodeRequired("ada", SESSION, Factor.EMAIL), "123456")

    assert told.value.next_step == "Start again to have another one sent"
    assert not isinstance(told.value, StillOpen)


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
