"""One identity's credential for as long as a run takes: fetched once, renewed when it ends, and what it says."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from services.authorization.callers.caller import Caller
from services.authorization.identity import Kind
from services.authorization.refusals import Cause, cause_of
from services.authorization.token_facts import KeysFor, TokenFacts, facts_of
from services.credentials import Credentials, Token
from services.errors import GatehouseError
from services.graphql import Answer
from services.settings import Environment
from services.tokens import Fault

_ENDED = frozenset({Cause.TOKEN_EXPIRED, Cause.SESSION_EXPIRED})


class Column:
    """An identity during a run; safe for threads.

    Args:
        caller: the identity.
        environment: names the user pool that tokens should come from.
        keys_for: the pool's published keys.
        now: the clock.
    """

    def __init__(
        self, caller: Caller, environment: Environment, keys_for: KeysFor, now: Callable[[], datetime]
    ) -> None:
        self.caller = caller
        self._environment, self._keys_for, self._now = environment, keys_for, now
        self._lock = threading.Lock()
        self._held: Credentials | None = None
        self._facts: dict[Credentials, TokenFacts] = {}

    def credentials(self) -> Credentials:
        """What the identity sends; raises a `GatehouseError` where it can't be had."""
        with self._lock:
            if self._held is None:
                self._held = self.caller.identity.credentials()
            return self._held

    def renewed(self, old: Credentials) -> Credentials | None:
        """What to send in place of a credential that has ended; None where there is nothing newer."""
        with self._lock:
            if self._held == old:
                try:
                    self._held = self.caller.identity.credentials()
                except GatehouseError:
                    return None  # the answer that the ended one got says the rest
            return self._held if self._held != old else None

    def forget(self) -> None:
        """Have the credential fetched anew at its next use."""
        with self._lock:
            self._held = None

    def ended(self, credentials: Credentials, answer: Answer) -> bool:
        """Whether the answer is a refusal of a credential whose time is over, and that nobody spoilt on purpose."""
        if answer.status not in {400, 401, 403} or self.caller.identity.broken:
            return False
        facts = self.facts(credentials)
        return cause_of(answer) in _ENDED or (facts is not None and facts.fault is Fault.EXPIRED)

    def facts(self, credentials: Credentials) -> TokenFacts | None:
        """What this machine can tell of a JWT by itself; None for other credentials. Worked out once per token."""
        if self.caller.identity.kind is not Kind.JWT or not isinstance(credentials, Token):
            return None
        with self._lock:
            known = self._facts.get(credentials)
        now = self._now()
        if known is None or (known.fault is None and _is_over(known, now)):
            known = facts_of(credentials.token, self._environment, self._keys_for, now)
            with self._lock:
                self._facts[credentials] = known
        return known


def _is_over(facts: TokenFacts, now: datetime) -> bool:
    ends = facts.claims.get("exp")
    return isinstance(ends, int | float) and now >= datetime.fromtimestamp(ends, UTC)
