"""Codes of a sign-up, of a password reset and of an address: random, good for a while, and only for a few tries.

MiniStack's are always 123456 and 654321 and can be tried for ever.
"""

import secrets
import time
from typing import Any

from ministack.core.responses import error_response_json

from local_cloud.cognito import outbox
from local_cloud.cognito.answers import Answer, Data, Refused, RefusedByMiniStack
from local_cloud.cognito.records import Record, attributes_of, pool_of, user_of

CONFIRMATION = "ConfirmSignUp"
RESET = "ConfirmForgotPassword"
SECONDS = {CONFIRMATION: 24 * 3600, RESET: 3600}
"""How long a code is good for, by the call that takes it."""
KINDS = {CONFIRMATION: outbox.SIGN_UP_CODE, RESET: outbox.RESET_CODE}
ADDRESS_SECONDS = 24 * 3600
MOST_FAILURES = 5
FAILURES_FORGOTTEN = 3600


def send(pool: Record, username: str, attributes: dict[str, str], _fixed: str, attribute_name: str = "email") -> None:
    """Give a user a code, in the place of MiniStack's mail with its own."""
    takes = RESET if attribute_name == "password" else CONFIRMATION
    issue(pool, user_of(pool, username), takes, destination=attributes.get("email", ""))


def for_address(attribute: str) -> str:
    """Return the purpose of a code that proves an address: VerifyUserAttribute takes one for each attribute."""
    return f"VerifyUserAttribute {attribute}"


def issue(pool: Record, user: Record, purpose: str, *, destination: str, value: str = "") -> None:
    """Give a user a code; `value` is what the code proves."""
    code = fresh()
    _of(pool, user)[purpose] = {
        "code": code,
        "expires": time.time() + SECONDS.get(purpose, ADDRESS_SECONDS),
        "failures": _issued(pool, user, purpose).get("failures", []),
        "value": value,
    }
    kind = KINDS.get(purpose, outbox.ADDRESS_CODE)
    outbox.add(pool=pool["Id"], username=user["Username"], kind=kind, destination=destination, secret=code)


def fresh() -> str:
    """Return six digits that nobody knows before."""
    return f"{secrets.randbelow(1_000_000):06d}"


def refusal(action: str, call: Data) -> Answer | None:
    """Return the refusal of a call that brings a code; None when the code is right, or nothing needs one."""
    if action not in SECONDS:
        return None
    try:
        pool = pool_of(call)
        user = user_of(pool, call.get("Username"))
        _check_state(user, action)
        checked(pool, user, action, call.get("ConfirmationCode"))
    except Refused as refused:
        answer: Answer = error_response_json(refused.code, refused.message)
        return answer
    except RefusedByMiniStack:
        return None  # of an unknown user MiniStack tells as much as the app client allows
    return None


def use_up(pool: Record, user: Record, purpose: str) -> None:
    """Forget a code that has done its work."""
    _of(pool, user).pop(purpose, None)


def checked(pool: Record, user: Record, purpose: str, code: Any) -> Record:
    """Return what was issued with a code; raises Refused for a wrong one, an old one, and after too many tries."""
    issued = _issued(pool, user, purpose)
    now = time.time()
    if not issued or now > issued["expires"]:
        raise Refused("ExpiredCodeException", "Invalid code provided, please request a code again.")
    failures = [at for at in issued["failures"] if now - at < FAILURES_FORGOTTEN]
    if len(failures) >= MOST_FAILURES:
        raise Refused("LimitExceededException", "Attempt limit exceeded, please try after some time.")
    if not secrets.compare_digest(str(code).encode(), issued["code"].encode()):
        issued["failures"] = [*failures, now]
        raise Refused("CodeMismatchException", "Invalid verification code provided, please try again.")
    return issued


def _check_state(user: Record, action: str) -> None:
    status = user["UserStatus"]
    if action == CONFIRMATION and status != "UNCONFIRMED":
        raise Refused("NotAuthorizedException", f"User cannot be confirmed. Current status is {status}")


def _issued(pool: Record, user: Record, purpose: str) -> Record:
    found: Record = _of(pool, user).get(purpose, {})
    return found


def _of(pool: Record, user: Record) -> dict[str, Record]:
    """A user's codes lie under the sub: whoever takes the name of somebody deleted takes over no code."""
    everybody: dict[str, dict[str, Record]] = pool.setdefault("_issued_codes", {})
    return everybody.setdefault(attributes_of(user)["sub"], {})
