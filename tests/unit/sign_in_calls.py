"""What Cognito is asked and answers while somebody signs in."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.stub import ANY, Stubber

from services.secret import Secret
from services.sign_in import SignIn
from tests.stand_ins import ENVIRONMENT, stubbed

SESSION = Secret("session-of-twenty-signs")
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


@contextmanager
def signing_in() -> Iterator[tuple[SignIn, Stubber]]:
    """(sign-in, stub of Cognito): every call that a test announces has to come."""
    client, stub = stubbed("cognito-idp")
    with stub:
        yield SignIn(client, ENVIRONMENT), stub
        stub.assert_no_pending_responses()


def after_password(stub: Stubber, answer: dict[str, Any]) -> None:
    """Cognito takes the proof and answers with this."""
    stub.add_response("initiate_auth", VERIFIER, FIRST_SENT)
    stub.add_response("respond_to_auth_challenge", answer, proof())
