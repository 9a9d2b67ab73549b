"""The page Tokens: one's own two side by side, and a pasted one that leaves no trace."""

import logging
from types import SimpleNamespace

import pytest

from pages import _app
from services.keys import PoolKeys
from services.operators import Identify
from services.secret import Secret
from services.sessions import Session
from tests.pages.conftest import Stage, said
from tests.stand_ins import ENVIRONMENT, NOON, Pool
from tests.unit.people import ADA, OTTO

SECRET = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI8Yj54PC9iPiIsImV4cCI6MX0.tr4celess"


@pytest.fixture(autouse=True)
def pool(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """The pool whose keys the page verifies by."""
    made = Pool()
    keys = PoolKeys("https://keys.example", lambda: NOON, lambda _: {"keys": []})
    monkeypatch.setattr(keys, "for_key", made.for_key)
    identify = Identify(ENVIRONMENT, keys, lambda: NOON)
    app = SimpleNamespace(environment=ENVIRONMENT, identify=identify)
    monkeypatch.setattr(_app, "application", lambda: app)
    return made


def test_my_two_tokens_stand_side_by_side(stage: Stage, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = pool.tokens(scope="openid")
    monkeypatch.setattr(_app, "current_session", lambda **_: Session(Secret("id"), ADA, tokens, NOON))
    app = stage.open("tokens.py")
    claims = app.dataframe[0].value.set_index("words")
    assert tuple(claims.loc["User name"]) == ("ada", "ada", "cognito:username / username")
    assert list(app.dataframe[1].value["part"]) == ["Users API", "Identity pool", "Cognito, about oneself"]


def paste(stage: Stage, text: str) -> object:
    """The page after that text was sent."""
    app = stage.open("tokens.py")
    app.text_area(key="tokens_pasted_0").set_value(text)
    app.button(key="tokens_read").click()
    return app.run()


def test_a_pasted_token_is_read_and_why_it_does_not_hold_is_told(stage: Stage) -> None:
    app = paste(stage, SECRET)
    assert "Token does not hold: The token is not signed" in said(app)  # type: ignore[arg-type]
    claims = app.dataframe[-2].value  # type: ignore[attr-defined]
    assert "<b>x</b>" in list(claims["value"])


def test_a_pasted_token_is_nowhere_after_it_was_read(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app = paste(stage, SECRET)
    again = app.run()  # type: ignore[attr-defined]

    assert "tr4celess" not in f"{again.session_state}{again.query_params}{caplog.text}{again.text_area}"
    assert "<b>x</b>" not in f"{[frame.value for frame in again.dataframe]}"


def test_nothing_pasted_is_told(stage: Stage) -> None:
    assert "Nothing was pasted" in said(paste(stage, "  "))  # type: ignore[arg-type]


def test_who_may_not_read_tokens_sees_none(stage: Stage) -> None:
    stage.operator = OTTO
    app = stage.open("tokens.py")
    assert not app.dataframe
