"""Setting a forgotten password: the refusals that no cloud gives on demand."""

from typing import Any

import pytest

from services.errors import SignInError, TooManyRequests
from services.recovery import Recovery
from services.secret import Secret
from services.sign_in_challenges import ResetRequired
from services.sign_in_refusals import StillOpen
from tests.stand_ins import ENVIRONMENT, stubbed

ASKED = ResetRequired("ada")


@pytest.fixture
def cognito() -> Any:
    """(recovery, stub of Cognito): every call that a test announces has to come."""
    client, stub = stubbed("cognito-idp")
    with stub:
        yield Recovery(client, ENVIRONMENT), stub
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    "code", ["LimitExceededException", "CodeDeliveryFailureException", "UserNotConfirmedException"]
)
def test_what_keeps_a_code_from_an_account_is_told_to_nobody(cognito: Any, code: str) -> None:
    recovery, stub = cognito
    stub.add_client_error("forgot_password", code, "Attempt limit exceeded, please try after some time.")

    assert recovery.send_code("ada") == ASKED


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidParameterException", "Value at 'username' failed to satisfy constraint"),
        ("ResourceNotFoundException", "User pool client client1 does not exist."),
    ],
)
def test_what_does_not_lie_with_the_account_is_told(cognito: Any, code: str, message: str) -> None:
    recovery, stub = cognito
    stub.add_client_error("forgot_password", code, message)

    with pytest.raises(Exception, match="Could not have a code sent"):
        recovery.send_code("ada")


def test_throttling_is_told_as_such(cognito: Any) -> None:
    recovery, stub = cognito
    stub.add_client_error("forgot_password", "TooManyRequestsException", "")

    with pytest.raises(TooManyRequests):
        recovery.send_code("ada")


@pytest.mark.parametrize("code", ["LimitExceededException", "TooManyFailedAttemptsException"])
def test_too_many_wrong_codes_ask_for_patience(cognito: Any, code: str) -> None:
    recovery, stub = cognito
    stub.add_client_error("confirm_forgot_password", code, "")

    with pytest.raises(StillOpen) as told:
        recovery.set_password(ASKED, "123456", Secret("Another-1"))

    assert told.value.why == "There were too many tries"


def test_a_password_of_before_is_not_taken(cognito: Any) -> None:
    recovery, stub = cognito
    stub.add_client_error("confirm_forgot_password", "PasswordHistoryPolicyViolationException", "")

    with pytest.raises(SignInError) as told:
        recovery.set_password(ASKED, "123456", Secret("Another-1"))

    assert told.value.why == "The password was used before"
