"""A stand-in's name tells who may be using it, so that only what nobody uses is removed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.authorization.callers.lease import GRACE, PREFIX, TERM, Lease, lease_in
from services.authorization.callers.processes import Process, this_process
from tests.stand_ins import NOON

ELSEWHERE = Process("0" * 8, 1, "1" * 8)


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """Another process of this host, which ends when its input does."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as made:
        yield made
        made.kill()


def process(pid: int) -> Process:
    """A process of this host as it would name itself."""
    from services.authorization.callers import processes

    return Process(this_process().host, pid, processes._start_of(pid))


def test_a_name_carries_its_lease_to_the_second() -> None:
    lease = Lease.begin(this_process(), NOON)
    assert lease_in(lease.new_name()) == lease
    assert lease_in(lease.new_name() + "@stand-in.invalid") == lease
    assert lease.until == NOON + TERM


def test_a_name_is_never_given_twice_and_short_enough_for_an_address() -> None:
    lease = Lease.begin(Process("f" * 8, 4_194_304, "f" * 8), NOON)
    names = {lease.new_name() for _ in range(50)}
    assert len(names) == 50
    assert max(map(len, names)) <= 64


@given(st.text())
def test_other_names_carry_no_lease(rest: str) -> None:
    assert lease_in(rest) is None
    assert lease_in(PREFIX + rest) is None


@pytest.mark.parametrize(
    "spoil", [lambda name: name + "x", lambda name: "x" + name, lambda name: name + "@example.com"]
)
def test_a_name_that_only_resembles_a_stand_ins_carries_no_lease(spoil) -> None:  # type: ignore[no-untyped-def]
    assert lease_in(spoil(Lease.begin(this_process(), NOON).new_name())) is None


def test_what_this_process_or_another_live_one_uses_is_left_alone(child: subprocess.Popen[bytes]) -> None:
    here = this_process()
    for holder in (here, process(child.pid)):
        assert not Lease.begin(holder, NOON).is_over(here, NOON + TERM)


def test_what_a_dead_process_of_this_host_made_is_over_at_once(child: subprocess.Popen[bytes]) -> None:
    lease = Lease.begin(process(child.pid), NOON)
    child.kill()
    child.wait()
    assert lease.is_over(this_process(), NOON)


def test_another_process_with_the_number_of_a_dead_one_is_not_taken_for_it(child: subprocess.Popen[bytes]) -> None:
    before = Process(this_process().host, child.pid, "0123abcd")
    assert Lease.begin(before, NOON).is_over(this_process(), NOON)


def test_of_other_hosts_only_the_time_is_known() -> None:
    lease = Lease.begin(ELSEWHERE, NOON)
    assert not lease.is_over(this_process(), NOON + TERM)
    assert not lease.is_over(this_process(), lease.until + GRACE)
    assert lease.is_over(this_process(), lease.until + GRACE + timedelta(seconds=1))


def test_a_process_whose_start_cannot_be_read_counts_as_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.authorization.callers.processes._read", lambda _: "")
    assert Process(this_process().host, os.getpid(), "0123abcd").alive


def test_a_process_of_somebody_else_counts_as_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: int) -> None:
        raise PermissionError

    mine = this_process()
    monkeypatch.setattr(os, "kill", forbidden)
    assert mine.alive
