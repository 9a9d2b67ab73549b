"""Reading the record: acts whole, newest first, by those who may."""

from dataclasses import replace

import pytest

from services import audit
from services.audit import recorded
from services.errors import NotPermitted
from services.permissions import Place
from services.record.reading import acts_on, check, read
from tests.stand_ins import Record
from tests.unit.people import ADA, OTTO


@pytest.fixture(autouse=True)
def some_acts(record: Record) -> Record:
    for group, user in (("a", "bea"), ("b", "cal"), ("c", "bea")):
        with recorded(ADA, "group.add", group, {"user": user}):
            pass
    return record


def test_all_acts_are_read_newest_first() -> None:
    found = read(audit.journal(), ADA)
    assert [act.begun.target for act in found.acts] == ["c", "b", "a"]
    assert (found.entries, found.complete) == (6, True)


def test_a_part_of_it_is_told_to_be_one() -> None:
    found = read(audit.journal(), ADA, newest=3)
    assert [act.begun.target for act in found.acts] == ["c"]
    assert (found.entries, found.complete) == (6, False)


def test_a_persons_history_is_what_was_done_to_them_or_by_them() -> None:
    assert [act.begun.target for act in acts_on(audit.journal(), ADA, "bea")] == ["c", "a"]
    assert len(acts_on(audit.journal(), ADA, "ada")) == 3


def test_a_groups_history_is_what_was_done_to_it_and_not_to_a_person_of_its_name() -> None:
    with recorded(ADA, "password.set", "a"), recorded(ADA, "group.add", "bea", {"user": "a"}):
        pass
    assert [act.begun.act for act in acts_on(audit.journal(), ADA, "a", group=True)] == ["group.add"]
    assert [act.begun.target for act in acts_on(audit.journal(), ADA, "bea", group=True)] == ["bea"]
    assert "bea" not in [act.begun.target for act in acts_on(audit.journal(), ADA, "bea")]


def test_a_history_is_that_of_the_environment_that_is_shown() -> None:
    elsewhere = replace(ADA, place=Place("elsewhere"))
    with recorded(elsewhere, "password.set", "bea"):
        pass
    assert [act.begun.target for act in acts_on(audit.journal(), elsewhere, "bea")] == ["bea"]
    assert [act.begun.target for act in acts_on(audit.journal(), ADA, "bea")] == ["c", "a"]


def test_who_may_not_read_it_gets_nothing() -> None:
    with pytest.raises(NotPermitted):
        read(audit.journal(), OTTO)
    with pytest.raises(NotPermitted):
        check(audit.journal(), OTTO)
