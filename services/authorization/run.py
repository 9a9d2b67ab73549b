"""One operation by every identity at once.

Credentials are fetched and requests signed first, with a time of their own. Then all calls leave together, so that
their times compare the calls and nothing else. Whoever watches sees each answer as it comes.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from services import permissions
from services.audit import recorded
from services.authorization.background import Background
from services.authorization.calls import Call, Calls, Run
from services.authorization.gate import Gate
from services.authorization.identity import Identity
from services.authorization.masking import scrubbed, shown
from services.authorization.operations import Operation
from services.credentials import Credentials, Token
from services.errors import GatehouseError
from services.graphql import CALLS_AT_ONCE, Answer
from services.permissions import Operator, Permission
from services.settings import Api


def _now() -> datetime:
    return datetime.now(UTC)


class Running:
    """A run that is under way, made by `start_run`; every method may be called from any thread."""

    def __init__(self, columns: "_Columns", work: Background[None]) -> None:
        self._columns, self._work = columns, work

    @property
    def done(self) -> bool:
        """Whether every call has ended."""
        return self._work.done

    def finished(self) -> tuple[Call | None, ...]:
        """One for each identity, in their order; None for those that are still under way."""
        return self._columns.finished()

    def so_far(self) -> Run:
        """The run with the calls that have ended; the whole run once it is done."""
        return self._columns.run()

    def wait(self, seconds: float | None = None) -> Run:
        """The whole run; raises `TimeoutError` when it takes longer than that."""
        self._work.wait(seconds)
        return self._columns.run()


def start_run(
    calls: Calls,
    api: Api,
    operation: Operation,
    identities: Sequence[Identity],
    *,
    operator: Operator,
    now: Callable[[], datetime] = _now,
) -> Running:
    """Begin to send the operation as every identity at the same time, and return at once.

    A credential that can't be had, or a call that isn't answered, is that identity's own failure and nobody else's.

    Args:
        calls: the API's session.
        api: where it is; for showing the requests.
        operation: what to send.
        identities: who sends it.
        operator: who asked for the run.
        now: the clock.

    Raises:
        NotPermitted: the operator may not run calls, or not this operation here.
    """
    permissions.check(operator, Permission.RUN_CALLS)
    if operation.changes_data:
        permissions.check(operator, Permission.SEND_MUTATIONS)
    columns = _Columns(calls, api, operation, tuple(identities), now)
    return Running(columns, Background(lambda allowed: columns.send(operator, allowed), "side by side"))


def run(
    calls: Calls,
    api: Api,
    operation: Operation,
    identities: Sequence[Identity],
    *,
    operator: Operator,
    now: Callable[[], datetime] = _now,
) -> Run:
    """Send the operation as every identity at the same time, and wait for the end; otherwise like `start_run`."""
    return start_run(calls, api, operation, identities, operator=operator, now=now).wait()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One column's call, ready to leave."""

    place: int
    identity: Identity
    credentials: Credentials
    request: str


class _Columns:
    """Sends the calls of a run, and keeps what came of them."""

    def __init__(
        self,
        session: Calls,
        api: Api,
        operation: Operation,
        identities: tuple[Identity, ...],
        now: Callable[[], datetime],
    ) -> None:
        self._session, self._api, self._now = session, api, now
        self._operation, self._identities = operation, identities
        self._lock = threading.Lock()
        self._calls: list[Call | None] = [None] * len(identities)
        self._gate = Gate(1)
        self._began = self._ended = time.perf_counter()
        self._started_at = now()

    def finished(self) -> tuple[Call | None, ...]:
        """One for each identity."""
        with self._lock:
            return tuple(self._calls)

    def run(self) -> Run:
        """The run with the calls that have ended."""
        with self._lock:
            left = self._gate.opened_at or self._ended
            return Run(
                api=self._api.name,
                operation=self._operation,
                calls=tuple(call for call in self._calls if call),
                started_at=self._started_at,
                # A credential that can't be had ends its column before any call has left.
                wall_ms=max(self._ended - left, 0) * 1000,
                prepared_ms=(left - self._began) * 1000,
            )

    def send(self, operator: Operator, allowed: Callable[[], None]) -> None:
        """Do it all; `allowed` is called once the act is recorded."""
        detail = {"operation": self._operation.name, "identities": [each.id for each in self._identities]}
        at_once = min(max(len(self._identities), 1), CALLS_AT_ONCE)
        reads = not self._operation.changes_data
        with (
            recorded(operator, "calls.run", self._api.name, detail, reads=reads),
            ThreadPoolExecutor(at_once) as workers,
        ):
            allowed()
            prepared = [each for each in workers.map(self._prepared, range(len(self._identities))) if each]
            self._gate = Gate(min(len(prepared), at_once))
            self._started_at = self._now()
            list(workers.map(self._send, prepared))

    def _prepared(self, place: int) -> _Prepared | None:
        """What an identity sends; None where its credentials can't be had, which ends its column."""
        identity = self._identities[place]
        try:
            given = identity.credentials()
            return _Prepared(place, identity, given, shown(self._api, self._operation, given))
        except GatehouseError as failure:
            self._keep(place, Call(identity, None, failure))
            return None

    def _send(self, prepared: _Prepared) -> None:
        self._keep(prepared.place, self._answered(prepared))

    def _answered(self, prepared: _Prepared) -> Call:
        operation, given = self._operation, prepared.credentials
        token = given.token if isinstance(given, Token) else None
        try:
            answer = self._session.call(
                operation.document, given, operation.variables, operation.name, leave=self._gate.wait
            )
        except GatehouseError as failure:
            return Call(prepared.identity, None, failure, prepared.request, token)
        finally:
            self._gate.open()  # a call that ended without having left must not keep the others waiting
        kept = Answer(answer.status, answer.headers, scrubbed(answer.text, given), answer.milliseconds)
        return Call(prepared.identity, kept, None, prepared.request, token)

    def _keep(self, place: int, call: Call) -> None:
        with self._lock:
            self._calls[place] = call
            self._ended = time.perf_counter()
