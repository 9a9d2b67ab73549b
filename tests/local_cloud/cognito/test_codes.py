"""Codes: random, good for a while, and only for a few tries."""

import json
from typing import Any

import pytest

from local_cloud.cognito import codes, outbox

Pool = dict[str, Any]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the codes go by; a test moves it on."""
    moment = [1_000_000.0]
    monkeypatch.setattr("local_cloud.cognito.codes.time.time", lambda: moment[0])
    return moment


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    """A pool with somebody who signed up."""
    mara = {"Username": "mara", "UserStatus": "UNCONFIRMED", "Attributes": [{"Name": "sub", "Value": "1-2-3"}]}
    made = {"Id": "us-east-1_test", "_users": {"mara": mara}}
    monkeypatch.setattr(codes, "pool_of", lambda _: made)
    return made


def send(pool: Pool, attribute: str = "email") -> str:
    """Have a code sent; returns it as the outbox shows it."""
    codes.send(pool, "mara", {"email": "mara@example.com"}, "123456", attribute)
    return outbox.sent()[-1].secret


def told(code: str, action: str = codes.CONFIRMATION) -> str | None:
    """Return the error that a code meets, None for the right one."""
    answer = codes.refusal(action, {"Username": "mara", "ConfirmationCode": code})
    return None if answer is None else str(json.loads(answer[2])["__type"])


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_codes_are_six_digits_that_nobody_knows_before(pool: Pool) -> None:
    """MiniStack's are 123456 and 654321."""
    found = {send(pool) for _ in range(50)}
    assert len(found) > 40
    assert all(len(code) == 6 and code.isdecimal() for code in found)


def test_the_outbox_says_to_whom_what_went(pool: Pool) -> None:
    code = send(pool, "password")
    message = outbox.sent()[-1]
    assert (message.pool, message.username, message.kind) == ("us-east-1_test", "mara", outbox.RESET_CODE)
    assert (message.destination, message.secret) == ("mara@example.com", code)
    assert code not in repr(message)


def test_the_right_code_is_taken_and_the_one_before_it_is_not(pool: Pool) -> None:
    first = send(pool)
    while (second := send(pool)) == first:
        pass
    assert told(first) == "CodeMismatchException"
    assert told(second) is None


def test_each_code_serves_its_own_call_only(pool: Pool) -> None:
    reset = send(pool, "password")
    assert told(reset) == "ExpiredCodeException"
    assert told(reset, codes.RESET) is None


@pytest.mark.parametrize(
    ("attribute", "action", "hours"), [("email", codes.CONFIRMATION, 24), ("password", codes.RESET, 1)]
)
def test_a_code_ends_with_its_time(pool: Pool, now: list[float], attribute: str, action: str, hours: int) -> None:
    """MiniStack's codes never end."""
    code = send(pool, attribute)
    now[0] += hours * 3600
    assert told(code, action) is None
    now[0] += 1
    assert told(code, action) == "ExpiredCodeException"


def test_after_five_wrong_codes_even_a_new_one_is_refused_for_an_hour(pool: Pool, now: list[float]) -> None:
    """MiniStack lets a code be guessed without end."""
    code = send(pool)
    for _ in range(codes.MOST_FAILURES):
        assert told(another(code)) == "CodeMismatchException"
    assert told(code) == "LimitExceededException"
    assert told(send(pool)) == "LimitExceededException"
    now[0] += codes.FAILURES_FORGOTTEN
    assert told(send(pool)) is None


def test_a_code_is_used_up(pool: Pool) -> None:
    code = send(pool)
    codes.use_up(pool, pool["_users"]["mara"], codes.CONFIRMATION)
    assert told(code) == "ExpiredCodeException"


def test_whoever_takes_the_name_of_somebody_deleted_takes_over_no_code(pool: Pool) -> None:
    code = send(pool)
    pool["_users"]["mara"]["Attributes"] = [{"Name": "sub", "Value": "4-5-6"}]
    assert told(code) == "ExpiredCodeException"


def test_calls_without_a_code_are_let_through(pool: Pool) -> None:
    assert told("", "SignUp") is None
