"""Finding people in the real pool."""

import secrets

import pytest

from tests.integration.stage import ADA, Live


def names(live: Live, text: str) -> list[str]:
    """The user names that a search finds."""
    return [who.username for who in live.directory.find(ADA, text).people]


def test_a_person_is_found_by_the_beginning_of_name_and_of_address(live: Live) -> None:
    person = live.new_person()
    assert names(live, person.username[:-2]) == [person.username]
    assert names(live, person.email.partition("@")[0]) == [person.username]
    assert names(live, person.username[1:]) == []


def test_capitals_find_the_same_person(live: Live) -> None:
    person = live.new_person()
    assert names(live, person.username.upper()) == [person.username]


@pytest.mark.parametrize("signs", ['"', "\\", '\\"', '" or "', "<b>", "*", "'", ","])
def test_signs_that_mean_something_in_a_filter_find_only_who_has_them(live: Live, signs: str) -> None:
    beginning = f"q{secrets.token_hex(4)}{signs}".replace(" ", "_")
    person = live.new_person(prefix=beginning)
    assert names(live, beginning) == [person.username]
    assert live.person(person.username).username == person.username


def test_an_injected_condition_finds_nobody(live: Live) -> None:
    assert names(live, '" or username ^= "') == []
    assert names(live, 'x" username ^= "a') == []


def test_no_text_gives_the_first_people_and_says_that_there_are_more(live: Live) -> None:
    found = live.directory.find(ADA, "")
    assert len(found.people) == 60
    assert found.more
    assert found.reading.calls == 1
