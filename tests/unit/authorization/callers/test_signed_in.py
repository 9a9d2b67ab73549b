"""A person's tokens stay good for as long as a run takes."""

from datetime import timedelta

import pytest

from services.authorization.callers.signed_in import Renewing
from services.errors import SignInError, Unavailable
from services.tokens import Tokens
from tests.stand_ins import Clock, Pool


class Cognito:
    """Renews tokens, unless it is down or refuses."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.renewed = 0
        self.failure: Exception | None = None

    def tokens(self) -> Tokens:
        return Pool(clock=self.clock).tokens()

    def renew(self, _: Tokens) -> Tokens:
        if self.failure:
            raise self.failure
        self.renewed += 1
        return self.tokens()


def test_tokens_are_renewed_shortly_before_they_end_and_only_then() -> None:
    cognito = Cognito()
    first = cognito.tokens()
    tokens = Renewing(first, cognito.renew, cognito.clock)
    cognito.clock.move(minutes=54)
    assert (tokens(), cognito.renewed) == (first, 0)
    cognito.clock.move(minutes=1)
    second = tokens()
    assert second != first
    assert (tokens(), cognito.renewed) == (second, 1)
    cognito.clock.move(minutes=55)
    assert tokens() != second


def test_tokens_outlive_a_cognito_that_cannot_be_reached_until_they_end() -> None:
    cognito = Cognito()
    first = cognito.tokens()
    tokens = Renewing(first, cognito.renew, cognito.clock)
    cognito.failure = Unavailable("Could not renew", "no answer")
    cognito.clock.move(minutes=59)
    assert tokens() == first
    cognito.clock.move(minutes=2)
    with pytest.raises(Unavailable):
        tokens()


def test_a_refused_renewal_is_told() -> None:
    cognito = Cognito()
    tokens = Renewing(cognito.tokens(), cognito.renew, cognito.clock)
    cognito.failure = SignInError("Could not renew", "The account is disabled")
    cognito.clock.move(minutes=56)
    with pytest.raises(SignInError, match="disabled"):
        tokens()


def test_a_stand_in_is_not_used_past_its_lease_even_with_live_tokens() -> None:
    cognito = Cognito()
    tokens = Renewing(cognito.tokens(), cognito.renew, cognito.clock, until=cognito.clock() + timedelta(minutes=60))
    cognito.clock.move(minutes=59)
    tokens()
    cognito.clock.move(minutes=1)
    with pytest.raises(SignInError, match="made for an hour"):
        tokens()


def test_tokens_that_live_for_minutes_are_renewed_at_half_time() -> None:
    cognito = Cognito()
    brief = cognito.tokens()
    brief = Tokens(brief.id_token, brief.access_token, brief.refresh_token, cognito.clock() + timedelta(minutes=5))
    tokens = Renewing(brief, cognito.renew, cognito.clock)
    cognito.clock.move(minutes=2)
    assert tokens() == brief
    cognito.clock.move(seconds=30)
    assert tokens() != brief
