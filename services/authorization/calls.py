"""What one operation by every identity is made of: a call, and a run of calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.authorization.identity import Identity
from services.authorization.operations import Operation
from services.credentials import Credentials
from services.errors import GatehouseError
from services.graphql import READ_SECONDS, Answer
from services.secret import Secret


class Calls(Protocol):
    """A GraphQL API: `services.graphql.GraphQLApi`."""

    def call(
        self,
        document: str,
        credentials: Credentials,
        variables: Any = None,
        operation_name: str | None = None,
        leave: Callable[[], None] = lambda: None,
        *,
        seconds: float = READ_SECONDS,
    ) -> Answer:
        """Send one operation once `leave` returns, and wait that long; raises `GatehouseError` if no answer came."""


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
        calls: those that have ended, in the order of the identities.
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
