"""The page Audit: what was recorded, found again."""

import pytest

from services import audit
from services.audit import because, recorded
from services.errors import NotFound
from services.permissions import Operator, Role
from services.record.entries import Entry, Phase
from services.record.journal import RecordError
from tests.pages.conftest import Stage, said
from tests.stand_ins import Record
from tests.unit.people import ADA, OTTO

EVIL = "<img src=x onerror=alert(1)>[link](javascript:x)"


@pytest.fixture
def acts(record: Record) -> Record:
    """Three acts by two people; one was refused, one is under way."""
    with because("new hire"), recorded(ADA, "group.add", "billing", {"user": "bea"}):
        pass
    with pytest.raises(NotFound), recorded(ADA, "group.delete", EVIL):
        raise NotFound("Could not delete", code="ResourceNotFoundException", request_id="r-77")
    with pytest.raises(RuntimeError), recorded(Operator("cal", "3", (), Role.ADMIN), "password.set", "otto"):
        raise RuntimeError
    return record


def targets(app: object) -> list[str]:
    """The column of targets."""
    return list(app.dataframe[0].value["target"])  # type: ignore[attr-defined]


@pytest.mark.usefixtures("acts")
def test_acts_stand_newest_first_in_words(stage: Stage) -> None:
    app = stage.open("audit.py")
    assert targets(app) == ["otto", EVIL, "bea in billing"]
    assert list(app.dataframe[0].value["act"]) == ["Set a password", "Deleted a group", "Added to a group"]
    assert "3 of 3 acts · 6 entries" in said(app)


@pytest.mark.usefixtures("acts")
@pytest.mark.parametrize(("text", "found"), [("R-77", [EVIL]), ("new hire", ["bea in billing"]), ("cal", ["otto"])])
def test_a_search_finds_by_request_reason_and_person(stage: Stage, text: str, found: list[str]) -> None:
    app = stage.open("audit.py", audit_find=text)
    assert targets(app) == found


@pytest.mark.usefixtures("acts")
def test_a_search_without_a_match_says_how_to_see_all(stage: Stage) -> None:
    app = stage.open("audit.py", audit_find="nobody at all")
    assert "No act matches. Clear the search" in said(app)


@pytest.mark.usefixtures("acts")
def test_the_chain_is_proven_on_request_and_a_break_is_told(stage: Stage) -> None:
    app = stage.open("audit.py")
    app.button(key="audit_check").click().run()
    assert "The chain holds" in said(app)

    journal = audit.journal()
    journal._connection.execute("update entries set content = replace(content, 'bea', 'eve')")  # type: ignore[attr-defined]
    app.button(key="audit_check").click().run()
    assert "Entry 1 is not what was recorded" in said(app)


@pytest.mark.usefixtures("record")
def test_an_act_that_goes_on_is_under_way_and_one_that_nobody_ended_is_of_unknown_outcome(stage: Stage) -> None:
    audit.journal().append(Entry("a1", Phase.BEGUN, "2030-06-01T12:00:00.000+00:00", "", "bob", "9", "lab.run", "x"))
    with recorded(ADA, "lab.run", "directory.yaml"):
        app = stage.open("audit.py")
        assert list(app.dataframe[0].value["outcome"]) == ["under way", "outcome unknown"]
    assert list(app.run().dataframe[0].value["outcome"]) == ["done", "outcome unknown"]


@pytest.mark.usefixtures("record")
def test_an_empty_record_says_what_will_be_in_it(stage: Stage) -> None:
    assert "Nothing has been recorded yet" in said(stage.open("audit.py"))


@pytest.mark.usefixtures("acts")
def test_who_may_not_read_it_sees_no_act(stage: Stage) -> None:
    stage.operator = OTTO
    app = stage.open("audit.py")
    assert not app.dataframe
    assert "may not read the record of acts" in said(app)


@pytest.mark.usefixtures("record")
def test_a_record_that_cannot_be_read_is_told_with_its_file(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> object:
        raise RecordError("The record of acts can't be read", "disk I/O error")

    monkeypatch.setattr(audit.journal(), "newest", broken)
    assert "disk I/O error" in said(stage.open("audit.py"))
