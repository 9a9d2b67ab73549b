"""Files on their way to a browser."""

from services.handouts import MOST, OPEN_FOR, Handout, Handouts
from services.secret import Secret
from tests.stand_ins import Clock

FILE = Handout(Secret("the session"), "acts.csv", "text/csv", "a,b")


def test_a_file_is_fetched_once() -> None:
    handouts = Handouts(Clock())
    ticket = handouts.keep(FILE)
    assert handouts.take(ticket) == FILE
    assert handouts.take(ticket) is None


def test_an_invented_ticket_fetches_nothing() -> None:
    handouts = Handouts(Clock())
    handouts.keep(FILE)
    assert handouts.take(Secret("")) is None


def test_a_file_waits_for_a_minute() -> None:
    clock = Clock()
    handouts = Handouts(clock)
    in_time, late = handouts.keep(FILE), handouts.keep(FILE)
    clock.move(seconds=OPEN_FOR.total_seconds() - 1)
    assert handouts.take(in_time) == FILE
    clock.move(seconds=1)
    assert handouts.take(late) is None


def test_what_nobody_fetches_is_forgotten() -> None:
    clock = Clock()
    handouts = Handouts(clock)
    first = handouts.keep(FILE)
    kept = [handouts.keep(FILE) for _ in range(MOST)]
    assert handouts.take(first) is None
    assert handouts.take(kept[0]) == FILE


def test_what_a_file_holds_shows_in_no_repr() -> None:
    assert "a,b" not in repr(FILE)
