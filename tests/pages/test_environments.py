"""Where a tab acts: the banner, the switch between environments, and what a tab remembers of another one."""

from dataclasses import replace
from typing import Any

import pytest

from pages import _app
from services.errors import SettingsError
from services.settings_environments import UnknownEnvironment
from tests.pages.conftest import seen
from tests.pages.door import Door, opened, told
from tests.stand_ins import ENVIRONMENT


def test_the_banner_says_production_and_read_only_by_word_and_colour(door: Door) -> None:
    here = replace(ENVIRONMENT, name="live", production=True, read_only=True)
    door.application = replace(door.application, environment=here)

    badge = next(element.value for element in opened().markdown if "badge" in element.value)

    assert badge.startswith(":red-badge[:material/warning:")
    assert "production · read-only · live" in seen(badge)


def test_an_environment_has_the_colour_that_it_was_given(door: Door) -> None:
    door.application = replace(door.application, environment=replace(ENVIRONMENT, colour="violet"))

    assert any(element.value.startswith(":violet-badge[") for element in opened().markdown)


def test_one_environment_offers_nothing_to_switch_to_and_its_address_says_nothing(door: Door) -> None:
    app = opened()

    assert "env" not in app.query_params
    assert not [button for button in app.button if (button.key or "").startswith("environment_")]


def test_several_environments_are_offered_and_the_address_keeps_the_chosen_one(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = (replace(ENVIRONMENT, key=key, name=key) for key in ("north", "south"))
    door.application = replace(door.application, environment=north)
    monkeypatch.setattr(_app, "environment_keys", lambda: ("north", "south", "broken"))

    def of(key: str) -> Any:
        if key == "broken":
            raise SettingsError("The setting client_id is missing")
        return replace(south, production=True)

    monkeypatch.setattr(_app, "environment_of", of)
    app = opened()

    assert app.query_params["env"] == "north"
    labels = {button.key: seen(button.label) for button in app.button}
    assert labels["environment_south"] == "production · south"
    assert labels["environment_broken"] == "broken · its settings need mending"
    assert "environment_north" not in labels


def test_a_tab_that_comes_to_another_environment_remembers_nothing_of_the_first(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_app, "environment_keys", lambda: ("north", "south"))
    monkeypatch.setattr(_app, "environment_of", lambda key: replace(ENVIRONMENT, key=key, name=key))
    app = opened()
    app.session_state["side_lab"] = "the tokens of another person"

    app.query_params["env"] = "south"
    app.run()

    assert "side_lab" not in app.session_state
    assert app.session_state["environment"] == "south"


def test_an_unknown_environment_opens_no_form(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Any:
        raise UnknownEnvironment("There is no environment named west", "Configured are: north", "Choose one of these")

    monkeypatch.setattr(_app, "environment_keys", lambda: ("north",))
    monkeypatch.setattr(_app, "environment_of", lambda key: replace(ENVIRONMENT, key=key, name=key))
    monkeypatch.setattr(_app, "environment", unknown)
    app = opened()

    assert "Configured are: north" in told(app)
    assert not app.text_input
    assert seen(app.button(key="environment_north").label) == "north"
