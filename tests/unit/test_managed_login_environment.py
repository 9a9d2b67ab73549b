"""Which environment a browser comes back to from the user pool's own pages: the one that it left."""

import pytest

from pages import _managed_login
from services.secret import Secret


@pytest.mark.parametrize(
    ("cookie", "key", "browser"),
    [("north.abc-_1", "north", "abc-_1"), (".abc", "", "abc"), ("abc", "", "abc"), ("", "", "")],
)
def test_the_cookie_names_the_environment_and_the_browser(cookie: str, key: str, browser: str) -> None:
    assert _managed_login._parted(cookie) == (key, Secret(browser))


def test_an_address_names_the_environment_where_there_are_several() -> None:
    assert _managed_login._at("/", "north") == "/?env=north"
    assert _managed_login._at("/", "") == "/"


def test_an_environment_that_is_not_there_has_no_managed_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages._app.environment_keys", lambda: ("north",))
    monkeypatch.setenv("GATEHOUSE_LOCAL_CLOUD", "/nowhere")

    assert _managed_login._application("west") is None
