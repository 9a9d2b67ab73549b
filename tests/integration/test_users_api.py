"""Users through the real API: whole walks, every mode, a forged token, portraits."""

from dataclasses import replace
from typing import Any

import pytest

from services import image_fetch
from services.page_tokens import PageTokens
from services.portraits import Portraits
from services.secret import Secret
from services.users_answer import User, UsersPage, Verdict
from services.users_api import Caller, Mode, list_users
from tests.integration.stage import Live


@pytest.fixture(scope="module")
def ada(live: Live) -> Caller:
    """The operator, signed in."""
    return live.caller()


def page(
    live: Live, caller: Caller, mode: Mode = Mode.ID_TOKEN, limit: int = 25, token: str | None = None
) -> UsersPage:
    """One page of users."""
    return list_users(live.app.clients.apis["users"], caller, mode, limit, token)[0]


def table(live: Live) -> dict[str, dict[str, Any]]:
    """The users table by user id, read behind the API's back."""
    pages = live.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=live.cloud.backend["UserTableName"])
    rows = [{name: value["S"] for name, value in item.items()} for found in pages for item in found["Items"]]
    return {row["userId"]: row for row in rows}


def ids(users: tuple[User, ...]) -> list[str]:
    """The user ids of some rows."""
    return [str(user.user_id) for user in users]


@pytest.mark.parametrize("limit", [25, 100])
def test_a_full_walk_shows_every_row_of_the_table_once_as_it_is(live: Live, ada: Caller, limit: int) -> None:
    rows, seen, token = table(live), [], None
    while True:
        got = page(live, ada, limit=limit, token=token)
        assert got.verdict is Verdict.ROWS
        seen += got.users
        token = got.next_token
        if token is None:
            break
    assert sorted(ids(tuple(seen))) == sorted(rows)
    for user in seen:
        row = rows[str(user.user_id)]
        assert (user.firstname, user.lastname, user.picture) == (row["firstname"], row["lastname"], row["picture"])


def test_three_pages_forward_and_two_back_show_the_same_rows_again(live: Live, ada: Caller) -> None:
    tokens, seen = PageTokens(), {}
    for _ in range(3):
        got = page(live, ada, limit=5, token=tokens.current)
        seen[tokens.number] = ids(got.users)
        assert got.next_token
        tokens = tokens.forward(got.next_token)
    for number in (3, 2):
        tokens = tokens.back()
        assert tokens.number == number
        assert ids(page(live, ada, limit=5, token=tokens.current).users) == seen[number]


@pytest.mark.parametrize("mode", [Mode.ID_TOKEN, Mode.ACCESS_TOKEN, Mode.GUEST, Mode.SIGNED_IN])
def test_each_admitted_mode_sees_the_same_first_page(live: Live, ada: Caller, mode: Mode) -> None:
    got = page(live, ada, mode, 10)
    assert got.verdict is Verdict.ROWS
    assert ids(got.users) == ids(page(live, ada, Mode.ID_TOKEN, 10).users)


def test_a_made_up_api_key_is_refused_by_mode(live: Live, ada: Caller) -> None:
    got = page(live, ada, Mode.API_KEY)
    assert (got.verdict, got.answer.status, got.error_type) == (Verdict.REFUSED_BY_MODE, 401, "UnauthorizedException")
    assert got.users == ()


def test_a_forged_page_token_is_told_as_that(live: Live, ada: Caller) -> None:
    real = page(live, ada, limit=5).next_token
    assert real
    for forged in (real[:-1] + ("A" if real[-1] != "A" else "B"), "nonsense", real + "A"):
        got = page(live, ada, limit=5, token=forged)
        assert (got.verdict, got.users) == (Verdict.TOKEN_REFUSED, ())


def test_a_broken_id_token_brings_no_rows(live: Live, ada: Caller) -> None:
    token = ada.tokens.id_token.reveal()
    broken = replace(ada, tokens=replace(ada.tokens, id_token=Secret(token[:-4] + "AAAA")))  # type: ignore[type-var]
    got = page(live, broken)
    assert (got.verdict, got.users) == (Verdict.REFUSED_BY_MODE, ())


def test_every_portrait_of_a_page_comes_as_data(live: Live, ada: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    for patience in ("SECONDS", "SECONDS_IN_ALL"):
        monkeypatch.setattr(image_fetch, patience, 60)
    addresses = [str(user.picture) for user in page(live, ada, limit=25).users]
    loaded = Portraits(live.cloud.endpoint).load(addresses, remote=False)
    assert set(loaded) == set(addresses)
    assert all(uri.startswith("data:image/svg+xml;base64,") for uri in loaded.values())
