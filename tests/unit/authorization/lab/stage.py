"""A run of the lab on an API that answers as it is told."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.authorization.callers.caller import Caller
from services.authorization.cells import CellId, Declaration, Facts, Mode, Verdict
from services.authorization.identity import Identity, Kind
from services.authorization.lab.doors import Doors
from services.authorization.lab.job import LabRun
from services.authorization.lab.plan import Plan
from services.authorization.lab.result import Result
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import Limits
from services.authorization.suite.saved import SavedOperation
from services.credentials import ApiKey, Credentials, NoCredentials, Token
from services.graphql import Answer
from services.permissions import Operator, Role
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, NOON, Pool
from tests.unit.authorization.samples import answer, refusal, turned_away

ADA = Operator("ada", "1111", ("admins",), Role.ADMIN)
API = ENVIRONMENT.apis[0]
ALLOWED, BY_MODE, BY_RULE = Outcome.ALLOWED, Outcome.REFUSED_BY_MODE, Outcome.REFUSED_BY_RULE
NO_VERDICT = Outcome.NO_VERDICT

ONE = answer({"data": {"one": "x"}})
NO_MODE = turned_away(401, "UnauthorizedException", "Valid authorization header not provided.")
NO_RULE = answer({"data": {"one": None}, "errors": [refusal("one")]})
DEAD = turned_away(401, "UnauthorizedException", "Token has expired.")
THROTTLED = turned_away(429, "TooManyRequestsException", "Rate exceeded")
BROKEN = answer({"errors": [{"errorType": "InternalFailureException", "message": "boom"}]}, 500)

Reply = Answer | Exception
Says = Callable[[str, str, Mapping[str, Any]], Reply]
"""Who asks (the key that they send, empty for nothing), for which root field, with which variables."""


@dataclass
class Api:
    """An API that answers what `says` says, and keeps what it was asked."""

    says: Says
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: list[tuple[str | None, Mapping[str, Any], float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def call(
        self,
        document: str,
        credentials: Credentials,
        variables: Any = None,
        operation_name: str | None = None,
        leave: Callable[[], None] = lambda: None,
        *,
        seconds: float = 30,
    ) -> Answer:
        leave()
        who, what = name_of(credentials), root_of(document)
        with self.lock:
            self.asked.append((who, what))
            self.sent.append((operation_name, dict(variables or {}), seconds))
        reply = self.says(who, what, variables or {})
        if isinstance(reply, Exception):
            raise reply
        return reply


def name_of(credentials: Credentials) -> str:
    match credentials:
        case ApiKey():
            return credentials.key.reveal()
        case Token():
            return credentials.token.reveal()
        case _:
            return ""


def root_of(document: str) -> str:
    return document.partition("{")[2].split()[0].split("(")[0]


def query(name: str, **more: Any) -> SavedOperation:
    return SavedOperation(name, API.name, document=f"{{ {name} }}", **more)


def mutation(name: str, arguments: str = "", **more: Any) -> SavedOperation:
    declared, _, used = arguments.partition("->")
    document = f"mutation {f'({declared})' if declared else ''} {{ {name} {f'({used})' if used else ''} {{ id }} }}"
    return SavedOperation(name, API.name, document=document, **more)


def key(name: str, fetch: Callable[[], Credentials] | None = None, *, good: bool = True, control: str = "") -> Caller:
    """A caller that sends its own name as an API key."""
    identity = Identity(
        name, name.capitalize(), Kind.API_KEY, fetch or (lambda: ApiKey(Secret(name))), broken=not good, note="spoilt"
    )
    return Caller(identity, Facts(Mode.API_KEY, good=good), control=control)


def token(name: str, fetch: Callable[[], Credentials]) -> Caller:
    """A caller that sends a JWT."""
    return Caller(Identity(name, name.capitalize(), Kind.JWT, fetch), Facts(Mode.USER_POOL))


def nobody() -> Caller:
    return Caller(Identity("nobody", "No credentials", Kind.NO_CREDENTIALS, NoCredentials), Facts(None))


def declared(**by_cell: Outcome) -> dict[CellId, Declaration]:
    """Predictions, each as operation__identity=outcome."""
    found = {}
    for name, outcome in by_cell.items():
        operation, _, identity = name.partition("__")
        found[CellId(operation, identity)] = Declaration(Verdict(outcome), ())
    return found


def plan(operations: Iterable[SavedOperation], callers: Iterable[Caller], **more: Any) -> Plan:
    made = Plan("suite", API, ENVIRONMENT, tuple(operations), tuple(callers))
    return replace(made, **{"limits": Limits(at_once=8), **more})


def start(api: Api, planned: Plan, **more: Any) -> LabRun:
    given = {"operator": ADA, "now": lambda: NOON, **more}
    doors = Doors(API, api, given.pop("rest", None))
    return LabRun.start(planned, doors, lambda _: Pool().keys(), **given)


def ran(api: Api, planned: Plan, **more: Any) -> Result:
    return start(api, planned, **more).wait(20)


def outcomes(result: Result) -> dict[str, Outcome]:
    """What each cell shows, by operation and identity."""
    return {f"{cell.operation} {cell.identity}": seen.verdict.outcome for cell, seen in result.cells.items()}
