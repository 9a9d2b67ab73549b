"""Where a run's calls go in: the GraphQL API, and the REST API beside it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests

from services.authorization.calls import Calls
from services.authorization.masking import masked, shown
from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.saved import SavedOperation
from services.credentials import Credentials
from services.errors import Invalid
from services.graphql import Answer
from services.settings import Api


class RestCalls(Protocol):
    """A REST API: `services.authorization.suite.rest.RestApi`."""

    def prepared(self, request: RestRequest, credentials: Credentials) -> requests.PreparedRequest:
        """The request as it is sent."""

    def call(
        self,
        request: RestRequest,
        credentials: Credentials,
        leave: Callable[[], None] = lambda: None,
        *,
        seconds: float = 30,
    ) -> Answer:
        """Send one request; raises `GatehouseError` when no answer came."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Both of them, opened once.

    Attributes:
        api: the GraphQL API; for showing requests.
        graphql: its session.
        rest: the REST API's; None where the environment has none.
    """

    api: Api
    graphql: Calls = field(repr=False)
    rest: RestCalls | None = field(default=None, repr=False)

    def call(
        self, operation: SavedOperation, identity: str, captured: Mapping[str, Any], seconds: float
    ) -> Callable[[Credentials], Answer]:
        """What sends an operation with the variables of an identity, as often as it is called.

        Args:
            operation: what to send.
            identity: whose variables go with it.
            captured: variables that answers of earlier operations gave.
            seconds: how long an answer is waited for.

        Raises:
            Invalid: the operation can't be sent so.
        """
        if operation.rest:
            request, rest = operation.request_for(identity, captured), self._rest(operation)
            return lambda credentials: rest.call(request, credentials, seconds=seconds)
        sent = operation.operation_for(identity, captured)
        return lambda credentials: self.graphql.call(
            sent.document, credentials, sent.variables, sent.name, seconds=seconds
        )

    def shown(
        self, operation: SavedOperation, identity: str, captured: Mapping[str, Any], credentials: Credentials
    ) -> str:
        """The request as it can be shown, every secret masked; the signature's time is that of the showing."""
        if not operation.rest:
            return shown(self.api, operation.operation_for(identity, captured), credentials)
        request = operation.request_for(identity, captured)
        body = "" if request.body is None else json.dumps(request.body, indent=2, ensure_ascii=False)
        return masked(self._rest(operation).prepared(request, credentials), body)

    def _rest(self, operation: SavedOperation) -> RestCalls:
        if self.rest is None:
            raise Invalid(
                f"{operation.id} can't be sent",
                "It is a REST request, and the environment names no REST API",
                "Configure the REST API's address, or take the operation out of the suite",
            )
        return self.rest
