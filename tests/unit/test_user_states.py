"""Every state that a user can have is told in words."""

import boto3
import pytest

from services.user_states import STANDINGS, State, state_of

STATUSES = (
    boto3.Session(region_name="eu-west-1").client("cognito-idp").meta.service_model.shape_for("UserStatusType").enum
)
WITHOUT_WORDS = {"ARCHIVED", "COMPROMISED", "UNKNOWN"}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_cognito_has_words_or_is_known_to_have_none(status: str) -> None:
    assert (state_of(status, enabled=True) is State.UNKNOWN) == (status in WITHOUT_WORDS)


@pytest.mark.parametrize("status", STATUSES)
def test_disabled_hides_every_other_state(status: str) -> None:
    assert state_of(status, enabled=False) is State.DISABLED


@pytest.mark.parametrize("state", State)
def test_every_state_says_what_a_sign_in_does_and_what_comes_next(state: State) -> None:
    standing = STANDINGS[state]
    assert standing.sign_in.endswith(".")
    assert standing.next_step.endswith(".")
