"""Sessions of challenges: single-user, single-step, single-use, short-lived."""

from dataclasses import dataclass
from threading import Barrier, Thread

import pytest

from local_cloud.cognito.answers import Refused
from local_cloud.cognito.sessions import EXPIRED, INVALID, USED, Sessions

SECONDS = 180.0


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    made = Sessions(clock)
    made.open("token", pool_id="pool", client_id="client", username="mara", step="STEP", seconds=SECONDS)
    return made


def refused(sessions: Sessions, token: object, step: str = "STEP") -> str:
    with pytest.raises(Refused) as raised, sessions.answered(token, step):
        pass
    assert raised.value.code == "NotAuthorizedException"
    return raised.value.message


def test_a_session_stands_for_whom_it_was_opened(sessions: Sessions) -> None:
    with sessions.answered("token", "STEP") as session:
        assert (session.pool_id, session.client_id, session.username) == ("pool", "client", "mara")


@pytest.mark.parametrize("token", ["invented", "", None, 7, ["token"]])
def test_an_invented_token_stands_for_nobody(sessions: Sessions, token: object) -> None:
    assert refused(sessions, token) == INVALID


def test_a_session_is_good_for_its_own_step_only(sessions: Sessions) -> None:
    assert refused(sessions, "token", "OTHER") == INVALID


def test_a_session_is_answered_once(sessions: Sessions) -> None:
    with sessions.answered("token", "STEP"):
        pass
    assert refused(sessions, "token") == USED


def test_a_session_survives_an_answer_that_failed(sessions: Sessions) -> None:
    with pytest.raises(ValueError, match="mistyped"), sessions.answered("token", "STEP"):
        raise ValueError("mistyped")
    with sessions.answered("token", "STEP") as session:
        assert session.username == "mara"


def test_a_session_lives_to_its_last_second_and_no_longer(sessions: Sessions, clock: Clock) -> None:
    clock.now += SECONDS
    with pytest.raises(ValueError, match="kept"), sessions.answered("token", "STEP"):
        raise ValueError("kept")
    clock.now += 0.001
    assert refused(sessions, "token") == EXPIRED


def test_long_dead_sessions_are_forgotten(sessions: Sessions, clock: Clock) -> None:
    clock.now += 2 * SECONDS + 1
    sessions.open("new", pool_id="pool", client_id="client", username="mara", step="STEP", seconds=SECONDS)
    assert refused(sessions, "token") == INVALID


def test_of_two_answers_at_once_one_counts(sessions: Sessions) -> None:
    meeting, counted, lost = Barrier(2), [], []

    def answer() -> None:
        meeting.wait()
        try:
            with sessions.answered("token", "STEP") as session:
                counted.append(session)
        except Refused as refusal:
            lost.append(refusal.message)

    threads = [Thread(target=answer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(counted), lost) == (1, [USED])
