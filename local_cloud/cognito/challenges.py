"""Sign-in challenges: answered only by whoever they were put to, once, in time.

MiniStack takes NEW_PASSWORD_REQUIRED, SOFTWARE_TOKEN_MFA and MFA_SETUP with any session and any
user name, which hands out everybody's tokens, and knows no challenge whose code is sent. PASSWORD_VERIFIER,
which it checks by the secret block, stays with it.
"""

import json
from typing import Any

from local_cloud.cognito import authenticator, custom_auth, factor_proof, mfa, records
from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.attribute_values import check_values
from local_cloud.cognito.attributes import check_owners, required
from local_cloud.cognito.names import is_called
from local_cloud.cognito.records import Record, attributes_of
from local_cloud.cognito.sessions import INVALID, Session, Sessions

NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - a challenge's name
GUARDED = frozenset(
    {NEW_PASSWORD, mfa.TOTP, mfa.SMS, mfa.EMAIL, mfa.CHOICE, mfa.SET_UP, custom_auth.CHALLENGE, "SMS_OTP"}
)

SECRET_GIVEN = "MFA_SETUP, secret given"  # noqa: S105 - a step's name
SECRET_PROVED = "MFA_SETUP, secret proved"  # noqa: S105 - a step's name
ATTRIBUTE_PREFIX = "userAttributes."
DEFAULT_MINUTES = 3

sessions = Sessions()


def started(ministack: Operation) -> Operation:
    """InitiateAuth and AdminInitiateAuth: remember to whom a challenge was put."""

    @answering
    def start(call: Data) -> Data:
        custom_auth.check_start(call)
        return _noted(content(ministack(call)), call)

    return start


def answered(ministack: Operation) -> Operation:
    """RespondToAuthChallenge and AdminRespondToAuthChallenge: take an answer only from its addressee."""

    @answering
    def answer(call: Data) -> Data:
        challenge = call.get("ChallengeName")
        if challenge not in GUARDED:
            return _noted(content(ministack(call)), call)
        step = SECRET_PROVED if challenge == mfa.SET_UP else challenge
        with sessions.answered(call.get("Session"), step) as session:
            pool, user = _addressee(session, call)
            # MiniStack finds the user by this name, which may be somebody else's as well.
            call = {**call, "ChallengeResponses": {**_responses(call), "USERNAME": user["Username"]}}
            if challenge == NEW_PASSWORD:
                return _noted(_replace_password(pool, user, call), call)
            if challenge == mfa.CHOICE:
                return _noted(mfa.chosen(pool, user, _responses(call).get("ANSWER")), call)
            if challenge == custom_auth.CHALLENGE:
                return _noted(content(ministack({**call, "Session": session.proof})), call)
            if challenge in mfa.ANSWERS:
                return factor_proof.checked(ministack, session, pool, user, call)
            return content(ministack(call))

    return answer


def secret_given(ministack: Operation) -> Operation:
    """AssociateSoftwareToken: a session must be that of MFA_SETUP, and leads to one for the proof."""

    @answering
    def associate(call: Data) -> Data:
        if call.get("AccessToken"):
            given = content(ministack({**call, "Session": None}))
            return {"SecretCode": given["SecretCode"]}
        with sessions.answered(call.get("Session"), mfa.SET_UP) as session:
            given = content(ministack(call))
            _open(given["Session"], session.pool_id, session.client_id, session.username, SECRET_GIVEN)
            return given

    return associate


def secret_proved(ministack: Operation) -> Operation:
    """VerifySoftwareToken: with a session, enrol the user whom the session was opened for.

    The code is used up: the app's next one completes the next sign-in.
    """

    @answering
    def verify(call: Data) -> Data:
        if token := call.get("AccessToken"):
            owner = records.owner_of(token)
            if owner and (secret := records.totp_secret_to_prove(owner)):
                authenticator.take(owner, secret, call.get("UserCode"))
            return content(ministack({**call, "Session": None}))
        token = call.get("Session")
        with sessions.answered(token, SECRET_GIVEN) as session:
            secret = records.pending_totp_secret(str(token))
            user = records.user_of(records.pool_anywhere(session.pool_id), session.username)
            authenticator.take(user, secret, call.get("UserCode"))
            proved = content(ministack(call))
            records.enrol_totp(user, secret)
            _open(proved["Session"], session.pool_id, session.client_id, session.username, SECRET_PROVED)
            return proved

    return verify


