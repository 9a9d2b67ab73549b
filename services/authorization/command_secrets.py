"""Every secret that passes through a run, noted so that no report can hold one."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from services.authorization.callers.caller import Caller
from services.authorization.suite.model import Suite
from services.credentials import Credentials
from services.secret import Secret
from services.settings import Environment


@dataclass(slots=True)
class Watched:
    """Notes the credentials that identities send; safe for threads.

    Attributes:
        secrets: what was noted so far.
    """

    secrets: list[Secret] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def all(self, callers: Iterable[Caller]) -> tuple[Caller, ...]:
        """The same callers, whose credentials are noted as they are fetched."""
        return tuple(
            replace(caller, identity=replace(caller.identity, credentials=self._noting(caller.identity.credentials)))
            for caller in callers
        )

    def _noting(self, fetch: Callable[[], Credentials]) -> Callable[[], Credentials]:
        def noted() -> Credentials:
            credentials = fetch()
            kept = [getattr(credentials, name, None) for name in ("secret_access_key", "session_token")]
            with self._lock:
                self.secrets += [Secret(value) for value in credentials.headers().values() if value]
                self.secrets += [secret for secret in kept if secret]
            return credentials

        return noted


def configured_secrets(environment: Environment, suite: Suite) -> tuple[Secret, ...]:
    """What settings and the suite's variables hold: the client secret, API keys, passwords and tokens."""
    found = [environment.client_secret, *(api.api_key for api in environment.apis)]
    found += [choice.secret for choice in suite.identities]
    return tuple(secret for secret in found if secret)
