"""Everybody who takes part in a run: found, made where they have to be, and removed after it."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from services import permissions
from services.application import Application
from services.authorization.callers.caller import Caller
from services.authorization.callers.casting import Casting
from services.authorization.callers.found import Finder
from services.authorization.callers.removal import Removal
from services.authorization.callers.signals import ended_in_order
from services.authorization.callers.signed_in import SignedIn
from services.authorization.callers.stand_ins import SignsIn, StandIns
from services.authorization.suite.model import IdentityChoice
from services.permissions import Operator, Permission
from services.renewal import Renewal
from services.secret import Secret
from services.settings import Api


@dataclass(slots=True)
class Cast:
    """Who takes part in a run.

    Attributes:
        callers: in the order of the columns; also those that can't be had, with the reason.
        swept: killed runs' leftovers that were removed before this run.
        removals: what became of this run's stand-ins; filled when the block of `callers` ends.
    """

    callers: tuple[Caller, ...]
    swept: tuple[Removal, ...] = ()
    removals: tuple[Removal, ...] = ()

    def caller(self, identity: str) -> Caller | None:
        """The caller of that id, if there is one."""
        return next((each for each in self.callers if each.id == identity), None)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def callers(
    application: Application,
    api: Api,
    choices: Sequence[IdentityChoice] = (),
    *,
    operator: Operator,
    me: SignedIn | None = None,
    people: Iterable[SignedIn] = (),
    expired: Secret | None = None,
    typed_name: str = "",
    reason: str = "",
    now: Callable[[], datetime] = _now,
) -> Generator[Cast]:
    """The identities of an environment for one API, for as long as the block runs.

    What can't be had is listed with the reason; nothing is left out silently. Stand-ins are removed when the block
    ends, however it ends short of a kill; those that a killed run left behind are removed before new ones are made.

    Args:
        application: the environment's services.
        api: the API that will be called.
        choices: who is asked for, e.g. a suite's; empty for everything that the environment offers by itself.
        operator: who asked for the run.
        me: the operator's own sign-in, for columns of it; None where there is none, as in CI.
        people: others who signed in there and then; somebody in exactly the groups of a stand-in takes its place.
        expired: a token of the user pool that has expired, for the identity `broken:expired`; without it, one of
            this process's earlier runs is used once it has.
        typed_name: the environment's name as the operator typed it, without which production has no stand-ins.
        reason: why, which production demands for making and removing users.
        now: the clock.

    Raises:
        NotPermitted: the operator may not run calls.
    """
    permissions.check(operator, Permission.RUN_CALLS, application.environment.admin_group)
    renewal = Renewal(application.clients.user_pool, application.environment)
    stand_ins = StandIns(
        application.clients.user_pool,
        application.environment,
        SignsIn(application.sign_in, application.identify, renewal.renew),
        operator=operator,
        now=now,
        typed_name=typed_name,
        reason=reason,
    )
    finder = Finder(application, operator, stand_ins, renewal.renew, now)
    casting = Casting(application, api, finder, me, tuple(people), expired, now)
    cast: Cast | None = None
    with ended_in_order():
        try:
            found, swept = casting.cast(choices)
            cast = Cast(found, swept)
            yield cast
        finally:
            removals = stand_ins.remove()
            if cast:
                cast.removals = removals
