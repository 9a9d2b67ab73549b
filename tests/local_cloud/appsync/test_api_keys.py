"""API keys: known, and not past their hour."""

import pytest

from local_cloud.appsync.api_keys import admit_key
from local_cloud.appsync.model import Mode
from local_cloud.appsync.refusals import Refused

HOUR = 3600
ELEVEN = 1_800_000_000 - 1_800_000_000 % HOUR


def refusal(key: str, keys: dict[str, int], now: float) -> tuple[int, str, str | None]:
    with pytest.raises(Refused) as raised:
        admit_key(key, keys, now)
    return raised.value.status, raised.value.error_type, raised.value.message


UNKNOWN = (401, "UnauthorizedException", "You are not authorized to make this call.")


def test_a_known_key_is_admitted_and_resolvers_see_no_identity() -> None:
    caller = admit_key("k", {"k": ELEVEN}, ELEVEN - 1)
    assert (caller.mode, caller.identity) == (Mode.API_KEY, None)


def test_an_unknown_and_an_expired_key_are_refused_in_the_same_words() -> None:
    assert refusal("other", {"k": ELEVEN}, ELEVEN - HOUR) == UNKNOWN
    assert refusal("k", {"k": ELEVEN}, ELEVEN + 1) == UNKNOWN


def test_a_key_counts_up_to_the_very_second_of_its_hour() -> None:
    assert admit_key("k", {"k": ELEVEN}, ELEVEN).mode is Mode.API_KEY
    assert refusal("k", {"k": ELEVEN}, ELEVEN + 0.5) == UNKNOWN


@pytest.mark.row("6 `expires` is rounded down to the hour")
def test_an_expiry_within_an_hour_counts_from_the_beginning_of_that_hour() -> None:
    assert refusal("k", {"k": ELEVEN + 1800}, ELEVEN + 1) == UNKNOWN
    assert admit_key("k", {"k": ELEVEN + 1800}, ELEVEN - 1).mode is Mode.API_KEY
