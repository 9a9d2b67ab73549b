"""Who gets past the sign-in page, how a session ends, and what is told instead of it."""

from typing import Any

import pytest

from pages import _app
from services.errors import SettingsError, Unavailable
from tests.pages.conftest import PAGES, Stage, said
from tests.pages.door import PASSWORD, WRONG, Door, opened, signed_in, submitted, told
from tests.stand_ins import ENVIRONMENT, Pool


@pytest.mark.parametrize("groups", [[], ["not-viewers"], ["not-admins"]])
def test_somebody_without_the_group_is_told_its_name_and_can_sign_out(
    door: Door, stage: Stage, groups: list[str]
) -> None:
    door.answers = [door.pool.tokens(**{"cognito:groups": groups})]

    app = signed_in(opened())
    assert "is not a member of the group admins or viewers" in said(app)
    assert not app.sidebar.button
    assert stage.api.asked == []

    app.button(key="sign_out").click().run()
    assert app.title[0].value == "Sign in to Gatehouse"


def test_signing_out_revokes_the_tokens_and_leads_back_to_the_sign_in(door: Door) -> None:
    door.answers = [door.pool.tokens()]

    app = signed_in(opened()).button(key="sign_out").click().run()

    assert app.title[0].value == "Sign in to Gatehouse"
    assert door.revoked == 1
    assert not app.error


def test_signing_out_empties_the_memory_of_the_tab(door: Door) -> None:
    door.answers = [door.pool.tokens()]
    app = signed_in(opened())
    app.session_state["side_lab"] = "the tokens of another person"

    app.button(key="sign_out").click().run()

    assert "side_lab" not in app.session_state


def test_a_session_that_ends_says_why_and_asks_again(door: Door) -> None:
    door.answers = [door.pool.tokens()]
    app = signed_in(opened())

    door.clock.move(minutes=59)
    app.run()
    assert "The account is disabled" in told(app)
    assert app.title[0].value == "Sign in to Gatehouse"

    door.pool = Pool(clock=door.clock)
    door.answers = [WRONG, door.pool.tokens()]
    app = signed_in(app)
    assert "is wrong" in told(app)
    app = submitted(app, password=PASSWORD)
    assert app.title[0].value == "Users"


def test_a_session_signed_out_in_another_tab_ends_here_too(door: Door) -> None:
    session = door.application.sessions.open(door.pool.tokens())
    app = opened()
    app.session_state["session_id"] = session.id.reveal()
    assert app.run().title[0].value == "Users"

    door.application.sessions.close(session)

    assert "It was signed out" in told(app.run())


def test_wrong_settings_are_told_instead_of_a_sign_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise SettingsError("The setting client_id is missing", "It was looked for everywhere", "Set it")

    monkeypatch.setattr(_app, "environment", broken)

    app = opened()
    assert "The setting client_id is missing" in told(app)
    assert not app.text_input

    monkeypatch.setattr(_app, "environment", lambda: ENVIRONMENT)
    assert app.button(key="try_again").click().run().title[0].value == "Sign in to Gatehouse"


def test_a_renewal_without_an_answer_is_told_after_five_minutes_and_the_session_kept(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.answers = [door.pool.tokens()]
    app = signed_in(opened())

    def down(_: Any) -> Any:
        raise Unavailable("Could not renew the sign-in", "AWS did not answer")

    monkeypatch.setattr(door, "renew", down)
    door.clock.move(minutes=4)
    assert app.run().title[0].value == "Users"
    door.clock.move(minutes=2)
    assert "AWS did not answer" in told(app.run())

    monkeypatch.setattr(door, "renew", lambda _: Pool(clock=door.clock).tokens())
    assert app.button(key="try_again").click().run().title[0].value == "Users"


GUARDED = sorted(
    path.name for path in PAGES.glob("*.py") if not path.name.startswith("_") and path.name != "sign_in.py"
)


@pytest.mark.parametrize("page", GUARDED)
def test_a_page_run_without_the_shell_shows_a_stranger_nothing_and_asks_nothing(stage: Stage, page: str) -> None:
    stage.operator = None

    app = stage.open(page)

    assert said(app) == "Nobody is signed in. Reload the page to sign in."
    assert (stage.api.asked, stage.pool.asked) == ([], [])
