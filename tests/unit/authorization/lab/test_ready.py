"""Handing out cells as soon as what they wait for has come to an end."""

from services.authorization.cells import CellId
from services.authorization.lab.ready import Ready

CREATE, READ, REMOVE = (CellId(operation, "ada") for operation in ("create", "read", "remove"))
ELSEWHERE = CellId("another run's", "ada")


def test_a_cell_is_handed_out_once_all_that_it_waits_for_is_done() -> None:
    ready = Ready([REMOVE, READ, CREATE], {REMOVE: [CREATE, READ], READ: [CREATE]})
    assert ready.take() == CREATE
    ready.done(CREATE)
    assert ready.take() == READ
    ready.done(READ)
    assert ready.take() == REMOVE
    ready.done(REMOVE)
    assert ready.take() is None


def test_nothing_waits_for_a_cell_that_is_not_sent_or_for_itself() -> None:
    ready = Ready([READ], {READ: [ELSEWHERE, READ]})
    assert ready.take() == READ


def test_what_was_drained_is_not_handed_out_when_what_it_waited_for_is_done() -> None:
    ready = Ready([CREATE, READ, REMOVE], {READ: [CREATE]})
    assert ready.take() == CREATE
    assert ready.drain() == {READ, REMOVE}
    ready.done(CREATE)
    assert ready.take() is None
    assert ready.drain() == frozenset()


def test_cells_that_wait_for_each_other_are_left_over() -> None:
    ready = Ready([CREATE, READ], {CREATE: [READ], READ: [CREATE]})
    assert ready.take() is None
    assert ready.drain() == {CREATE, READ}
