"""One fault: what goes wrong, with which calls, how often and how long."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ANY = "*"
LONGEST_SECONDS = 60.0
LAST_MOMENT = 253_402_300_799
"""The end of the year 9999, in epoch seconds."""
NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}|\*")
STATUSES = (500, 502, 503, 504)


class Kind(StrEnum):
    """What goes wrong."""

    THROTTLING = "throttling"
    ERROR = "error"
    LATENCY = "latency"
    RESET = "reset"


class InvalidFault(Exception):
    """A description of a fault that can't be carried out; the message says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, by the names that faults use."""

    service: str
    """As boto3 names it (`cognito-idp`); `graphql` and `execute-api` for the APIs' own data planes."""
    operation: str
    """As IAM names it (`ListUsers`); for a data plane, the API's id."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as it was asked for."""

    kind: Kind
    service: str = ANY
    operation: str = ANY
    status: int = 500
    """HTTP status of an error."""
    seconds: float = 0.0
    """How much later an answer comes."""
    count: int | None = None
    """How many calls it hits; None: all."""
    probability: float = 1.0
    """Share of the calls that it hits."""
    until: float | None = None
    """Epoch seconds at which it is over; None: never."""

    def fits(self, call: Call) -> bool:
        """Tell whether a call is one that the fault is about."""
        return self.service in {ANY, call.service} and self.operation in {ANY, call.operation}

    def described(self) -> dict[str, Any]:
        """Return the fault as the control endpoint shows it, and takes it."""
        shown: dict[str, Any] = {"kind": self.kind.value, "service": self.service, "operation": self.operation}
        if self.kind is Kind.ERROR:
            shown["status"] = self.status
        if self.kind is Kind.LATENCY:
            shown["seconds"] = self.seconds
        return {**shown, "count": self.count, "probability": self.probability, "until": self.until}


def fault_from(description: object) -> Fault:
    """Return the fault that a JSON object describes; raises InvalidFault."""
    if not isinstance(description, Mapping):
        raise InvalidFault("A fault is a JSON object.")
    if set(description) - set(_FIELDS):
        raise InvalidFault(f"A fault has these fields and no others: {', '.join(_FIELDS)}.")
    given = {name: value for name, value in description.items() if value is not None}
    for name, value in given.items():
        holds, rule = _FIELDS[name]
        if not holds(value):
            raise InvalidFault(f"{name} must be {rule}.")
    if "kind" not in given:
        raise InvalidFault(f"kind must be {_FIELDS['kind'][1]}.")
    kind = Kind(given.pop("kind"))
    if ("seconds" in given) != (kind is Kind.LATENCY):
        raise InvalidFault("seconds belongs to latency, and latency needs it.")
    if "status" in given and kind is not Kind.ERROR:
        raise InvalidFault("status belongs to error.")
    return Fault(kind, **given)


def _number(lowest: float, highest: float) -> Callable[[object], bool]:
    def holds(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and lowest <= value <= highest

    return holds


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _name(value: object) -> bool:
    return isinstance(value, str) and NAME.fullmatch(value) is not None


_FIELDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "kind": (lambda value: value in list(Kind), f"one of {', '.join(Kind)}"),
    "service": (_name, "the name of a service, or *"),
    "operation": (_name, "the name of an operation, or *"),
    "status": (lambda value: value in STATUSES, f"one of {', '.join(map(str, STATUSES))}"),
    "seconds": (_number(0, LONGEST_SECONDS), f"a number from 0 to {LONGEST_SECONDS:.0f}"),
    "count": (_whole, "a whole number above 0"),
    "probability": (_number(0, 1), "a number from 0 to 1"),
    "until": (_number(0, LAST_MOMENT), "a time in seconds since 1970"),
}
