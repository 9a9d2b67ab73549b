"""One operation by every identity at once.

Credentials are fetched and requests signed first, with a time of their own. Then all calls leave together, so that
their times compare the calls and nothing else.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from services import permissions
from services.audit import recorded
from services.authorization.gate import Gate
from services.authorization.identity import Identity
from services.authorization.masking import scrubbed, shown
from services.authorization.operations import Operation
from services.credentials import Credentials, Token
from services.errors import GatehouseError
from services.graphql import CALLS_AT_ONCE, Answer
from services.permissions import Operator, Permission
from services.secret import Secret
from services.settings import Api


class Calls(Protocol):
    """A GraphQL API: `services.graphql.GraphQLApi`."""

    def call(
        self,
        document: str,
        credentials: Credentials,
        variables: Any = None,
        operation_name: str | None = None,
        leave: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Send one operation once `leave` returns; raises `GatehouseError` when no answer came."""


@dataclass(frozen=True, slots=True)
class Call:
    """What one identity sent and got, free of secrets but for its token's claims.

    Attributes:
        identity: who called.
        answer: what came back; None where nothing did.
        failure: why nothing was sent, or nothing came back.
        request: the request as it can be shown; empty where none was made.
        token: the JWT or Lambda token that was sent, for judging it afterwards.
    """

    identity: Identity
    answer: Answer | None
    failure: GatehouseError | None
    request: str = ""
    token: Secret | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """One operation by all identities.

    Attributes:
        api: the API's name.
        operation: what was asked.
        calls: one for each identity, in the order of the identities.
        started_at: when the calls left, in UTC.
        wall_ms: from the first call's leaving to the last one's end, in milliseconds.
        prepared_ms: what fetching credentials and signing took before that.
    """

    api: str
    operation: Operation
    calls: tuple[Call, ...]
    started_at: datetime
    wall_ms: float
    prepared_ms: float

    @property
    def slowest_ms(self) -> float:
        """The time of the slowest single call, in milliseconds; 0 when none was answered."""
        return max((call.answer.milliseconds for call in self.calls if call.answer), default=0.0)


def _now() -> datetime:
    return datetime.now(UTC)


def run(
    calls: Calls,
    api: Api,
    operation: Operation,
    identities: Sequence[Identity],
    *,
    operator: Operator,
    now: Callable[[], datetime] = _now,
) -> Run:
    """Send the operation as every identity at the same time.

    A credential that can't be had, or a call that isn't answered, is that identity's own failure and nobody else's.

    Args:
        calls: the API's session.
        api: where it is; for showing the requests.
        operation: what to send.
        identities: who sends it.
        operator: who asked for the run.
        now: the clock.

    Raises:
        NotPermitted: the operator may not run calls.
    """
    permissions.check(operator, Permission.RUN_CALLS)
    detail = {"operation": operation.name, "identities": [each.id for each in identities]}
    at_once = min(max(len(identities), 1), CALLS_AT_ONCE)
    with recorded(operator, "calls.run", api.name, detail), ThreadPoolExecutor(at_once) as workers:
        began = time.perf_counter()
        fetched = list(workers.map(_credentials, identities))
        gate = Gate(min(sum(not isinstance(given, GatehouseError) for given in fetched), at_once))
        started_at = now()
        answers = list(workers.map(lambda given: _send(calls, operation, given, gate), fetched))
        ended = time.perf_counter()
    left = gate.opened_at or ended
    return Run(
        api=api.name,
        operation=operation,
        calls=tuple(
            _call(api, operation, identity, given, answer)
            for identity, given, answer in zip(identities, fetched, answers, strict=True)
        ),
        started_at=started_at,
        wall_ms=(ended - left) * 1000,
        prepared_ms=(left - began) * 1000,
    )


def _credentials(identity: Identity) -> Credentials | GatehouseError:
    try:
        return identity.credentials()
    except GatehouseError as failure:
        return failure


def _send(
    calls: Calls, operation: Operation, given: Credentials | GatehouseError, gate: Gate
) -> Answer | GatehouseError:
    if isinstance(given, GatehouseError):
        return given
    try:
        return calls.call(operation.document, given, operation.variables, operation.name, leave=gate.wait)
    except GatehouseError as failure:
        return failure
    finally:
        gate.open()  # a call that ended without having left must not keep the others waiting


def _call(
    api: Api,
    operation: Operation,
    identity: Identity,
    given: Credentials | GatehouseError,
    answer: Answer | GatehouseError,
) -> Call:
    if isinstance(given, GatehouseError):
        return Call(identity, None, given)
    request = shown(api, operation, given)
    token = given.token if isinstance(given, Token) else None
    if isinstance(answer, GatehouseError):
        return Call(identity, None, answer, request, token)
    kept = Answer(answer.status, answer.headers, scrubbed(answer.text, given), answer.milliseconds)
    return Call(identity, kept, None, request, token)
