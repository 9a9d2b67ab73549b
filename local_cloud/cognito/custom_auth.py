"""Sign-in by a pool's own functions (CUSTOM_AUTH), which MiniStack runs: who may begin it, and its sessions.

MiniStack makes a challenge up where no function defines one, lets people begin who never confirmed their
sign-up, and gives every round of a sign-in the same session.
"""

import base64
import secrets

from local_cloud.cognito.answers import Data, Refused, RefusedByMiniStack
from local_cloud.cognito.records import Record, hides_unknown_users, pool_of, user_of

FLOW = "CUSTOM_AUTH"
CHALLENGE = "CUSTOM_CHALLENGE"
WRONG = "Incorrect username or password."


def check_start(call: Data) -> None:
    """Raise Refused when nobody can sign in like this."""
    if call.get("AuthFlow") != FLOW:
        return
    pool = pool_of(call)
    if not (pool.get("LambdaConfig") or {}).get("DefineAuthChallenge"):
        raise Refused("InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool.")
    name = (call.get("AuthParameters") or {}).get("USERNAME")
    if name and _beginner(pool, call, name)["UserStatus"] == "UNCONFIRMED":
        raise Refused("UserNotConfirmedException", "User is not confirmed.")


def round_of(answer: Data, user: Record) -> Data:
    """Return a challenge of a function with a session of its own, and with the name of who is to answer."""
    parameters = {**answer["ChallengeParameters"], "USERNAME": user["Username"]}
    session = base64.b64encode(secrets.token_bytes(32)).decode()
    return {**answer, "Session": session, "ChallengeParameters": parameters}


def _beginner(pool: Record, call: Data, name: str) -> Record:
    try:
        return user_of(pool, name)
    except RefusedByMiniStack:
        if hides_unknown_users(pool, call):
            raise Refused("NotAuthorizedException", WRONG) from None
        raise
