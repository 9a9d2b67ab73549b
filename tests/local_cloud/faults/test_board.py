"""Which calls a fault hits, and when it is over."""

from typing import Any

import pytest

from local_cloud.faults.board import Board
from local_cloud.faults.fault import Call, InvalidFault, fault_from

LIST = Call("cognito-idp", "ListUsers")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def board(*faults: dict[str, Any], clock: Clock | None = None, chance: float = 0.0) -> Board:
    made = Board(clock or Clock(), lambda: chance)
    made.put([fault_from(fault) for fault in faults])
    return made


@pytest.mark.parametrize(
    ("fault", "hit"),
    [
        ({}, True),
        ({"service": "*", "operation": "*"}, True),
        ({"service": "cognito-idp"}, True),
        ({"operation": "ListUsers"}, True),
        ({"service": "dynamodb"}, False),
        ({"service": "cognito-idp", "operation": "ListUsersInGroup"}, False),
        ({"service": "cognito-idp", "operation": "listusers"}, False),
    ],
)
def test_a_fault_hits_the_service_and_operation_that_it_names(fault: dict[str, Any], hit: bool) -> None:
    assert bool(board({"kind": "reset", **fault}).hits(LIST)) is hit


def test_a_fault_with_a_count_hits_so_many_calls_and_is_gone() -> None:
    made = board({"kind": "error", "count": 2}, {"kind": "latency", "seconds": 1})
    assert [len(made.hits(LIST)) for _ in range(4)] == [2, 2, 1, 1]
    assert [fault.kind for fault in made.current()] == ["latency"]


def test_a_call_that_is_not_hit_spends_nothing() -> None:
    made = board({"kind": "error", "count": 1, "service": "dynamodb"})
    made.hits(LIST)
    assert made.current()[0].count == 1


def test_two_equal_faults_are_spent_one_by_one() -> None:
    made = board({"kind": "error", "count": 1}, {"kind": "error", "count": 1})
    assert [len(made.hits(LIST)) for _ in range(2)] == [2, 0]


def test_a_fault_is_over_at_its_time() -> None:
    clock = Clock()
    made = board({"kind": "throttling", "until": 1010}, clock=clock)
    assert made.hits(LIST)
    clock.now = 1010
    assert not made.hits(LIST)
    assert made.current() == ()


@pytest.mark.parametrize(("chance", "hit"), [(0.0, True), (0.29, True), (0.3, False), (0.99, False)])
def test_a_fault_with_a_probability_hits_that_share(chance: float, hit: bool) -> None:
    assert bool(board({"kind": "reset", "probability": 0.3}, chance=chance).hits(LIST)) is hit


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ([], "JSON object"),
        ({}, "kind"),
        ({"kind": "explosion"}, "kind"),
        ({"kind": []}, "kind"),
        ({"kind": "error", "status": 404}, "status"),
        ({"kind": "throttling", "status": 500}, "status"),
        ({"kind": "latency"}, "seconds"),
        ({"kind": "reset", "seconds": 1}, "seconds"),
        ({"kind": "latency", "seconds": 61}, "seconds"),
        ({"kind": "latency", "seconds": float("nan")}, "seconds"),
        ({"kind": "reset", "count": 0}, "count"),
        ({"kind": "reset", "count": True}, "count"),
        ({"kind": "reset", "probability": 1.01}, "probability"),
        ({"kind": "reset", "until": float("inf")}, "until"),
        ({"kind": "reset", "until": "tomorrow"}, "until"),
        ({"kind": "reset", "service": ""}, "service"),
        ({"kind": "reset", "operation": "\ud800"}, "operation"),
        ({"kind": "reset", "servcie": "iam"}, "service"),
    ],
)
def test_a_fault_that_cannot_be_carried_out_is_refused_by_what_is_wrong(fault: Any, named: str) -> None:
    with pytest.raises(InvalidFault, match=named):
        fault_from(fault)


def test_a_fault_is_shown_as_it_can_be_set_again() -> None:
    for asked in ({"kind": "error", "status": 503, "count": 2}, {"kind": "latency", "seconds": 0.5, "service": "sts"}):
        fault = fault_from(asked)
        assert fault_from(fault.described()) == fault
