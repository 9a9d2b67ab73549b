"""Asking for users in each mode: what the call carries, and whose right it is."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from services.credentials import ApiKey, AwsCredentials, Token
from services.errors import NotPermitted, SettingsError
from services.graphql import Answer
from services.secret import Secret
from services.users_answer import Verdict
from services.users_api import DOCUMENT, Caller, Mode, list_users
from tests.unit.people import ADA, OTTO

GUEST = AwsCredentials("ASIAGUEST", Secret("s"), Secret("t"))
SIGNED_IN = AwsCredentials("ASIAADA", Secret("s"), Secret("t"))


@dataclass(frozen=True)
class TwoTokens:
    """The tokens of a session."""

    id_token: Secret
    access_token: Secret


TOKENS = TwoTokens(Secret("the id token"), Secret("the access token"))


@dataclass
class APool:
    """An identity pool that notes for whom it was asked."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def guest(self) -> AwsCredentials:
        return GUEST

    def signed_in(self, id_token: Secret, who: str) -> AwsCredentials:
        self.asked.append((id_token.reveal(), who))
        return SIGNED_IN


@dataclass
class AnApi:
    """An API that notes what it was asked."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def call(self, *asked: Any) -> Answer:
        self.asked.append(asked)
        return Answer(200, {}, '{"data":{"listUsers":{"items":[],"nextToken":null}}}', 1.0)


def caller(**changed: Any) -> Caller:
    """Somebody who calls the users API."""
    return Caller(**{"operator": ADA, "tokens": TOKENS, "identity_pool": APool(), "api_key": None} | changed)


def test_each_mode_carries_its_own_credential() -> None:
    pool = APool()
    ada = caller(identity_pool=pool, api_key=Secret("da2-real"))

    assert ada.credentials(Mode.ID_TOKEN) == Token(Secret("the id token"))
    assert ada.credentials(Mode.ACCESS_TOKEN) == Token(Secret("the access token"))
    assert ada.credentials(Mode.GUEST) == GUEST
    assert ada.credentials(Mode.SIGNED_IN) == SIGNED_IN
    assert ada.credentials(Mode.API_KEY) == ApiKey(Secret("da2-real"))
    assert pool.asked == [("the id token", "sub-ada")]


def test_without_a_key_a_made_up_one_is_sent_and_never_twice_the_same() -> None:
    first, second = (caller().credentials(Mode.API_KEY) for _ in range(2))
    assert isinstance(first, ApiKey)
    assert first.key.reveal().startswith("da2-")
    assert first != second


@pytest.mark.parametrize("mode", [Mode.GUEST, Mode.SIGNED_IN])
def test_iam_without_an_identity_pool_says_what_is_missing(mode: Mode) -> None:
    with pytest.raises(SettingsError, match="no identity pool"):
        caller(identity_pool=None).credentials(mode)


def test_the_page_asked_for_is_the_page_that_is_sent() -> None:
    api = AnApi()

    page, reading = list_users(api, caller(), Mode.ACCESS_TOKEN, 25, "two")  # type: ignore[arg-type]

    assert page.verdict is Verdict.EMPTY
    assert reading.calls == 1
    assert api.asked == [(DOCUMENT, Token(Secret("the access token")), {"limit": 25, "nextToken": "two"}, "ListUsers")]


def test_somebody_without_the_right_reaches_no_call() -> None:
    api = AnApi()
    with pytest.raises(NotPermitted):
        list_users(api, caller(operator=OTTO), Mode.GUEST, 25)  # type: ignore[arg-type]
    assert api.asked == []
