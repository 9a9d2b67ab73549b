"""The broken identities of an environment, made from whoever is signed in."""

from dataclasses import dataclass
from datetime import datetime

from services.application import Application
from services.authorization.callers.caller import Caller
from services.authorization.callers.expired import KEPT, expired_caller
from services.authorization.callers.ids import GUEST, IAM, ID
from services.authorization.callers.signed_in import SignedIn
from services.authorization.callers.spoilt import made_up, spoilt_signatures, spoilt_tokens
from services.secret import Secret


@dataclass(frozen=True, slots=True)
class Base:
    """Whose good credentials are spoilt.

    Attributes:
        subject: what the ids of their good columns begin with, e.g. `me`.
        who: the person.
    """

    subject: str
    who: SignedIn


def broken_callers(
    application: Application, base: Base | None, *, expired: Secret | None, has_key: bool, now: datetime
) -> tuple[Caller, ...]:
    """Every broken identity; those that can't be made are listed with the reason.

    Args:
        application: the environment's services.
        base: whom to make them from; None where nobody is signed in: then guest credentials are signed wrongly.
        expired: a token of the user pool that has expired; one of an earlier run of this process is used otherwise.
        has_key: whether the API has a good key, which is then the control of the made-up one.
        now: the time.
    """
    pool = application.identity_pool
    found = [
        expired_caller(
            expired or KEPT.expired(application.environment, now),
            application.environment,
            application.identify.keys.for_key,
            now,
            control=base.subject + ID if base else "",
        ),
        *spoilt_tokens(base.subject if base else "", (lambda: base.who.tokens().id_token) if base else None),
    ]
    if pool and base:
        who = base.who
        found += spoilt_signatures(base.subject + IAM, lambda: pool.signed_in(who.tokens().id_token, who.operator.sub))
    elif pool:
        found += spoilt_signatures(GUEST, pool.guest)
    return (*found, made_up(has_key))
