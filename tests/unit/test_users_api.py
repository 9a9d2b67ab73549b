"""Asking for users in each mode: what the call carries, and whose right it is."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.credentials import ApiKey, AwsCredentials, Token
from services.errors import NotPermitted, SettingsError, TooManyRequests, Unavailable
from services.graphql import Answer
from services.reading import Reading
from services.secret import Secret
from services.users_answer import UsersPage, Verdict
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


def connection(rows: int = 0, token: str | None = None) -> Answer:
    """An answer with so many rows and the token of the next page."""
    body = {"data": {"listUsers": {"items": [{"userId": str(row)} for row in range(rows)], "nextToken": token}}}
    return Answer(200, {}, json.dumps(body), 1.0)


@dataclass
class AnApi:
    """An API that notes what it was asked, and gives its answers in turn; an error among them is raised."""

    answers: list[Answer | Exception] = field(default_factory=lambda: [connection()])
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def call(self, *asked: Any) -> Answer:
        self.asked.append(asked)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


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


def first_page(*answers: Answer | Exception, limit: int = 2) -> tuple[AnApi, UsersPage, Reading]:
    """The first page of so many rows, from an API with these answers."""
    api = AnApi(list(answers))
    return api, *list_users(api, caller(), Mode.ID_TOKEN, limit)  # type: ignore[arg-type]


def test_a_full_page_that_nobody_follows_is_the_last_one() -> None:
    api, page, reading = first_page(connection(2, "behind the last row"), connection())

    assert (len(page.users), page.next_token) == (2, None)
    assert reading.calls == 2
    assert api.asked[1][1:3] == (api.asked[0][1], {"limit": 1, "nextToken": "behind the last row"})


@pytest.mark.parametrize("following", [connection(1), connection(1, "three"), connection(0, "three")])
def test_a_full_page_with_more_behind_it_keeps_its_token(following: Answer) -> None:
    _, page, _ = first_page(connection(2, "two"), following)
    assert page.next_token == "two"


@pytest.mark.parametrize("following", [Unavailable("Gone"), TooManyRequests("Slow down"), Answer(500, {}, "", 1.0)])
def test_a_page_is_shown_though_it_cannot_be_found_out_whether_somebody_follows(following: Answer | Exception) -> None:
    _, page, _ = first_page(connection(2, "two"), following)
    assert (page.verdict, page.next_token) == (Verdict.ROWS, "two")


@pytest.mark.parametrize("answer", [connection(2), connection(1), connection(1, "two")])
def test_a_page_that_has_no_token_or_is_not_full_takes_one_call(answer: Answer) -> None:
    api, page, reading = first_page(answer)
    assert reading.calls == len(api.asked) == 1
    assert page.next_token == json.loads(answer.text)["data"]["listUsers"]["nextToken"]


def test_somebody_without_the_right_reaches_no_call() -> None:
    api = AnApi()
    with pytest.raises(NotPermitted):
        list_users(api, caller(operator=OTTO), Mode.GUEST, 25)  # type: ignore[arg-type]
    assert api.asked == []
