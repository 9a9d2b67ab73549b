"""Stand-ins: users made for one run, since Cognito lets nobody act as somebody else."""

import atexit
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services import audit
from services.audit import recorded
from services.authorization.callers.expired import KEPT
from services.authorization.callers.lease import Lease
from services.authorization.callers.leave import check_leave
from services.authorization.callers.leftovers import leftovers
from services.authorization.callers.pool_shape import PoolShape, refuse_impossible
from services.authorization.callers.processes import this_process
from services.authorization.callers.removal import Removal, Remover, Stay
from services.authorization.callers.side_by_side import AT_ONCE, each, each_or_failure
from services.authorization.callers.signed_in import SignedIn, renewing
from services.authorization.people import StartsSignIn, sign_in_person
from services.aws_errors import MEANINGS, Meaning, spoken
from services.errors import GatehouseError, Refused, Unavailable
from services.groups import GROUP_MEANINGS
from services.password_policy import generate
from services.permissions import Operator
from services.secret import Secret
from services.settings import Environment
from services.tokens import Tokens

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

_TRIGGER = Meaning(
    Refused,
    "A function of the user pool (before sign-up) does not let the stand-in in",
    "Let a person of the group sign in for the column instead",
)
_CREATE_MEANINGS = {
    **MEANINGS,
    "UserLambdaValidationException": _TRIGGER,
    "UnexpectedLambdaException": _TRIGGER,
    "InvalidLambdaResponseException": _TRIGGER,
}


@dataclass(frozen=True, slots=True)
class Part:
    """What a stand-in plays.

    Attributes:
        subject: whose place it takes, e.g. `group:admins`, `no-group`, `person:vera`.
        groups: what it has to be in.
    """

    subject: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignsIn:
    """What signing a stand-in in takes.

    Attributes:
        sign_in: proves its password.
        identify: verifies its tokens.
        renew: makes new tokens of old ones.
    """

    sign_in: StartsSignIn
    identify: Callable[[Tokens], Operator]
    renew: Callable[[Tokens], Tokens]


class StandIns:
    """The stand-ins of one run; safe for threads. Call `remove` at the end, whatever happened.

    Args:
        client: Cognito user pools.
        environment: the user pool, and whether it is production.
        entrance: signs them in.
        operator: who asked for the run.
        now: the clock.
        typed_name: the environment's name as the operator typed it, without which production has no stand-ins.
        reason: the operator's reason, which a production environment demands.
    """

    def __init__(
        self,
        client: "CognitoIdentityProviderClient",
        environment: Environment,
        entrance: SignsIn,
        *,
        operator: Operator,
        now: Callable[[], datetime],
        typed_name: str = "",
        reason: str = "",
    ) -> None:
        self._client = client
        self._environment = environment
        self._entrance = entrance
        self._operator = operator
        self._now = now
        self._typed_name = typed_name
        self._reason = reason
        self._stays: list[Stay] = []
        self._lock = threading.Lock()
        atexit.register(self._remove_at_exit)

    def sweep(self, shape: PoolShape) -> tuple[Removal, ...]:
        """Remove what killed runs left behind, and prove it.

        Raises:
            NotPermitted: the operator may make no stand-ins here.
            ServiceError: Cognito refused or failed to list them.
        """
        check_leave(self._environment, self._operator, self._typed_name)
        with self._reasoned():
            return self._remover(AT_ONCE).remove(leftovers(self._client, self._pool_id, shape, self._now))

    def make(self, parts: Iterable[Part], shape: PoolShape) -> tuple[SignedIn | GatehouseError, ...]:
        """A signed-in stand-in for each part, or why there is none.

        AdminCreateUser (without a message), AdminSetUserPassword (permanent), AdminAddUserToGroup, then the
        environment's own way of signing in; all parts side by side.

        Raises:
            NotPermitted: the operator may make no stand-ins here.
        """
        check_leave(self._environment, self._operator, self._typed_name)
        with self._reasoned():
            return each_or_failure(lambda part: self._made(part, shape), parts)

    def remove(self) -> tuple[Removal, ...]:
        """Remove all that were made, or begun, and prove it; again, it does nothing."""
        removals = self._remove(AT_ONCE)
        atexit.unregister(self._remove_at_exit)
        self._stays = []
        return removals

    def _remove(self, at_once: int) -> tuple[Removal, ...]:
        with self._reasoned():
            return self._remover(at_once).remove(self._stays)

    def _reasoned(self) -> AbstractContextManager[None]:
        """What is recorded inside has the operator's reason; without one here, that of whoever calls stays."""
        return audit.because(self._reason) if self._reason else nullcontext()

    def _remover(self, at_once: int) -> Remover:
        return Remover(self._client, self._pool_id, self._operator, at_once)

    @property
    def _pool_id(self) -> str:
        return self._environment.user_pool_id

    def _remove_at_exit(self) -> None:
        """For a process that ends while a run is under way; an interpreter that ends starts no more threads."""
        self._remove(at_once=1)

    def _made(self, part: Part, shape: PoolShape) -> SignedIn:
        refuse_impossible(shape)
        lease = Lease.begin(this_process(), self._now())
        name = lease.new_name()
        username = shape.username(name)
        password = generate(shape.passwords)
        with recorded(self._operator, "stand-in.make", username, {"for": part.subject, "groups": part.groups}):
            stay = Stay(username, part.subject, part.groups)
            with self._lock:
                # Before it is made: an interruption right after the call must not lose it.
                self._stays.append(stay)
            self._create(stay, shape.attributes(name))
            self._set_password(stay, password)
            each(lambda group: self._add(username, group), part.groups)
        person = sign_in_person(
            self._entrance.sign_in, self._entrance.identify, username, password, operator=self._operator
        )
        if set(person.operator.groups) != set(part.groups):
            raise Refused(
                f"Could not use the stand-in for {part.subject}",
                "Its token names other groups than it is in",
                "Look at the user pool's function that changes tokens",
            )
        KEPT.keep(person.tokens.id_token, self._environment)
        return renewing(person, self._entrance.renew, self._now, lease.until)

    def _create(self, stay: Stay, attributes: dict[str, str]) -> None:
        try:
            with spoken(f"make a stand-in for {stay.subject}", _CREATE_MEANINGS):
                self._client.admin_create_user(
                    UserPoolId=self._pool_id,
                    Username=stay.username,
                    MessageAction="SUPPRESS",
                    UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
                )
        except Unavailable:
            raise  # it may have been made all the same
        except GatehouseError:
            with self._lock:
                self._stays.remove(stay)
            raise

    def _set_password(self, stay: Stay, password: Secret) -> None:
        with spoken(f"give the stand-in for {stay.subject} a password"):
            self._client.admin_set_user_password(
                UserPoolId=self._pool_id, Username=stay.username, Password=password.reveal(), Permanent=True
            )

    def _add(self, username: str, group: str) -> None:
        with spoken(f"put a stand-in into {group}", GROUP_MEANINGS):
            self._client.admin_add_user_to_group(UserPoolId=self._pool_id, GroupName=group, Username=username)
