"""Page tokens: nobody reads them, and only the very one that was given out is taken."""

import base64
import string

import pytest

from local_cloud.appsync.page_tokens import BadPageToken, seal, unseal

PLACE = "arn:aws:appsync:us-east-1:111122223333:apis/a/Query/list"
KEY = {"id": {"S": "the last row's id"}}
CHARACTERS = string.ascii_letters + string.digits + "-_="


def test_a_token_stands_for_its_key_and_does_not_show_it() -> None:
    token = seal(PLACE, KEY)
    assert unseal(PLACE, token) == KEY
    assert b"last row" not in base64.urlsafe_b64decode(token)


# One of these lengths leaves bits at the end of the Base64 that decoding doesn't look at.
@pytest.mark.parametrize("length", [1, 2, 3])
def test_no_single_altered_character_passes(length: int) -> None:
    token = seal(PLACE, {"id": {"S": "x" * length}})
    for index, character in enumerate(token):
        for other in CHARACTERS.replace(character, ""):
            refuse(token[:index] + other + token[index + 1 :])


@pytest.mark.parametrize("added", ["=", "==", "!", " ", "\n", "A", "AAAA"])
def test_a_token_with_something_added_is_refused(added: str) -> None:
    refuse(seal(PLACE, KEY) + added)


@pytest.mark.parametrize("forged", ["", "made-up", "ümlaut", "\ud800", "=", "AAAA", "A" * 200])
def test_a_made_up_token_is_refused(forged: str) -> None:
    refuse(forged)


def test_a_token_of_another_resolver_is_refused() -> None:
    refuse(seal(f"{PLACE}2", KEY))


def refuse(token: str) -> None:
    """Assert that a token is refused in AppSync's words."""
    with pytest.raises(BadPageToken, match=r"Invalid pagination token given\.$"):
        unseal(PLACE, token)
