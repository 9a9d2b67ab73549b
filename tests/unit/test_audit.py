"""The record of acts: written before and after, with who, what, why and how it ended."""

import json

import pytest

from services import audit
from services.audit import because, note_request, recorded
from services.errors import NotFound, NotPermitted
from services.permissions import Operator, Place, Role
from services.record.acts import UNKNOWN
from services.record.chain import Head
from services.record.entries import Entry
from services.record.journal import RecordError, SqliteJournal
from services.secret import Secret
from tests.stand_ins import Clock, Record

ADA = Operator("ada", "1111", ("admins",), Role.ADMIN, Place("staging"))
IN_PRODUCTION = Operator("ada", "1111", ("admins",), Role.ADMIN, Place("live", production=True))
READ_ONLY = Operator("ada", "1111", ("admins",), Role.ADMIN, Place("museum", read_only=True))


def test_an_act_is_recorded_before_it_is_tried_and_completed_after(record: Record) -> None:
    with recorded(ADA, "group.create", "billing", {"precedence": 3}, Clock()):
        (under_way,) = record()
        assert under_way.outcome == UNKNOWN

    (act,) = record()
    assert act.outcome == "done"
    assert act.begun.at == "2030-06-01T12:00:00.000+00:00"
    assert (act.begun.who, act.begun.sub, act.begun.environment) == ("ada", "1111", "staging")
    assert (act.begun.act, act.begun.target, act.begun.detail) == ("group.create", "billing", {"precedence": 3})


def test_what_was_changed_is_in_the_entry_after_the_act(record: Record) -> None:
    with recorded(ADA, "group.update", "billing") as entry:
        entry.changed = {"before": {"precedence": 3}, "after": {"precedence": 4}}

    (act,) = record()
    assert act.ended is not None
    assert act.ended.detail == {"before": {"precedence": 3}, "after": {"precedence": 4}}


def test_a_refused_act_is_recorded_with_the_code_and_the_request_of_aws(record: Record) -> None:
    error = NotFound("Could not delete billing", code="ResourceNotFoundException", request_id="r-1")

    with pytest.raises(NotFound), recorded(ADA, "group.delete", "billing"):
        raise error

    (act,) = record()
    assert (act.outcome, act.request_ids) == ("failed: ResourceNotFoundException", ("r-1",))


def test_the_requests_of_an_act_are_recorded_and_those_of_others_are_not(record: Record) -> None:
    note_request("before")
    with recorded(ADA, "group.delete", "billing"):
        note_request("r-1")
        note_request("r-2")
        note_request("r-2")
    note_request("after")

    assert record()[0].request_ids == ("r-1", "r-2")


def test_an_act_that_breaks_off_is_recorded_as_failed(record: Record) -> None:
    with pytest.raises(KeyboardInterrupt), recorded(ADA, "group.delete", "billing"):
        raise KeyboardInterrupt

    assert record()[0].outcome == "failed: KeyboardInterrupt"


@pytest.mark.usefixtures("record")
def test_an_act_that_cannot_be_recorded_is_not_done() -> None:
    class Full:
        """A record on a full disk."""

        def append(self, _: Entry) -> Head:
            raise RecordError("The record of acts can't be written")

    audit.use(Full())  # type: ignore[arg-type]
    done = []

    with pytest.raises(RecordError, match="so nothing was done"), recorded(ADA, "group.delete", "billing"):
        done.append("billing")

    assert done == []


def test_a_done_act_whose_end_cannot_be_recorded_stays_of_unknown_outcome(
    record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    class Breaking:
        """A record whose disk fills up after the first entry."""

        def __init__(self, own: audit.Journal) -> None:
            self.own = own

        def append(self, entry: Entry) -> Head:
            if record():
                raise RecordError("The record of acts can't be written")
            return self.own.append(entry)

    audit.use(Breaking(audit.journal()))  # type: ignore[arg-type]

    with recorded(ADA, "group.delete", "billing"):
        pass

    assert [act.outcome for act in record()] == [UNKNOWN]
    assert "could not be recorded" in caplog.text


def test_a_reason_is_kept_with_the_act_and_with_no_later_one(record: Record) -> None:
    with because("  left the \n company "), recorded(ADA, "group.remove", "billing"):
        pass
    with recorded(ADA, "group.remove", "billing"):
        pass

    assert [act.begun.reason for act in record()] == ["left the company", ""]


def test_a_change_in_production_needs_a_reason(record: Record) -> None:
    with pytest.raises(NotPermitted) as refused, recorded(IN_PRODUCTION, "group.delete", "billing"):
        pass
    with because("duplicate"), recorded(IN_PRODUCTION, "group.delete", "billing"):
        pass
    with recorded(IN_PRODUCTION, "session.open", "ada", reads=True):
        pass

    assert "reason" in refused.value.failed
    assert [act.begun.act for act in record()] == ["group.delete", "session.open"]


def test_nothing_is_changed_where_the_environment_is_read_only(record: Record) -> None:
    with because("must"), pytest.raises(NotPermitted) as refused, recorded(READ_ONLY, "group.delete", "billing"):
        pass
    with recorded(READ_ONLY, "calls.run", "users", reads=True):
        pass

    assert "museum" in refused.value.failed
    assert [act.begun.act for act in record()] == ["calls.run"]


def test_a_secret_that_slips_into_the_detail_is_not_written(record: Record, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gatehouse.audit")

    with recorded(ADA, "password.set", "otto", {"password": Secret("hunter2")}):
        pass

    assert "hunter2" not in f"{record()}{caplog.text}"


@pytest.mark.usefixtures("record")
def test_the_log_has_one_line_for_each_entry_with_its_place_in_the_chain(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gatehouse.audit")

    with recorded(ADA, "group.create", 'billing\n{"who": "eve"}'):
        pass

    lines = [json.loads(entry.getMessage()) for entry in caplog.records]
    assert [line["number"] for line in lines] == [1, 2]
    assert all("\n" not in entry.getMessage() for entry in caplog.records)
    journal = audit.journal()
    assert isinstance(journal, SqliteJournal)
    assert [line["hash"] for line in lines] == [link.hash for link in journal.links()]
