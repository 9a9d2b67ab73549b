"""Work on a thread of its own: who gets what it raises, and what it takes along."""

import threading
from collections.abc import Callable
from contextvars import ContextVar

import pytest

from services.authorization.background import Background
from services.errors import NotPermitted, Unavailable

REASON: ContextVar[str] = ContextVar("a reason", default="")


def test_what_is_raised_before_it_may_go_on_is_raised_to_whoever_began_it() -> None:
    def work(allowed: Callable[[], None]) -> None:
        raise NotPermitted("Not here")

    with pytest.raises(NotPermitted):
        Background(work, "test")


def test_what_is_raised_later_is_raised_to_whoever_waits() -> None:
    def work(allowed: Callable[[], None]) -> None:
        allowed()
        raise Unavailable("No answer")

    with pytest.raises(Unavailable):
        Background(work, "test").wait(10)


def test_it_goes_on_while_its_maker_does_something_else() -> None:
    go_on = threading.Event()

    def work(allowed: Callable[[], None]) -> str:
        allowed()
        assert go_on.wait(10)
        return "done"

    made = Background(work, "test")
    assert not made.done
    with pytest.raises(TimeoutError):
        made.wait(0.01)
    go_on.set()
    assert (made.wait(10), made.done) == ("done", True)


def test_the_reason_of_its_maker_goes_along() -> None:
    REASON.set("a ticket")
    assert Background(lambda _: REASON.get(), "test").wait(10) == "a ticket"
