"""AWS clients of each signed-in person: what AWS lets their group do, and what its trail says that they did."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.clients import Clients, open_callers_clients, own_clients
from services.identity_pool import IdentityPool, Temporary
from services.secret import Secret
from services.sessions import Session, SessionEnded
from services.settings import Environment

UNUSED = timedelta(hours=1)


@dataclass(slots=True)
class _Own:
    """One session's clients; `tokens` follow the session's renewals."""

    session: Session
    used_at: datetime
    clients: Clients | None = None
    closed: bool = False


class OwnClients:
    """The clients of every session that made an admin call; safe for threads. Never shared between sessions.

    Args:
        environment: where.
        shared: the process's clients, whose API sessions hold no credential.
        pool: hands out each person's credentials.
        now: the clock.
        is_open: whether a session has not ended; asked before credentials are handed out for it.
    """

    def __init__(
        self,
        environment: Environment,
        shared: Clients,
        pool: IdentityPool,
        now: Callable[[], datetime],
        is_open: Callable[[Secret], bool] = lambda _: True,
    ) -> None:
        self._is_open = is_open
        self._environment, self._shared, self._pool, self._now = environment, shared, pool, now
        self._callers: Clients | None = None
        self._lock = threading.Lock()
        self._held: dict[Secret, _Own] = {}

    def of(self, session: Session) -> Clients:
        """The session's clients; they sign with the role that the identity pool gives for its newest ID token.

        No call is made here: credentials are fetched by the first call that needs them, which raises `Refused` where
        the identity pool gives none.
        """
        with self._lock:
            self._forget_unused()
            held = self._held.get(session.id)
            if held and held.session.operator != session.operator:
                self._drop(session.id)  # other groups: the old role's credentials must not outlive the membership
            own = self._held.setdefault(session.id, _Own(session, self._now()))
            own.session, own.used_at = session, self._now()
            if own.clients is None:
                if self._callers is None:
                    self._callers = open_callers_clients(self._environment, self._shared)
                own.clients = own_clients(self._callers, lambda: self._current(own))
            return own.clients

    def forget(self, session_id: Secret) -> None:
        """Drop a session's clients and credentials: whoever still holds the clients can use them till those end."""
        with self._lock:
            self._drop(session_id)

    def forget_person(self, sub: str) -> None:
        """The same for every session of one person."""
        with self._lock:
            for session_id in [key for key, own in self._held.items() if own.session.operator.sub == sub]:
                self._drop(session_id)

    def _current(self, own: _Own) -> Temporary:
        if own.closed or not self._is_open(own.session.id):
            raise SessionEnded("The session has ended", "It was signed out", "Sign in again")
        return self._pool.temporary(own.session.tokens.id_token, own.session.operator.sub)

    def _forget_unused(self) -> None:
        """Sessions that are no longer used end by themselves, and tell nobody."""
        for session_id in [key for key, own in self._held.items() if self._now() >= own.used_at + UNUSED]:
            self._drop(session_id)

    def _drop(self, session_id: Secret) -> None:
        if own := self._held.pop(session_id, None):
            own.closed = True
            self._pool.forget(own.session.operator.sub)
