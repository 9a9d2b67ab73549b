"""An expired token proves something where nothing else is wrong with it."""

from datetime import timedelta

import pytest

from services.authorization.callers.expired import KeptTokens, expired_caller
from services.credentials import Token
from services.errors import Unavailable
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, NOON, Pool, private_key

POOL = Pool()
TOKEN = POOL.token("id")
LATER = NOON + timedelta(hours=2)
END = NOON + timedelta(hours=1)


@pytest.mark.parametrize("use", ["id", "access"])
def test_a_genuine_token_past_its_end_is_one(use: str) -> None:
    token = POOL.token(use)
    caller = expired_caller(token, ENVIRONMENT, POOL.for_key, LATER, "me/id")
    assert caller.unavailable is None
    assert (caller.identity.broken, caller.facts.good, caller.control) == (True, False, "me/id")
    assert caller.identity.credentials() == Token(token)


def test_the_second_of_its_end_counts_though_our_own_rule_is_more_patient() -> None:
    assert expired_caller(TOKEN, ENVIRONMENT, POOL.for_key, END).unavailable is None
    assert expired_caller(TOKEN, ENVIRONMENT, POOL.for_key, END - timedelta(seconds=1)).unavailable


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (None, "None is at hand"),
        (POOL.token("id", exp=int(LATER.timestamp()) + 1), "has not expired yet"),
        (POOL.token("id", aud="other"), "another app client"),
        (POOL.token("id", iss="https://issuer.example"), "another user pool"),
        (Pool(key_id="key2").token("id"), "does not publish"),
        (Secret("text"), "not a JSON web token"),
    ],
)
def test_any_other_token_is_listed_with_the_reason(token: Secret | None, why: str) -> None:
    caller = expired_caller(token, ENVIRONMENT, POOL.for_key, LATER)
    assert caller.unavailable
    assert why in caller.unavailable.why
    assert caller.id == "broken:expired"


def test_a_forged_one_proves_nothing() -> None:
    assert private_key("key2")
    header, _, signature = TOKEN.reveal().split(".")
    forged = Secret(f"{header}.{POOL.token('id', sub='2').reveal().split('.')[1]}.{signature}")
    caller = expired_caller(forged, ENVIRONMENT, POOL.for_key, LATER)
    assert caller.unavailable
    assert "signature" in caller.unavailable.why


def test_keys_that_cannot_be_read_are_told() -> None:
    def down(_: str) -> dict[str, object]:
        raise Unavailable("Could not read the keys", "no answer")

    caller = expired_caller(TOKEN, ENVIRONMENT, down, LATER)  # type: ignore[arg-type]
    assert caller.unavailable
    assert caller.unavailable.why == "no answer"


def test_the_first_token_of_a_pool_is_kept_until_it_has_ended() -> None:
    kept = KeptTokens()
    kept.keep(TOKEN, ENVIRONMENT)
    kept.keep(POOL.token("id", sub="2222"), ENVIRONMENT)
    assert kept.expired(ENVIRONMENT, END - timedelta(seconds=1)) is None
    assert kept.expired(ENVIRONMENT, END) == TOKEN
