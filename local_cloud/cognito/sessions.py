"""The sessions between a challenge and its answer, each bound to what started it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from local_cloud.cognito.answers import Refused

INVALID = "Invalid session for the user."
EXPIRED = "Invalid session for the user, session is expired."
USED = "Invalid session for the user, session can only be used once."


@dataclass(frozen=True, slots=True)
class Session:
    """What one session stands for."""

    pool_id: str
    client_id: str
    username: str
    step: str
    """What may be done with it: the challenge's name, or a step of setting TOTP up."""
    expires: float
    proof: str = field(default="", repr=False)
    """The code that was sent, or the session that MiniStack knows it by."""
    used: bool = False


class Sessions:
    """All sessions of this process; an invented one is not among them."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Start without a session; `clock` gives seconds."""
        self._clock = clock
        self._known: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(
        self, token: str, *, pool_id: str, client_id: str, username: str, step: str, seconds: float, proof: str = ""
    ) -> None:
        """Note a session that was handed out."""
        now = self._clock()
        with self._lock:
            # A dead session is remembered as long again, so that it is refused as expired rather than invented.
            for old in [key for key, session in self._known.items() if session.expires + seconds < now]:
                del self._known[old]
            self._known[token] = Session(pool_id, client_id, username, step, now + seconds, proof)

    @contextmanager
    def answered(self, token: object, step: str) -> Iterator[Session]:
        """Give the live session of a token for one step, and use it up unless the body raises.

        So a mistyped code can be tried again, and of two answers at once only one counts.
        Raises Refused with Cognito's words.
        """
        with self._lock:
            session = self._live(token, step)
            self._known[str(token)] = replace(session, used=True)
        try:
            yield session
        except BaseException:
            self._known[str(token)] = session
            raise

    def _live(self, token: object, step: str) -> Session:
        session = self._known.get(token) if isinstance(token, str) else None
        if session is None or session.step != step:
            raise Refused("NotAuthorizedException", INVALID)
        if session.used:
            raise Refused("NotAuthorizedException", USED)
        if self._clock() > session.expires:
            raise Refused("NotAuthorizedException", EXPIRED)
        return session
