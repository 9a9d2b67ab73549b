"""What a check found out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class State(StrEnum):
    """How a check ended; the worst come first."""

    PROBLEM = "problem"
    UNCHECKED = "not checked"
    WARNING = "warning"
    OK = "ok"


class Exit(IntEnum):
    """What the command ends with."""

    WELL = 0
    PROBLEMS = 1
    UNCHECKED = 2
    USAGE = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says.

    Attributes:
        state: how it ended.
        found: what was seen, in a few words; never a secret.
        why: what is wrong with it, as a sentence.
        mend: what to do about it, as a sentence.
    """

    state: State
    found: str
    why: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report.

    Attributes:
        id: a name that stays, e.g. `client_secret`.
        title: what people call it.
        state: how it ended.
        found: what was seen.
        why: what is wrong.
        mend: what to do about it.
    """

    id: str
    title: str
    state: State
    found: str
    why: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one environment, in their order.

    Attributes:
        environment: its name.
        checks: what was found.
        at: when, UTC.
        milliseconds: how long it took.
    """

    environment: str
    checks: tuple[Check, ...]
    at: datetime
    milliseconds: float

    @property
    def exit_code(self) -> Exit:
        """What a command that printed this ends with: a problem outweighs what couldn't be checked."""
        if self.of(State.PROBLEM):
            return Exit.PROBLEMS
        return Exit.UNCHECKED if self.of(State.UNCHECKED) else Exit.WELL

    def of(self, state: State) -> tuple[Check, ...]:
        """The checks that ended so."""
        return tuple(check for check in self.checks if check.state is state)


def ok(found: str) -> Finding:
    """All is as it should be."""
    return Finding(State.OK, found)


def warning(found: str, why: str, mend: str) -> Finding:
    """It works, and may soon not."""
    return Finding(State.WARNING, found, why, mend)


def problem(found: str, why: str, mend: str) -> Finding:
    """Something doesn't work."""
    return Finding(State.PROBLEM, found, why, mend)


def unchecked(found: str, why: str, mend: str) -> Finding:
    """It couldn't be found out."""
    return Finding(State.UNCHECKED, found, why, mend)


def listed(words: Iterable[str]) -> str:
    """Words with commas between them."""
    return ", ".join(words)
