"""Codes of a second factor: sent, and checked; wrong ones count like wrong passwords."""

import secrets

from local_cloud.cognito import authenticator, codes, lockout, mfa, outbox, records
from local_cloud.cognito.answers import Data, Operation, Refused, RefusedByMiniStack, content
from local_cloud.cognito.records import Record, attributes_of
from local_cloud.cognito.sessions import Session

WRONG = "Invalid code received for user"


def sent(pool: Record, user: Record, factor: str) -> str:
    """Send a code for a second factor; returns it."""
    code = codes.fresh()
    outbox.add(
        pool=pool["Id"],
        username=user["Username"],
        kind=outbox.SIGN_IN_CODE,
        destination=attributes_of(user)[mfa.ADDRESSES[factor]],
        secret=code,
    )
    return code


def checked(ministack: Operation, session: Session, pool: Record, user: Record, call: Data) -> Data:
    """Return the answer to a right code, with the tokens; raises Refused or RefusedByMiniStack for any other."""
    lockout.check_wait(user)
    response = mfa.ANSWERS[session.step]
    code = call["ChallengeResponses"].get(response)
    if not code:
        raise Refused("InvalidParameterException", f"Missing required parameter {response}")
    if session.step == mfa.TOTP:
        answer = _totp_checked(ministack, user, call, code)
    elif secrets.compare_digest(str(code).encode(), session.proof.encode()):
        answer = {"AuthenticationResult": records.tokens_after_factor(pool, call["ClientId"], user, call)}
    else:
        lockout.failed(user)
        records.note_factor(user, call, passed=False)
        raise Refused("CodeMismatchException", WRONG)
    lockout.passed(user)
    return answer


def _totp_checked(ministack: Operation, user: Record, call: Data, code: object) -> Data:
    secret = user.get("_totp_secret")
    if not secret:
        raise Refused("SoftwareTokenMFANotFoundException", "Software token TOTP multi-factor is not set up.")
    authenticator.take(user, secret, code)
    try:
        return content(ministack(call))
    except RefusedByMiniStack:
        lockout.failed(user)
        raise
