"""A code of an authenticator app counts once, whatever the order that neighbouring ones come in."""

import time

import pytest

from local_cloud.cognito import authenticator
from local_cloud.cognito.answers import Refused

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
STEP = 37037036
"""1111111109 seconds since 1970, a time for which RFC 6238 gives the code."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: STEP * 30.0 + 29)


def code(step: int, secret: str = SECRET) -> str:
    return authenticator.code_at(secret, step).decode()


def test_the_codes_are_those_of_the_standard() -> None:
    assert [code(1), code(STEP), code(41152263)] == ["287082", "081804", "005924"]


def test_of_three_codes_that_count_each_counts_once_in_any_order() -> None:
    user: dict[str, object] = {}
    for step in (STEP + 1, STEP - 1, STEP):
        authenticator.take(user, SECRET, code(step))
    for step in (STEP + 1, STEP - 1, STEP):
        with pytest.raises(Refused) as refused:
            authenticator.take(user, SECRET, code(step))
        assert (refused.value.code, refused.value.message) == ("ExpiredCodeException", authenticator.USED)


def test_a_new_secret_has_codes_of_its_own() -> None:
    user: dict[str, object] = {}
    other = SECRET[::-1]
    authenticator.take(user, SECRET, code(STEP))
    authenticator.take(user, other, code(STEP, other))
    with pytest.raises(Refused):
        authenticator.take(user, other, code(STEP, other))


@pytest.mark.parametrize("given", ["000000", "", "ünused", None, 81804])
def test_a_wrong_code_uses_nothing_up(given: object) -> None:
    user: dict[str, object] = {}
    authenticator.take(user, SECRET, given)
    assert user == {}