def _noted(answer: Data, call: Data) -> Data:
    """Remember the session of a challenge on its way out, and send the code that it asks for."""
    challenge = answer.get("ChallengeName")
    if challenge not in GUARDED:
        return answer
    pool = records.pool_of(call)
    proof = ""
    if challenge == custom_auth.CHALLENGE:
        proof = answer["Session"]
        user = records.user_of(pool, records.custom_auth_name(proof))
        answer = custom_auth.round_of(answer, user)
    else:
        user = records.user_of(pool, answer["ChallengeParameters"]["USER_ID_FOR_SRP"])
    if challenge == NEW_PASSWORD:
        lacking = [f"{ATTRIBUTE_PREFIX}{name}" for name in _lacking(pool, user)]
        answer["ChallengeParameters"]["requiredAttributes"] = json.dumps(lacking)
    if challenge in mfa.ADDRESSES:
        proof = factor_proof.sent(pool, user, challenge)
    _open(answer["Session"], pool["Id"], call["ClientId"], user["Username"], challenge, proof=proof)
    return answer


def _open(token: str, pool_id: str, client_id: str, username: str, step: str, *, proof: str = "") -> None:
    client = records.pool_anywhere(pool_id)["_clients"].get(client_id, {})
    seconds = (client.get("AuthSessionValidity") or DEFAULT_MINUTES) * 60
    sessions.open(
        token, pool_id=pool_id, client_id=client_id, username=username, step=step, seconds=seconds, proof=proof
    )


def _addressee(session: Session, call: Data) -> tuple[Record, Record]:
    """Return pool and user of a session; raises Refused when the call speaks for another."""
    pool = records.pool_of(call)
    if (pool["Id"], call.get("ClientId")) != (session.pool_id, session.client_id):
        raise Refused("NotAuthorizedException", INVALID)
    name = _responses(call).get("USERNAME")
    if not name:
        raise Refused("InvalidParameterException", "Missing required parameter USERNAME")
    user = records.user_of(pool, session.username)
    if not is_called(pool, user, name):
        raise Refused("NotAuthorizedException", INVALID)
    if not user["Enabled"]:
        raise Refused("NotAuthorizedException", "User is disabled.")
    return pool, user


def _replace_password(pool: Record, user: Record, call: Data) -> Data:
    """Set the password that replaces a temporary one; the second factor is still asked for."""
    responses = _responses(call)
    if not responses.get("NEW_PASSWORD"):
        raise Refused("InvalidParameterException", "Missing required parameter NEW_PASSWORD")
    own = {
        name.removeprefix(ATTRIBUTE_PREFIX): value
        for name, value in responses.items()
        if name.startswith(ATTRIBUTE_PREFIX)
    }
    check_owners(pool, own)
    check_values(pool, own, "Invalid user attributes")
    if lacking := [name for name in _lacking(pool, user) if not own.get(name)]:
        raise Refused("InvalidParameterException", f"Invalid attributes given, {lacking[0]} is missing")
    records.set_password(pool, user, responses["NEW_PASSWORD"])
    records.set_attributes(user, own)
    if challenge := records.mfa_challenge(pool, user):
        return challenge
    return {"AuthenticationResult": records.tokens_after_new_password(pool, call["ClientId"], user, call)}


def _lacking(pool: Record, user: Record) -> list[str]:
    """Return the attributes that a pool requires and a user lacks; MiniStack never asks for them."""
    return sorted(required(pool) - attributes_of(user).keys())


def _responses(call: Data) -> dict[str, Any]:
    responses: dict[str, Any] = call.get("ChallengeResponses") or {}
    return responses
