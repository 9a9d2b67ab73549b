"""API keys become columns by their description and the days that are left, never by the key."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.authorization.callers.api_keys import Key, key_callers, list_keys
from services.authorization.cells import Mode
from services.credentials import ApiKey
from services.errors import Refused
from services.secret import Secret
from services.settings import Api
from tests.stand_ins import NOON, stubbed

API = Api("modes", "All-modes API", "https://api.example/graphql", "eu-west-1", "abc", Secret("da2-configured"))


def test_every_page_of_keys_is_read() -> None:
    client, stub = stubbed("appsync")
    first = {"id": "da2-one", "description": "web", "expires": int(NOON.timestamp())}
    stub.add_response("list_api_keys", {"apiKeys": [first], "nextToken": "more"}, {"apiId": "abc"})
    stub.add_response("list_api_keys", {"apiKeys": [{"id": "da2-two"}]}, {"apiId": "abc", "nextToken": "more"})
    with stub:
        found = list_keys(client, API)
    assert found == (Key(Secret("da2-one"), "web", NOON), Key(Secret("da2-two")))
    assert "da2-" not in repr(found)


def test_the_configured_key_is_the_first_and_named_once() -> None:
    keys = [Key(Secret("da2-b"), "b"), Key(Secret("da2-configured"), "web"), Key(Secret("da2-a"), "a")]
    found = key_callers(API, keys, NOON)
    assert [(each.id, each.label) for each in found] == [
        ("api-key", "API key · web"),
        ("api-key:2", "API key · a"),
        ("api-key:3", "API key · b"),
    ]
    assert found[0].identity.credentials() == ApiKey(Secret("da2-configured"))


@pytest.mark.parametrize(
    ("left", "days", "note"),
    [
        (timedelta(days=30, hours=5), 30, "30 days left"),
        (timedelta(days=7), 7, "7 days left: renew it soon"),
        (timedelta(days=1, hours=1), 1, "1 day left: renew it soon"),
        (timedelta(hours=3), 0, "0 days left: renew it soon"),
        (timedelta(0), 0, "the key ended at 2030-06-01 12:00 UTC"),
        (timedelta(days=-2), -2, "the key ended at 2030-05-30 12:00 UTC"),
    ],
)
def test_a_key_says_the_days_that_are_left(left: timedelta, days: int, note: str) -> None:
    (found,) = key_callers(replace(API, api_key=None), [Key(Secret("da2-x"), "x", NOON + left)], NOON)
    assert (found.days_left, found.identity.note) == (days, note)
    ended = left <= timedelta(0)
    assert (found.facts.good, found.identity.broken) == (not ended, ended)


def test_without_the_right_to_list_keys_the_configured_one_says_that_its_end_is_unknown() -> None:
    (found,) = key_callers(API, (), NOON, Refused("Could not list", "AWS does not let the credential do this"))
    assert found.days_left is None
    assert found.identity.note == "its end is not known: AWS does not let the credential do this"
    assert found.facts.good


def test_an_api_without_a_key_is_called_with_a_made_up_one() -> None:
    (found,) = key_callers(replace(API, api_key=None), (), NOON)
    assert (found.id, found.facts.mode, found.facts.good, found.identity.broken) == (
        "api-key",
        Mode.API_KEY,
        False,
        True,
    )
