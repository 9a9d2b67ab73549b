"""The page Connection: what was found, worst first, with what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from pages import _app
from services.doctor.values import Check, Report, State
from services.permissions import Operator, Role
from tests.pages.conftest import Stage, said, seen
from tests.stand_ins import NOON
from tests.unit.people import OTTO

EVIL = "<img src=x onerror=alert(1)> [link](javascript:x)"
WELL = Check("user_pool", "User pool", State.OK, "pool-1")
SOON = Check("modes_api_keys", "All-modes API: API keys", State.WARNING, "2 days left", "It ends soon", "Prolong it")
OPEN = Check("clock", "Clock", State.UNCHECKED, "no answer", "Nothing answered", "Try again")
WRONG = Check("client", "App client", State.PROBLEM, EVIL, "There is no such client", "Set client_id")


@pytest.fixture
def finds(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Have the checks find this; gives the cases that were checked."""
    cases: list[Any] = []

    def found(*checks: Check) -> list[Any]:
        def examine(case: Any) -> Report:
            cases.append(case)
            return Report("test", checks, NOON, 12.0)

        monkeypatch.setattr("services.doctor.run.examine", examine)
        return cases

    monkeypatch.setattr(_app, "clients_of", lambda _: None)
    return found


def test_all_well_is_said_in_one_sentence_and_every_value_listed(stage: Stage, finds: Callable[..., list[Any]]) -> None:
    finds(WELL)
    app = stage.open("connection.py")

    assert app.success[0].value == "Everything is well."
    assert list(app.dataframe[0].value["found"]) == ["pool-1"]
    assert "1 check · " in said(app)


def test_what_is_wrong_stands_worst_first_with_why_and_what_to_do(
    stage: Stage, finds: Callable[..., list[Any]]
) -> None:
    finds(WELL, SOON, OPEN, WRONG)
    app = stage.open("connection.py")
    text = said(app)

    assert "1 problem · 1 value not checked · 1 warning · 1 value is well" in text
    assert text.index("There is no such client") < text.index("Nothing answered") < text.index("It ends soon")
    assert "Set client_id." in text
    assert not app.success


def test_what_was_found_is_shown_as_text(stage: Stage, finds: Callable[..., list[Any]]) -> None:
    finds(WRONG)
    app = stage.open("connection.py")

    assert EVIL in [element.value for element in app.text]
    assert all("<img" not in seen(element.value) for element in app.markdown)


def test_the_checks_run_once_and_again_when_asked(stage: Stage, finds: Callable[..., list[Any]]) -> None:
    cases = finds(WELL)
    app = stage.open("connection.py").run()
    assert len(cases) == 1

    app.button(key="connection_again").click().run()
    assert len(cases) == 2
    assert cases[0].environment is stage.environment


def test_a_viewer_may_check_and_somebody_without_a_role_may_not(stage: Stage, finds: Callable[..., list[Any]]) -> None:
    cases = finds(WELL)
    stage.operator = Operator("vera", "sub-vera", ("viewers",), Role.VIEWER)
    assert stage.open("connection.py").success

    stage.operator = OTTO
    app = stage.open("connection.py")
    assert "may not check the connection" in said(app)
    assert len(cases) == 1
