"""An impatient second click, whenever it comes: what the first one began is done once, and told."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from streamlit.testing.v1 import AppTest

from pages import _app, _sign_in_factors, _sign_in_steps
from pages._drafts import Draft
from services.secret import Secret
from services.sign_in_challenges import CodeRequired
from tests.pages.conftest import Stage, said, seen
from tests.pages.door import PASSWORD, SESSION, Door, labels, opened, pressed, signed_in, submitted, typed
from tests.pages.impatience import clicked_again
from tests.pages.test_groups import people, ticked, with_members
from tests.pages.test_passwords import GOOD, field, holding, links, reason
from tests.stand_ins import ENVIRONMENT
from tests.unit.pool_calls import user

__all__ = ["links"]

CODE = CodeRequired("ada", SESSION)
FEWEST = 10  # places at which a run may end, in any that draws a page


def at_every_place(attempt: Callable[[int], bool], fewest: int = FEWEST) -> None:
    """Try it with the second click at each place in turn, until there are no more."""
    last = next(place for place in count(1) if not attempt(place))
    assert last > fewest


def test_a_code_is_sent_once_and_opens_the_dashboard(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    pressed_so_far: list[str] = []

    def sent(label: str) -> bool:
        if answer := _sign_in_steps.sent(label):
            pressed_so_far.append(label)
        return answer

    monkeypatch.setattr(_sign_in_factors, "sent", sent)

    def attempt(place: int) -> bool:
        pressed_so_far.clear()
        door.asked, door.answers = [], [CODE, door.pool.tokens()]
        app = signed_in(opened())
        with clicked_again(place, lambda: pressed_so_far and "session_errand" not in app.session_state) as came:
            app = submitted(app, code="123456")
        assert door.asked[1:] == [("give_code", CODE, "123456")], place
        assert app.title[0].value == "Users", place
        return came()

    at_every_place(attempt, 2)


def test_a_password_is_sent_once_and_the_code_asked_for_without_a_complaint(door: Door) -> None:
    def attempt(place: int) -> bool:
        door.asked, door.answers = [], [CODE]
        app = opened()
        with clicked_again(place, lambda: door.asked) as came:
            app = signed_in(app)
        assert door.asked == [("start", "ada", Secret(PASSWORD))], place
        assert labels(app) == ["Code"], place
        assert not app.error, place
        return came()

    at_every_place(attempt)


def remains(app: AppTest) -> bool:
    """Whether something is in the tab's memory still that isn't of this person and this environment."""
    return any(key in app.session_state for key in ("side_lab", "of_another"))


def test_nothing_of_another_environment_is_left_in_the_tab(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_app, "environment_keys", lambda: ("north", "south"))
    monkeypatch.setattr(_app, "environment_of", lambda key: replace(ENVIRONMENT, key=key, name=key))

    def attempt(place: int) -> bool:
        app = opened()
        app.session_state["side_lab"] = app.session_state["of_another"] = "the tokens of another person"
        app.query_params["env"] = "south"
        with clicked_again(place, lambda: remains(app)) as came:
            app.run()
        assert not remains(app), place
        assert app.session_state["environment"] == "south", place
        return came()

    at_every_place(attempt, 0)


def test_nothing_of_the_person_before_is_left_in_the_tab(door: Door) -> None:
    def attempt(place: int) -> bool:
        door.answers = [door.pool.tokens()]
        app = opened()
        app.session_state["side_lab"] = app.session_state["of_another"] = "the tokens of another person"
        app.session_state["draft"] = Draft("another person", "users", {})
        typed(app, "sign_in_username", "ada")
        typed(app, "sign_in_password", PASSWORD)
        with clicked_again(place, lambda: "session_errand" in app.session_state and remains(app)) as came:
            app = pressed(app, "send")
        assert app.title[0].value == "Users", place
        assert not remains(app), place
        return came()

    at_every_place(attempt, 0)


def test_whom_the_first_click_removes_is_gone_and_nobody_else(stage: Stage) -> None:
    def attempt(place: int) -> bool:
        calls = with_members(stage, "bea", "cal", "dan")
        calls.asked.clear()
        app = ticked(stage.open("groups.py", group="billing"), 1)
        with clicked_again(place, lambda: calls.requests("AdminRemoveUserFromGroup")) as came:
            app.button(key="group_remove").click().run()
        assert [each["Username"] for each in calls.requests("AdminRemoveUserFromGroup")] == ["cal"], place
        assert people(app) == ["bea", "dan"], place
        assert "cal removed from billing" in said(app), place
        assert "news_undo" in {button.key for button in app.button}, place
        return came()

    at_every_place(attempt)


def test_a_removal_is_taken_back_once(stage: Stage) -> None:
    def attempt(place: int) -> bool:
        calls = with_members(stage, "bea", "cal")
        calls.asked.clear()
        app = ticked(stage.open("groups.py", group="billing"), 1)
        app.button(key="group_remove").click().run()
        with clicked_again(place, lambda: calls.requests("AdminAddUserToGroup")) as came:
            app.button(key="news_undo").click().run()
        assert len(calls.requests("AdminAddUserToGroup")) == 1, place
        assert people(app) == ["bea", "cal"], place
        assert [seen(each.value) for each in app.toast] == ["Undone: cal added to billing."], place
        assert not app.error, place
        return came()

    at_every_place(attempt)


def test_a_password_is_set_once_and_gone_and_said_to_be_set(stage: Stage) -> None:
    def attempt(place: int) -> bool:
        calls = holding(stage, user("bea"), AdminSetUserPassword={})
        calls.asked.clear()
        app = stage.open("passwords.py", user="bea")
        field(app).set_value(GOOD).run()
        reason(app).set_value("forgotten").run()
        with clicked_again(place, lambda: calls.requests("AdminSetUserPassword")) as came:
            app.button(key="passwords_set").click().run()
        assert len(calls.requests("AdminSetUserPassword")) == 1, place
        assert "Permanent password set for bea" in said(app), place
        assert (field(app).value, reason(app).value) == ("", ""), place
        assert GOOD not in repr(app.session_state), place
        return came()

    at_every_place(attempt)
