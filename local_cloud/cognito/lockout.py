"""After five wrong passwords or codes nobody gets in for a while, longer with every further one.

MiniStack lets a password, and a code of a second factor, be guessed without end.
"""

import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json

from local_cloud.cognito.answers import Answer, Data, Refused
from local_cloud.cognito.records import Record

FREE_FAILURES = 4
LONGEST = 15 * 60
"""Seconds: the longest time of waiting, and how long a wrong password is remembered."""
KEY = "_wrong_passwords"
WAIT = "Password attempts exceeded"

Note = Callable[..., None]
Check = Callable[[Record], Answer | None]


def noted(ministack: Note) -> Note:
    """Count a wrong password with MiniStack's note of it; a right one starts anew."""

    def note(pool: Record, user: Record, data: Data, event: str, response: str, *more: Any) -> None:
        if event == "SignIn" and response == "Fail":
            failed(user)
        elif event == "SignIn" and response == "Pass":
            # Not while a second factor is owed: whoever knows the password could guess that for ever.
            passed(user)
        ministack(pool, user, data, event, response, *more)

    return note


def refused(ministack: Check) -> Check:
    """Refuse a password, right or wrong, while its user has to wait."""

    def check(user: Record) -> Answer | None:
        if _waits(user):
            answer: Answer = error_response_json("NotAuthorizedException", WAIT)
            return answer
        return ministack(user)

    return check


def check_wait(user: Record) -> None:
    """Raise Refused while a user has to wait."""
    if _waits(user):
        raise Refused("NotAuthorizedException", WAIT)


def passed(user: Record) -> None:
    """Forget what was wrong before: a sign-in was completed."""
    user.pop(KEY, None)


def failed(user: Record) -> None:
    """Count a wrong password or code."""
    now = time.time()
    known = user.get(KEY, {"count": 0, "at": now, "until": 0})
    if now < known["until"]:
        return  # a try while waiting makes the wait no longer
    count = 1 if now - known["at"] > LONGEST else known["count"] + 1
    wait = min(2 ** (count - FREE_FAILURES - 1), LONGEST) if count > FREE_FAILURES else 0
    user[KEY] = {"count": count, "at": now, "until": now + wait}


def _waits(user: Record) -> bool:
    return bool(time.time() < user.get(KEY, {}).get("until", 0))
