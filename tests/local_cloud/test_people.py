"""Made-up people: names, pictures, passwords."""

import re
import string

import pytest

from local_cloud import names, passwords, portraits
from local_cloud.passwords import strong_password


def test_a_hundred_thousand_people_have_as_many_names() -> None:
    people = list(names.people(100_000))
    assert len({person.username for person in people}) == 100_000
    assert len({person.user_id for person in people[:5_000]}) == 5_000


def test_the_same_people_come_in_the_same_order() -> None:
    assert list(names.people(20)) == list(names.people(1_000))[:20]


def test_every_name_has_a_portrait_with_its_initials() -> None:
    person = next(names.people(1))
    drawn = portraits.portrait(person.slug)
    assert drawn is not None
    assert f">{person.first[0]}{person.last[0]}</text>" in drawn
    assert all(portraits.portrait(other.slug) for other in names.people(10_000))


@pytest.mark.parametrize("name", ["", "-", "a--b", "A", "a.b", "a/b", '"><script>', "é", "a" * 81])
def test_what_is_no_name_has_no_portrait(name: str) -> None:
    assert portraits.portrait(name) is None


def test_a_password_has_every_class_of_character_and_comes_once() -> None:
    made = [strong_password() for _ in range(200)]
    assert len(set(made)) == len(made)
    for password in made:
        assert len(password) == passwords.LENGTH
        for wanted in (string.ascii_uppercase, string.ascii_lowercase, string.digits, passwords.SIGNS):
            assert set(password) & set(wanted)
        assert re.fullmatch(r"[!-~]+", password)
