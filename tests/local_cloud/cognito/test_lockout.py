"""Wrong passwords: the wait that follows them, and what ends it."""

from typing import Any

import pytest

from local_cloud.cognito import lockout

User = dict[str, Any]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the lockout goes by; a test moves it on."""
    moment = [1_000_000.0]
    monkeypatch.setattr("local_cloud.cognito.lockout.time.time", lambda: moment[0])
    return moment


def note(user: User, response: str) -> None:
    lockout.noted(lambda *_: None)({}, user, {}, "SignIn", response, ())


def waits(user: User) -> bool:
    return lockout.refused(lambda _: None)(user) is not None


def test_four_wrong_passwords_are_free_and_every_further_one_doubles_the_wait(now: list[float]) -> None:
    user: User = {}
    for _ in range(4):
        note(user, "Fail")
        assert not waits(user)
    for seconds in (1, 2, 4, 8):
        note(user, "Fail")
        now[0] += seconds - 0.5
        assert waits(user)
        now[0] += 0.5
        assert not waits(user)


def test_the_wait_is_never_longer_than_a_quarter_of_an_hour(now: list[float]) -> None:
    user: User = {}
    for _ in range(40):
        note(user, "Fail")
        now[0] = max(now[0], user[lockout.KEY]["until"])
    note(user, "Fail")
    assert user[lockout.KEY]["until"] - now[0] == lockout.LONGEST


def test_a_try_while_waiting_makes_the_wait_no_longer(now: list[float]) -> None:
    user: User = {}
    for _ in range(20):
        note(user, "Fail")
    now[0] += 1
    assert not waits(user)


@pytest.mark.parametrize(("response", "wait"), [("Pass", False), ("InProgress", True)])
def test_a_sign_in_starts_anew_and_a_password_alone_does_not(now: list[float], response: str, wait: bool) -> None:
    user: User = {}
    for _ in range(5):
        note(user, "Fail")
    now[0] += 1
    note(user, response)
    note(user, "Fail")
    assert waits(user) is wait


def test_wrong_passwords_of_long_ago_are_forgotten(now: list[float]) -> None:
    user: User = {}
    for _ in range(4):
        note(user, "Fail")
    now[0] += lockout.LONGEST + 1
    note(user, "Fail")
    assert not waits(user)
