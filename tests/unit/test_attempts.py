"""Repeated failures: who has to wait, how long, and who doesn't."""

import threading

import pytest

from services.attempts import FREE_PER_ADDRESS, FREE_PER_NAME, Attempts, TooSoon, known_address
from services.errors import SignInError, Unavailable
from tests.stand_ins import Clock

WRONG = SignInError("Could not sign in", "The user name or the password is wrong")


def tried(attempts: Attempts, name: str = "ada", address: str = "", error: Exception | None = WRONG) -> str:
    """What a try was told: its failure, how long to wait, or nothing."""
    try:
        with attempts.counted(name, address):
            if error:
                raise error
    except TooSoon as early:
        return early.next_step
    except (SignInError, Unavailable):
        return "failed"
    return ""


def fail(attempts: Attempts, times: int) -> None:
    for _ in range(times):
        assert tried(attempts) == "failed"


def test_the_first_failures_cost_nothing_and_later_ones_twice_as_long_each_time() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    fail(attempts, FREE_PER_NAME)

    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        words = "1 second" if seconds == 1 else f"{seconds} seconds"
        assert tried(attempts) == f"Wait {words}, then try again"
        clock.move(seconds=seconds)
        assert tried(attempts) == "failed"


def test_a_try_that_came_too_early_makes_the_wait_no_longer() -> None:
    attempts = Attempts(Clock())
    fail(attempts, FREE_PER_NAME)

    assert {tried(attempts) for _ in range(10)} == {"Wait 1 second, then try again"}


def test_other_people_do_not_wait() -> None:
    attempts = Attempts(Clock())
    fail(attempts, FREE_PER_NAME)

    assert tried(attempts, "bob", error=None) == ""


def test_upper_and_lower_case_are_one_name() -> None:
    attempts = Attempts(Clock())
    fail(attempts, FREE_PER_NAME)

    assert tried(attempts, "ADA").startswith("Wait")


def test_one_address_that_tries_many_names_waits_and_other_addresses_do_not() -> None:
    attempts = Attempts(Clock())
    for number in range(FREE_PER_ADDRESS):
        assert tried(attempts, f"person-{number}", "203.0.113.7") == "failed"

    assert tried(attempts, "somebody-else", "203.0.113.7").startswith("Wait 1 second")
    assert tried(attempts, "somebody-else", "203.0.113.8", None) == ""


def test_who_is_signed_in_starts_anew_and_the_address_does_not() -> None:
    attempts = Attempts(Clock())
    for _ in range(FREE_PER_NAME - 1):
        tried(attempts, "ada", "203.0.113.7")
    attempts.forgive("Ada")
    fail(attempts, FREE_PER_NAME)

    for number in range(FREE_PER_ADDRESS - FREE_PER_NAME + 1):
        tried(attempts, f"person-{number}", "203.0.113.7")
    assert tried(attempts, "bob", "203.0.113.7").startswith("Wait")


def test_a_step_that_went_well_forgives_nothing_yet() -> None:
    attempts = Attempts(Clock())
    fail(attempts, FREE_PER_NAME - 1)
    tried(attempts, error=None)
    fail(attempts, 1)

    assert tried(attempts).startswith("Wait")


def test_no_answer_is_nobody_s_failure() -> None:
    attempts = Attempts(Clock())
    for _ in range(20):
        tried(attempts, error=Unavailable("Could not sign in", "AWS did not answer"))

    assert tried(attempts, error=None) == ""


def test_a_step_that_costs_counts_when_it_succeeds() -> None:
    attempts = Attempts(Clock())
    for _ in range(FREE_PER_NAME):
        with attempts.counted("ada", costs=True):
            pass

    assert tried(attempts).startswith("Wait")


def test_failures_are_forgotten_after_a_quarter_of_an_hour() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    fail(attempts, FREE_PER_NAME)
    clock.move(minutes=16)

    fail(attempts, FREE_PER_NAME - 1)
    assert tried(attempts, error=None) == ""


def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    attempts = Attempts(Clock(), most=100)
    fail(attempts, FREE_PER_NAME)
    for number in range(99):
        tried(attempts, f"person-{number}")
    assert tried(attempts).startswith("Wait")

    tried(attempts, "one-more")

    assert tried(attempts) == "failed"
    assert len(attempts._failures) == 100


def test_threads_that_fail_at_once_are_all_counted() -> None:
    attempts = Attempts(Clock())
    threads = [threading.Thread(target=tried, args=(attempts, f"p{number}", "203.0.113.7")) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert tried(attempts, "bob", "203.0.113.7").startswith("Wait")


@pytest.mark.parametrize(
    ("address", "behind_proxy", "known"),
    [
        (None, False, ""),
        ("10.0.0.7", False, "10.0.0.7"),
        ("10.0.0.7", True, ""),
        ("8.8.8.8", True, "8.8.8.8"),
        ("2001:4860:4860::8888", True, "2001:4860:4860::8888"),
    ],
)
def test_the_address_of_a_proxy_tells_nobody_apart(address: str | None, behind_proxy: bool, known: str) -> None:
    assert known_address(address, behind_proxy=behind_proxy) == known
