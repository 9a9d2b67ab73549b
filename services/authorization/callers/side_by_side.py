"""Doing the same with several things at once, each with the reason that the operator gave for the whole."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from services.errors import GatehouseError

AT_ONCE = 8  # Cognito allows 25 changes of users a second, for everybody in the account and Region

Thing = TypeVar("Thing")
Done = TypeVar("Done")


def each(work: Callable[[Thing], Done], things: Iterable[Thing], at_once: int = AT_ONCE) -> tuple[Done, ...]:
    """What the work gives for each thing, in their order; raises what the first of them to fail raises.

    Args:
        work: what is done.
        things: with what.
        at_once: how many at a time; 1 starts no thread.
    """
    waiting = [(copy_context(), thing) for thing in things]
    if at_once == 1 or len(waiting) < 2:
        return tuple(work(thing) for _, thing in waiting)
    with ThreadPoolExecutor(min(at_once, len(waiting))) as workers:
        return tuple(workers.map(lambda pair: pair[0].run(work, pair[1]), waiting))


def each_or_failure(
    work: Callable[[Thing], Done], things: Iterable[Thing], at_once: int = AT_ONCE
) -> tuple[Done | GatehouseError, ...]:
    """The same, with the failure in the place of what failed; one failure stops nobody else."""

    def outcome(thing: Thing) -> Done | GatehouseError:
        try:
            return work(thing)
        except GatehouseError as failure:
            return failure

    return each(outcome, things, at_once)


def both(first: Callable[[], Thing], second: Callable[[], Done]) -> tuple[Thing, Done]:
    """What the two give, done at the same time; raises what one of them raises once both have ended."""
    context = copy_context()
    with ThreadPoolExecutor(1) as worker:
        beside = worker.submit(context.run, second)
        return first(), beside.result()
