"""What a pool asks of strangers, and the refusals that no cloud gives on demand."""

from dataclasses import replace
from typing import Any

import pytest

from services.errors import SignInError, TooManyRequests
from services.secret import Secret
from services.sign_in_challenges import ConfirmationRequired
from services.sign_in_refusals import StillOpen
from services.sign_up import CLOSED, SignUp, SignUpForm, form_of
from tests.stand_ins import ENVIRONMENT, Clock, stubbed

PASSWORD = Secret("Correct horse 7!")
SCHEMA = [
    {"Name": "sub", "Required": True},
    {"Name": "email", "Required": True},
    {"Name": "given_name", "Required": True},
    {"Name": "nickname", "Required": False},
]
READ = {"UserPool": {"Id": ENVIRONMENT.user_pool_id, "SchemaAttributes": SCHEMA}}
CONFIRM = ConfirmationRequired("ada")


@pytest.fixture
def cognito() -> Any:
    """(sign-up, stub of Cognito, clock): every call that a test announces has to come."""
    (client, stub), clock = stubbed("cognito-idp"), Clock()
    with stub:
        yield SignUp(client, ENVIRONMENT, clock), stub, clock
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("pool", "form"),
    [
        ({}, SignUpForm(open=True)),
        ({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}, SignUpForm(open=False)),
        ({"SchemaAttributes": SCHEMA}, SignUpForm(open=True, required=("email", "given_name"))),
        (
            {"SchemaAttributes": SCHEMA, "UsernameAttributes": ["email"]},
            SignUpForm(open=True, named_by=("email",), required=("given_name",)),
        ),
        (
            {"SchemaAttributes": SCHEMA, "UsernameAttributes": ["email", "phone_number"]},
            SignUpForm(open=True, named_by=("email", "phone_number"), required=("email", "given_name")),
        ),
    ],
)
def test_the_form_asks_for_what_the_schema_requires_and_nothing_twice(pool: Any, form: SignUpForm) -> None:
    assert form_of(pool) == form


def test_the_pool_is_read_again_after_five_minutes(cognito: Any) -> None:
    sign_up, stub, clock = cognito
    asked = {"UserPoolId": ENVIRONMENT.user_pool_id}
    stub.add_response("describe_user_pool", READ, asked)
    assert sign_up.form() == sign_up.form()
    stub.assert_no_pending_responses()

    clock.move(minutes=5)
    stub.add_response("describe_user_pool", {"UserPool": {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}})
    assert not sign_up.form().open


def test_an_environment_that_wants_no_strangers_is_not_even_asked(cognito: Any) -> None:
    assert not replace(cognito[0], environment=replace(ENVIRONMENT, self_sign_up=False)).form().open


def test_a_pool_that_does_not_answer_offers_nothing_and_is_asked_again_after_a_minute(cognito: Any) -> None:
    sign_up, stub, clock = cognito
    stub.add_client_error("describe_user_pool", "InternalErrorException", "", 500)
    assert (sign_up.form(), sign_up.form()) == (CLOSED, CLOSED)

    clock.move(minutes=1)
    stub.add_response("describe_user_pool", READ)
    assert sign_up.form().open


def test_nobody_waits_while_somebody_else_reads_the_pool(cognito: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up, stub, clock = cognito
    stub.add_response("describe_user_pool", READ)
    read, meanwhile = sign_up.form(), []
    clock.move(minutes=5)

    def slow(**_: Any) -> Any:
        meanwhile.append(sign_up.form())
        return READ

    monkeypatch.setattr(sign_up.client, "describe_user_pool", slow)
    assert sign_up.form() == read
    assert meanwhile == [read]


def test_an_account_that_a_trigger_confirms_waits_for_no_code(cognito: Any) -> None:
    sign_up, stub, _ = cognito
    stub.add_response("sign_up", {"UserConfirmed": True, "UserSub": "1111"})

    assert sign_up.create("ada", PASSWORD, {}) is None


@pytest.mark.parametrize(
    ("code", "message", "why", "open_still"),
    [
        (
            "NotAuthorizedException",
            "SignUp is not permitted for this user pool",
            "The user pool does not let strangers sign up",
            False,
        ),
        ("UserLambdaValidationException", "PreSignUp failed with error no.", "PreSignUp failed with error no.", True),
        ("CodeDeliveryFailureException", "", "The account was made, but its code could not be sent", False),
        ("LimitExceededException", "", "There were too many tries", True),
    ],
)
def test_a_refusal_is_told_in_words(cognito: Any, code: str, message: str, why: str, open_still: bool) -> None:
    sign_up, stub, _ = cognito
    stub.add_client_error("sign_up", code, message)

    with pytest.raises(SignInError) as told:
        sign_up.create("ada", PASSWORD, {})

    assert (told.value.why, bool(told.value.next_step)) == (why, True)
    assert isinstance(told.value, StillOpen) is open_still


def test_an_address_of_somebody_else_confirms_nobody(cognito: Any) -> None:
    sign_up, stub, _ = cognito
    stub.add_client_error("confirm_sign_up", "AliasExistsException", "An account with the email already exists.")

    with pytest.raises(SignInError) as told:
        sign_up.confirm(CONFIRM, "123456")

    assert told.value.why == "Another account has this address already"


@pytest.mark.parametrize("code", ["LimitExceededException", "CodeDeliveryFailureException"])
def test_a_code_that_could_not_be_sent_again_is_told_like_one_that_was(cognito: Any, code: str) -> None:
    sign_up, stub, _ = cognito
    stub.add_client_error("resend_confirmation_code", code, "")

    assert sign_up.send_code(CONFIRM) == CONFIRM


def test_throttling_is_no_refusal_of_the_person(cognito: Any) -> None:
    sign_up, stub, _ = cognito
    stub.add_client_error("resend_confirmation_code", "TooManyRequestsException", "")

    with pytest.raises(TooManyRequests):
        sign_up.send_code(CONFIRM)
