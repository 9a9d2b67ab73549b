"""Sending one cell's call: what is worth another try is sent again.

A throttled call, after a pause; one whose credential has ended, once, with a new one; and one whose connection broke
off, once, where it changes nothing: a server closes connections that lie idle, also in the moment of the next call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from services.authorization.evidence import errors_of
from services.authorization.lab.column import Column
from services.authorization.lab.pace import TRIES, Pace
from services.authorization.masking import scrubbed
from services.credentials import Credentials
from services.errors import GatehouseError, Unavailable
from services.graphql import BROKEN_OFF, Answer

_THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "LimitExceededException", "Throttling"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that left, or that nothing could be sent for.

    Attributes:
        at: when it left, UTC.
        credentials: what was sent to say who asks; None where it can't be had.
        answer: what came back, without the secrets that were sent; None where nothing did.
        failure: why nothing was sent, or nothing came back.
        tries: how often it was sent.
    """

    at: datetime
    credentials: Credentials | None = field(default=None, repr=False)
    answer: Answer | None = None
    failure: GatehouseError | None = None
    tries: int = 0


def send(
    call: Callable[[Credentials], Answer],
    column: Column,
    pace: Pace,
    now: Callable[[], datetime],
    *,
    harmless: bool = False,
) -> Sent | None:
    """Send a call as an identity.

    Args:
        call: sends it once; raises a `GatehouseError` when no answer came.
        column: the identity.
        pace: when calls may leave.
        now: the clock.
        harmless: it changes nothing, however often it arrives.

    Returns:
        What came of it; None where the run was cancelled before it left.
    """
    try:
        credentials = column.credentials()
    except Exception as error:  # noqa: BLE001 - told in the cell; it must not take the others with it
        return Sent(now(), failure=_failure(error))
    tries, renewed, broken_off = 0, False, False
    while pace.leave():
        tries, at = tries + 1, now()
        try:
            answer = call(credentials)
        except Exception as error:  # noqa: BLE001 - a call that left may have changed data, whatever broke down
            if harmless and not broken_off and _broke_off(error):
                broken_off = True
                continue
            return Sent(at, credentials, failure=_failure(error), tries=tries)
        if _throttled(answer) and tries < TRIES:
            if not pace.pause(tries):
                return None
            continue
        if not renewed and column.ended(credentials, answer):
            renewed = True
            if fresh := column.renewed(credentials):
                credentials = fresh
                continue
        return Sent(at, credentials, _without_secrets(answer, credentials), tries=tries)
    return None


def _broke_off(error: Exception) -> bool:
    return isinstance(error, Unavailable) and error.code == BROKEN_OFF


def _failure(error: Exception) -> GatehouseError:
    if isinstance(error, GatehouseError):
        return error
    # Nothing of an unknown exception but its type: its text may hold what was sent.
    why = f"Gatehouse itself failed ({type(error).__name__})"
    return Unavailable("The call broke down", why, "Report it, and run again")


def _without_secrets(answer: Answer, credentials: Credentials) -> Answer:
    everything = "\n".join((answer.text, *answer.headers.values()))
    if scrubbed(everything, credentials) == everything:
        return answer  # as it nearly always is: one look at all of it is quicker than one at each part
    headers = {name: scrubbed(value, credentials) for name, value in answer.headers.items()}
    return Answer(answer.status, headers, scrubbed(answer.text, credentials), answer.milliseconds)


def _throttled(answer: Answer) -> bool:
    if answer.status == 429:
        return True
    if answer.status == 200:
        return False
    header = answer.headers.get("x-amzn-errortype", "").split(":")[0]
    return header in _THROTTLED or any(error.error_type in _THROTTLED for error in errors_of(answer))
