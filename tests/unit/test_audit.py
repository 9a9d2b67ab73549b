"""The record of acts."""

import json
from typing import Any

import pytest

from services.audit import recorded
from services.errors import NotFound
from services.permissions import Operator, Role
from services.secret import Secret
from tests.stand_ins import Clock

ADA = Operator("ada", "1111", ("admins",), Role.ADMIN)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """The lines of the record so far, read back from JSON."""
    caplog.set_level("INFO", "gatehouse.audit")
    return lambda: [json.loads(record.getMessage()) for record in caplog.records]


def test_an_act_is_recorded_as_one_line_with_who_when_what_and_on_whom(lines: Any) -> None:
    with recorded(ADA, "group.create", "billing", {"precedence": 3}, Clock()):
        assert lines() == []

    assert lines() == [
        {
            "at": "2030-06-01T12:00:00.000+00:00",
            "who": "ada",
            "sub": "1111",
            "act": "group.create",
            "target": "billing",
            "detail": {"precedence": 3},
            "outcome": "done",
            "request_id": "",
        }
    ]


def test_a_refused_act_is_recorded_with_the_code_and_the_request_of_aws(lines: Any) -> None:
    error = NotFound("Could not delete billing", code="ResourceNotFoundException", request_id="r-1")

    with pytest.raises(NotFound), recorded(ADA, "group.delete", "billing"):
        raise error

    assert lines()[0]["outcome"] == "failed: ResourceNotFoundException"
    assert lines()[0]["request_id"] == "r-1"


def test_an_act_that_breaks_off_is_recorded_as_failed(lines: Any) -> None:
    with pytest.raises(KeyboardInterrupt), recorded(ADA, "group.delete", "billing"):
        raise KeyboardInterrupt

    assert lines()[0]["outcome"] == "failed: KeyboardInterrupt"


def test_a_secret_that_slips_into_the_detail_is_not_written(lines: Any) -> None:
    with recorded(ADA, "password.set", "otto", {"password": Secret("hunter2")}):
        pass

    assert "hunter2" not in json.dumps(lines())


def test_a_line_break_in_a_name_does_not_make_a_second_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gatehouse.audit")

    with recorded(ADA, "group.create", 'billing\n{"who": "eve"}'):
        pass

    assert "\n" not in caplog.records[0].getMessage()
