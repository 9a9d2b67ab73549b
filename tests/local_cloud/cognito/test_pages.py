"""Pages of a list and the tokens between them."""

import base64
from typing import Any

import pytest

from local_cloud.cognito.answers import Refused
from local_cloud.cognito.pages import LARGEST_PAGE, TOKEN_SECONDS, page

KEYS = [f"key-{number}" for number in range(7)]


def walk(keys: list[str], limit: int) -> list[list[str]]:
    pages, token = [], None
    while not pages or token:
        call: dict[str, Any] = {"Limit": limit} | ({"NextToken": token} if token else {})
        shown, token = page(keys, call, of="list")
        pages.append(list(shown))
    return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8, 60])
def test_a_walk_meets_every_key_once_in_order(limit: int) -> None:
    pages = walk(KEYS, limit)
    assert [key for shown in pages for key in shown] == KEYS
    assert all(len(shown) == limit for shown in pages[:-1])


def test_an_empty_list_is_one_empty_page() -> None:
    assert page([], {}, of="list") == ([], None)


@pytest.mark.parametrize("limit", [None, 0])
def test_without_a_limit_a_page_is_as_large_as_it_may_be(limit: int | None) -> None:
    shown, token = page([str(number) for number in range(100)], {"Limit": limit}, of="list")
    assert len(shown) == LARGEST_PAGE
    assert token


@pytest.mark.parametrize("limit", [61, 1_000, -1, "5", True, 2.5])
def test_a_limit_out_of_bounds_is_refused(limit: object) -> None:
    with pytest.raises(Refused):
        page(KEYS, {"Limit": limit}, of="list")


def test_a_token_belongs_to_its_list() -> None:
    _, token = page(KEYS, {"Limit": 2}, of="one list")
    with pytest.raises(Refused, match="Invalid pagination token"):
        page(KEYS, {"NextToken": token}, of="another list")


@pytest.mark.parametrize("token", ["", "2", "nonsense", "!!!", base64.b64encode(b"x" * 60).decode(), 5])
def test_an_invented_token_is_refused(token: object) -> None:
    with pytest.raises(Refused, match="InvalidParameterException"):
        page(KEYS, {"NextToken": token}, of="list")


def test_a_token_is_good_for_an_hour() -> None:
    _, token = page(KEYS, {"Limit": 2}, of="list", now=lambda: 0.0)
    assert page(KEYS, {"NextToken": token}, of="list", now=lambda: float(TOKEN_SECONDS))[0] == KEYS[2:]
    with pytest.raises(Refused, match="expired"):
        page(KEYS, {"NextToken": token}, of="list", now=lambda: TOKEN_SECONDS + 1.0)


@pytest.mark.parametrize(
    ("now_there", "rest"),
    [
        (["new", *KEYS], KEYS[2:]),
        (KEYS[1:], KEYS[2:]),
        ([KEYS[0], *KEYS[2:]], KEYS[2:]),
        ([*KEYS, "new"], [*KEYS[2:], "new"]),
        ([], []),
    ],
)
def test_a_walk_goes_on_behind_the_last_key_though_others_came_or_went(now_there: list[str], rest: list[str]) -> None:
    _, token = page(KEYS, {"Limit": 2}, of="list")
    shown, _ = page(now_there, {"NextToken": token}, of="list")
    assert list(shown) == rest
