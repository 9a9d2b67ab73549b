"""Claims in words: times with their distance, groups by name, and nothing left out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.token_claims import claims_in_words
from tests.stand_ins import NOON

AT = int(NOON.timestamp())


def value(name: str, said: Any) -> str:
    """One claim's value in words."""
    (only,) = claims_in_words({name: said}, NOON)
    return only.value


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "now"), (1, "in 1 second"), (3600, "in 1 hour"), (-120, "2 minutes ago"), (-172_800, "2 days ago")],
)
def test_a_time_is_told_with_how_far_away_it_is(seconds: int, words: str) -> None:
    assert value("exp", AT + seconds).endswith(f"UTC, {words}")


@pytest.mark.parametrize("time", ["soon", None, True, 10**30, [1]])
def test_what_is_no_time_is_said_to_be_none(time: Any) -> None:
    assert value("exp", time).endswith("not a time")


def test_groups_roles_and_uses_are_told_in_words() -> None:
    assert value("cognito:groups", ["admins", "not-admins"]) == "admins, not-admins"
    assert value("cognito:groups", []) == "none"
    assert value("cognito:roles", ["arn:aws:iam::1:role/path/readers"]) == "readers"
    assert value("token_use", "access").startswith("Access token")
    assert value("email_verified", said=True) == "yes"


def test_well_known_claims_stand_first_and_the_pools_own_after_them() -> None:
    names = [said.claim for said in claims_in_words({"custom:b": 1, "exp": AT, "custom:a": 2, "sub": "s"}, NOON)]
    assert names == ["sub", "exp", "custom:a", "custom:b"]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(SCALARS, lambda below: st.lists(below, max_size=3))


@given(st.dictionaries(st.sampled_from(["exp", "cognito:groups", "cognito:roles", "token_use", "x"]), JSON))
def test_every_claim_is_told_whatever_it_holds(claims: dict[str, Any]) -> None:
    assert {said.claim for said in claims_in_words(claims, NOON)} == set(claims)
