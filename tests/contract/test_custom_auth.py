"""Sign-in by a pool's own functions (CUSTOM_AUTH): rounds, sessions, and who may begin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.directories import FLOWS, PASSWORD, Directory, new_directory
from tests.contract.refusals import INVALID_SESSION, USED_SESSION, refusal
from tests.contract.workshop import Workshop

# Two riddles, one after the other; three wrong answers fail.
DEFINE = """
def handler(event, context):
    past = event["request"]["session"]
    right = [each for each in past if each["challengeResult"]]
    event["response"] = {
        "issueTokens": len(right) == 2,
        "failAuthentication": len(past) - len(right) == 2,
        "challengeName": "CUSTOM_CHALLENGE",
    }
    return event
"""
CREATE = """
def handler(event, context):
    number = len(event["request"]["session"])
    event["response"] = {
        "publicChallengeParameters": {"riddle": f"number {number}"},
        "privateChallengeParameters": {"answer": f"{event['userName']}-{number}"},
        "challengeMetadata": f"RIDDLE_{number}",
    }
    return event
"""
VERIFY = """
def handler(event, context):
    asked = event["request"]
    event["response"] = {"answerCorrect": asked["challengeAnswer"] == asked["privateChallengeParameters"]["answer"]}
    return event
"""
CHALLENGE = "CUSTOM_CHALLENGE"


@dataclass(frozen=True)
class Riddles:
    """A pool whose people sign in by riddles."""

    directory: Directory

    def begin(self, name: str) -> Any:
        return self.directory.public.initiate_auth(
            ClientId=self.directory.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": name}
        )

    def answer(self, session: str, name: str, said: str) -> dict[str, Any]:
        return self.directory.answer(CHALLENGE, session, name, ANSWER=said)


@pytest.fixture(scope="module")
def make_riddles(local_cloud: Cloud) -> Callable[..., Riddles]:
    workshop = Workshop(local_cloud)
    functions = {
        "DefineAuthChallenge": workshop.function(DEFINE),
        "CreateAuthChallenge": workshop.function(CREATE),
        "VerifyAuthChallengeResponse": workshop.function(VERIFY),
    }

    def make(**settings: Any) -> Riddles:
        directory = new_directory(local_cloud, ExplicitAuthFlows=[*FLOWS, "ALLOW_CUSTOM_AUTH"], **settings)
        directory.admin.update_user_pool(UserPoolId=directory.pool_id, LambdaConfig=functions)
        return Riddles(directory)

    return make


@pytest.mark.row("5.3 Flows and challenges")
def test_every_round_has_a_session_of_its_own_and_the_last_gives_tokens(make_riddles: Callable[..., Riddles]) -> None:
    riddles = make_riddles()
    riddles.directory.add("mara")
    first = riddles.begin("mara")
    assert first["ChallengeName"] == CHALLENGE
    assert first["ChallengeParameters"] == {"riddle": "number 0", "USERNAME": "mara"}
    second = riddles.answer(first["Session"], "mara", "mara-0")
    assert second["ChallengeParameters"]["riddle"] == "number 1"
    assert second["Session"] != first["Session"]
    assert refusal(riddles.answer, first["Session"], "mara", "mara-0") == USED_SESSION
    assert riddles.answer(second["Session"], "mara", "mara-1")["AuthenticationResult"]["IdToken"]
    assert refusal(riddles.answer, second["Session"], "mara", "mara-1") == USED_SESSION


def test_wrong_answers_lead_on_until_the_function_gives_up(make_riddles: Callable[..., Riddles]) -> None:
    riddles = make_riddles()
    riddles.directory.add("mara")
    second = riddles.answer(riddles.begin("mara")["Session"], "mara", "wrong")
    refused = refusal(riddles.answer, second["Session"], "mara", "wrong")
    assert refused[1:] == ("NotAuthorizedException", "Incorrect username or password")


def test_a_session_is_good_for_whom_it_was_opened_and_for_one_app_client(make_riddles: Callable[..., Riddles]) -> None:
    riddles, others = make_riddles(), make_riddles()
    for name in ("mara", "nele"):
        riddles.directory.add(name)
        others.directory.add(name)
    session = riddles.begin("mara")["Session"]
    assert refusal(riddles.answer, session, "nele", "mara-0") == INVALID_SESSION
    assert refusal(others.answer, session, "mara", "mara-0") == INVALID_SESSION
    assert refusal(riddles.answer, "invented" * 8, "mara", "mara-0") == INVALID_SESSION
    riddles.directory.admin.admin_disable_user(UserPoolId=riddles.directory.pool_id, Username="mara")
    assert refusal(riddles.answer, session, "mara", "mara-0")[2] == "User is disabled."


def test_the_proof_of_the_password_does_not_answer_a_riddle(make_riddles: Callable[..., Riddles]) -> None:
    """A sign-in by password has a secret block, which is no session here."""
    riddles = make_riddles()
    riddles.directory.add("mara")
    asked = riddles.directory.public.initiate_auth(
        ClientId=riddles.directory.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": "mara", "SRP_A": "abcdef"},
    )
    block = asked["ChallengeParameters"]["SECRET_BLOCK"]
    assert refusal(riddles.answer, block, "mara", "mara-0") == INVALID_SESSION


def test_without_functions_nobody_begins(local_cloud: Cloud) -> None:
    """MiniStack makes a challenge up."""
    riddles = Riddles(new_directory(local_cloud, ExplicitAuthFlows=[*FLOWS, "ALLOW_CUSTOM_AUTH"]))
    riddles.directory.add("mara")
    assert refusal(riddles.begin, "mara")[1:] == (
        "InvalidParameterException",
        "Custom auth lambda trigger is not configured for the user pool.",
    )


def test_only_who_is_confirmed_begins_and_nobody_learns_who_exists(make_riddles: Callable[..., Riddles]) -> None:
    """MiniStack lets an unconfirmed sign-up in, and names whom it doesn't know whatever the app client says."""
    hiding, telling = make_riddles(), make_riddles(PreventUserExistenceErrors="LEGACY")
    attributes = [{"Name": "email", "Value": "mara@example.com"}]
    hiding.directory.public.sign_up(
        ClientId=hiding.directory.client_id, Username="mara", Password=PASSWORD, UserAttributes=attributes
    )
    assert refusal(hiding.begin, "mara")[1] == "UserNotConfirmedException"
    assert refusal(hiding.begin, "nobody")[1] == "NotAuthorizedException"
    assert refusal(telling.begin, "nobody")[1] == "UserNotFoundException"
