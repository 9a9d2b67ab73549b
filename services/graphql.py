"""Calls to one AppSync API through gql, with everything that came back kept.

gql hides the status, the headers and the bytes of an answer, and the side-by-side page needs all three;
a response hook keeps them, so that signing, time-outs and endpoints exist once for every page.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportConnectionFailed, TransportError
from gql.transport.requests import RequestsHTTPTransport
from graphql import GraphQLError
from requests.adapters import HTTPAdapter

from services.credentials import Credentials
from services.errors import Invalid, Unavailable

CONNECT_SECONDS = 3
READ_SECONDS = 30  # AppSync itself gives up after 30 seconds
CALLS_AT_ONCE = 64
BROKEN_OFF = "ConnectionError"
"""The code of a call whose connection was refused or broke off, as `requests` names it."""


@dataclass(frozen=True)  # without slots, so that the body is parsed once, however often it is looked at
class Answer:
    """One HTTP answer of an API, as it came.

    Attributes:
        status: the HTTP status.
        headers: the response headers, names in lower case.
        text: the body.
        milliseconds: from sending to the last byte.
    """

    status: int
    headers: Mapping[str, str]
    text: str
    milliseconds: float

    @cached_property
    def body(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it isn't one."""
        try:
            content = json.loads(self.text)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def request_id(self) -> str:
        """AWS's id of the request, empty when none came."""
        return self.headers.get("x-amzn-requestid", "")


class _Transport(RequestsHTTPTransport):
    """gql's transport with a connection for every column of a side-by-side run."""

    def connect(self) -> None:
        """Open the session that every call shares."""
        self.session = requests.Session()
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=CALLS_AT_ONCE)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)


class GraphQLApi:
    """One API, opened once per process and safe for threads. It holds no credentials: each call brings its own."""

    def __init__(self, url: str, region: str) -> None:
        self._region = region
        self._session = Client(transport=_Transport(url=url)).connect_sync()  # type: ignore[no-untyped-call]

    def call(
        self,
        document: str,
        credentials: Credentials,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        leave: Callable[[], None] = lambda: None,
        *,
        seconds: float = READ_SECONDS,
    ) -> Answer:
        """Send one operation and return what came back, refusals included.

        Args:
            document: GraphQL text.
            credentials: who asks.
            variables: what goes with the document.
            operation_name: which operation of the document is meant.
            leave: called when the request is signed and ready; it is timed and sent when this returns, so that
                calls of several threads can leave together.
            seconds: how long to wait for an answer.

        Raises:
            Invalid: the document isn't GraphQL; nothing was sent.
            Unavailable: no answer came (refused, reset, timed out).
        """
        request = parsed(document, variables, operation_name)
        kept: list[requests.Response] = []
        started = time.perf_counter()
        sign = credentials.signer(self._region)

        def sign_and_leave(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
            nonlocal started
            signed = sign(prepared)
            leave()
            started = time.perf_counter()
            return signed

        def keep(response: requests.Response, *_: object, **__: object) -> None:
            kept.append(response)

        sent: dict[str, Any] = {
            "headers": dict(credentials.headers()),
            "auth": sign_and_leave,  # signing is the last that `requests` does before it sends
            "hooks": {"response": keep},
            "timeout": (CONNECT_SECONDS, seconds),
            "allow_redirects": False,  # a token goes to the configured address and nowhere else
        }
        try:
            self._session.execute(request, extra_args=sent, get_execution_result=True)
        except TransportConnectionFailed as error:
            raise _unavailable(error, seconds) from None
        except TransportError:
            # The API's own refusal: the kept answer says more than the exception does.
            pass
        if not kept:
            raise Unavailable("Could not read the API's answer", "Nothing came back", "Try again")
        return _answer(kept[-1], (time.perf_counter() - started) * 1000)


def parsed(
    document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
) -> GraphQLRequest:
    """The operation as gql sends it; raises `Invalid` with the line and column where it isn't GraphQL."""
    try:
        return GraphQLRequest(
            document, variable_values=dict(variables) if variables else None, operation_name=operation_name
        )
    except GraphQLError as error:
        place = error.locations[0] if error.locations else None
        where = f" (line {place.line}, column {place.column})" if place else ""
        raise Invalid(
            "The operation is not valid GraphQL", f"{error.message}{where}", "Correct it and run it again"
        ) from None


def _answer(response: requests.Response, milliseconds: float) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.text, milliseconds)


def _unavailable(error: TransportConnectionFailed, seconds: float) -> Unavailable:
    """What went wrong on the way; the cause's own text may hold the address, never a header."""
    failed, cause = "Could not reach the API", error.__cause__
    if isinstance(cause, requests.Timeout):
        return Unavailable(
            failed,
            f"No answer within {seconds:g} s",
            "Try again, or look at the API's resolvers",
            "Timeout",
        )
    name = type(cause).__name__ if cause else BROKEN_OFF
    return Unavailable(
        failed, "The connection was refused or broke off", "Check the API's address and the network", name
    )
