"""A token that was good once and has expired: it can't be made without its issuer, only kept and brought along."""

from collections.abc import Callable, Mapping
from datetime import datetime

import jwt

from services.authorization.callers.caller import Caller, unavailable
from services.authorization.callers.ids import BROKEN
from services.authorization.cells import Facts, Mode
from services.authorization.identity import Identity, Kind
from services.authorization.token_facts import claims_of
from services.credentials import Token
from services.errors import GatehouseError, Invalid, NotFound, Unavailable
from services.secret import Secret
from services.settings import Environment
from services.tokens import Expectation, Fault, TokenRefused, Use, ends_at, key_id, verify

EXPIRED = f"{BROKEN}expired"
_LABEL = "Expired token"
_STEP = (
    "Give an ID token of this user pool that has expired (in a suite: {broken: [expired], token: VARIABLE}), or run"
    " again in this process once the last run's have"
)


class KeptTokens:
    """One token of each user pool from this process's runs, for the time after its end; in memory alone."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Secret] = {}

    def keep(self, token: Secret, environment: Environment) -> None:
        """Keep a live token, unless one is kept: the first is the first to end, and stays expired."""
        self._kept.setdefault((environment.issuer, environment.client_id), token)

    def expired(self, environment: Environment, now: datetime) -> Secret | None:
        """The kept token of this user pool once it has ended."""
        kept = self._kept.get((environment.issuer, environment.client_id))
        return kept if kept and ends_at(kept) <= now else None


KEPT = KeptTokens()
"""Those of this process."""


def expired_caller(
    token: Secret | None,
    environment: Environment,
    keys_for: Callable[[str], Mapping[str, jwt.PyJWK]],
    now: datetime,
    control: str = "",
) -> Caller:
    """The column of an expired token, which counts only where nothing else is wrong with it.

    A token whose end was changed would prove that the signature is checked, not that the time is.

    Args:
        token: what the operator gave; None where nothing was.
        environment: names the user pool and the app client that it has to be from.
        keys_for: the pool's published keys for a key id.
        now: the time, with a zone.
        control: the id of a good identity of the same kind.
    """
    facts = Facts(Mode.USER_POOL, good=False, issuer=environment.issuer, client_id=environment.client_id)
    if failure := _unfit(token, environment, keys_for, now):
        return unavailable(EXPIRED, _LABEL, Kind.JWT, facts, failure)
    given = token or Secret("")
    note = "the token was good once and has expired"
    identity = Identity(EXPIRED, _LABEL, Kind.JWT, lambda: Token(given), broken=True, note=note)
    return Caller(identity, facts, control=control)


def _unfit(
    token: Secret | None,
    environment: Environment,
    keys_for: Callable[[str], Mapping[str, jwt.PyJWK]],
    now: datetime,
) -> GatehouseError | None:
    """Why the token proves nothing; None for one that is genuine and has expired."""
    failed = "Could not test with an expired token"
    if token is None:
        return NotFound(failed, "None is at hand, and only the user pool could make one", _STEP)
    use = Use.ACCESS if claims_of(token).get("token_use") == Use.ACCESS else Use.ID
    try:
        verify(token, keys_for(key_id(token)), Expectation(environment.issuer, environment.client_id, use), now)
    except TokenRefused as refusal:
        if refusal.fault is Fault.EXPIRED:
            return None
        return Invalid(failed, f"The one that was given is no good for it: {refusal.why}", _STEP)
    except Unavailable as down:
        return down
    if ends_at(token) <= now:
        return None  # our own rule still has patience with it for a minute, for clocks that differ
    return Invalid(failed, "The one that was given has not expired yet", "Wait for its end, then run again")
