"""What the checks stand on: the environment, its clients, plain HTTP and the clock; what several need is read once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from services.authorization.declared.reading import read_declared
from services.authorization.declared.values import Declared
from services.aws_errors import spoken
from services.clients import Clients
from services.errors import Unavailable
from services.record.journal import Journal
from services.settings import Api, Environment

if TYPE_CHECKING:
    from types_boto3_cognito_idp.type_defs import UserPoolClientTypeTypeDef

TIMEOUT = (3, 10)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An HTTP answer.

    Attributes:
        status: its status.
        headers: names in lower case.
        text: its body.
    """

    status: int
    headers: Mapping[str, str]
    text: str


Fetch = Callable[..., Fetched]


def fetch(url: str, *, body: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
    """GET an address, or POST a body to it; `Unavailable` when nothing answers."""
    try:
        answer = requests.request(
            "POST" if body else "GET",
            url,
            data=body.encode() or None,
            headers={"Content-Type": "application/json", **(headers or {})} if body else headers,
            timeout=TIMEOUT,
            allow_redirects=False,
            auth=lambda request: request,  # else `requests` would send what ~/.netrc holds for the host
        )
    except requests.RequestException as error:
        raise Unavailable(
            f"Could not reach {url}",
            "Nothing answered",
            "Check the address, the network and the Region",
            type(error).__name__,
        ) from None
    return Fetched(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.text)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Case:
    """An environment to be checked; safe for threads.

    Attributes:
        environment: whose values are checked.
        clients: under the credential whose rights are checked.
        journal: where acts are recorded.
        sessions: reads the table of sessions, where there is one; raises `ServiceError`.
        variables: the process environment, for the suites.
        files: the files that its settings came from.
        now: the clock of this machine.
        fetch: plain HTTP.
    """

    environment: Environment
    clients: Clients
    journal: Callable[[], Journal]
    sessions: Callable[[], object] = lambda: None
    variables: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Path] = ()
    now: Callable[[], datetime] = _now
    fetch: Fetch = fetch
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)
    _declared: dict[str, Declared] = field(default_factory=dict)

    def declared(self, api: Api) -> Declared:
        """What is declared about an API; read once, whoever asks first."""
        with self._lock:
            lock = self._locks.setdefault(api.name, threading.Lock())
        with lock:
            if api.name not in self._declared:
                self._declared[api.name] = read_declared(self.clients, api, self.environment, self.now)
            return self._declared[api.name]

    def client(self) -> "UserPoolClientTypeTypeDef":
        """The app client (DescribeUserPoolClient); raises `ServiceError`. Its secret is in it: show nothing of that."""
        here = self.environment
        with spoken("read the app client"):
            return self.clients.user_pool.describe_user_pool_client(
                UserPoolId=here.user_pool_id, ClientId=here.client_id
            )["UserPoolClient"]
