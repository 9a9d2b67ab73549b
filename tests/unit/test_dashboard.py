"""The server's own parts that need no browser."""

import gc
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request

import dashboard
from services.errors import NotFound
from tests.unit.coroutines import finished


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page shows as errors."""
    texts: list[str] = []
    monkeypatch.setattr(dashboard.st, "error", lambda text, **_: texts.append(text))
    return texts


def test_an_unexpected_error_shows_a_number_that_finds_it_in_the_log(
    shown: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    handled = dashboard.on_script_error(ValueError("the secret part"))

    assert handled
    assert "the secret part" not in shown[0]
    record = caplog.records[0]
    assert record.levelno == logging.ERROR
    assert record.getMessage().split()[-1] in shown[0]
    assert record.exc_info
    assert record.exc_info[0] is ValueError


def test_an_error_of_our_own_is_shown_in_its_own_words(shown: list[str]) -> None:
    assert dashboard.on_script_error(NotFound("Could not open the group billing", "It is gone"))

    assert "Could not open the group billing" in shown[0]


def request(*parts: bytes) -> Request:
    """A request whose body comes in these parts."""
    coming: Iterator[Any] = iter(
        [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        + [{"type": "http.request", "body": b"", "more_body": False}]
    )

    async def receive() -> Any:
        return next(coming)

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


@pytest.mark.parametrize(
    ("parts", "text"),
    [((b"tick", b"et"), "ticket"), ((), ""), ((b"x" * 150, b"y" * 150), "x" * 150 + "y" * 50)],
)
def test_a_short_text_is_read_whole_and_a_long_one_cut(parts: tuple[bytes, ...], text: str) -> None:
    assert finished(dashboard.short_text(request(*parts))) == text


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    endless = request(*[b"x" * 100] * 1000)

    assert len(finished(dashboard.short_text(endless))) == 200
    assert finished(endless.receive())["more_body"]


def test_the_warm_up_takes_what_is_loaded_out_of_the_garbage_collector_s_sight() -> None:
    async def started() -> None:
        async with dashboard.warmed(dashboard.app):
            pass

    before = gc.get_freeze_count()
    try:
        finished(started())
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
