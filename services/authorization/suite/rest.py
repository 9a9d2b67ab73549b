"""Calls to one REST API of API Gateway, recorded as calls to AppSync are."""

import time
from collections.abc import Callable
from http.cookiejar import Cookie, DefaultCookiePolicy
from urllib.request import Request

import requests
from requests.adapters import HTTPAdapter

from services.authorization.suite.rest_request import RestRequest
from services.credentials import Credentials
from services.errors import Unavailable
from services.graphql import CALLS_AT_ONCE, CONNECT_SECONDS, READ_SECONDS, Answer

SERVICE = "execute-api"
"""What a SigV4 signature for API Gateway names."""


class RestApi:
    """One REST API, opened once and safe for threads. It holds no credentials: each call brings its own.

    Args:
        url: the API's address with its stage, `Environment.rest_api_url`.
        region: the Region that a signature names.
    """

    def __init__(self, url: str, region: str) -> None:
        self._url = url.rstrip("/")
        self._region = region
        self._session = requests.Session()
        # Cookies of one identity must not travel with another's call.
        self._session.cookies.set_policy(_NoCookies())
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=CALLS_AT_ONCE)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def prepared(self, request: RestRequest, credentials: Credentials) -> requests.PreparedRequest:
        """The request with its headers and signature, as `call` sends it; for showing it."""
        return self._session.prepare_request(self._made(request, credentials))

    def call(
        self,
        request: RestRequest,
        credentials: Credentials,
        leave: Callable[[], None] = lambda: None,
        *,
        seconds: float = READ_SECONDS,
    ) -> Answer:
        """Send one request and return what came back, refusals included.

        Args:
            request: with its variables in their places.
            credentials: who asks: a JWT goes into `Authorization` as it is, AWS credentials sign for `execute-api`.
            leave: called when the request is signed and ready; it is timed and sent when this returns.
            seconds: how long an answer is waited for.

        Raises:
            Unavailable: no answer came (refused, reset, timed out).
        """
        prepared = self.prepared(request, credentials)
        leave()
        started = time.perf_counter()
        try:
            response = self._session.send(
                prepared,
                timeout=(CONNECT_SECONDS, seconds),
                allow_redirects=False,  # a token goes to the configured address and nowhere else
            )
        except requests.RequestException as error:
            raise _unavailable(error, seconds) from None
        milliseconds = (time.perf_counter() - started) * 1000
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, response.text, milliseconds)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _made(self, request: RestRequest, credentials: Credentials) -> requests.Request:
        return requests.Request(
            request.method,
            f"{self._url}/{request.path}",
            params=dict(request.query) or None,
            json=request.body,
            headers=dict(credentials.headers()),
            auth=credentials.signer(self._region, SERVICE),
        )


class _NoCookies(DefaultCookiePolicy):
    def set_ok(self, cookie: Cookie, request: Request) -> bool:  # noqa: ARG002 (the base class's signature)
        return False


def _unavailable(error: requests.RequestException, seconds: float) -> Unavailable:
    """What went wrong on the way; the cause's own text may hold the address, never a header."""
    failed = "Could not reach the REST API"
    if isinstance(error, requests.Timeout):
        return Unavailable(failed, f"No answer within {seconds:g} s", "Try again, or look at its functions", "Timeout")
    return Unavailable(
        failed, "The connection was refused or broke off", "Check the API's address and the network",
        type(error).__name__,
    )  # fmt: skip
