"""Acts on a user's password: set one, or send a code to choose one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import permissions
from services.audit import recorded
from services.aws_errors import Meaning, spoken
from services.errors import Invalid, TooManyRequests
from services.password_policy import PasswordPolicy, policy
from services.people import Person
from services.permissions import Operator, Permission
from services.secret import Secret

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

_STATE = Meaning(
    Invalid,
    "Cognito does not allow it in the user's present state",
    "Read the user's state again, then choose the act that fits it",
)
_ADDRESSES = {"email": "e-mail address", "phone": "phone number"}
_RESET_MEANINGS: Mapping[str, Meaning] = {
    # For this one call Cognito says NotAuthorized of the user's state; missing rights are AccessDenied.
    "NotAuthorizedException": _STATE,
    "InvalidParameterException": Meaning(
        Invalid,
        "Cognito has no verified address to send a code to",
        "Have the e-mail address verified, or set a password instead",
    ),
    "LimitExceededException": Meaning(
        TooManyRequests, "Too many codes were asked for this user", "Wait an hour, or set a password instead"
    ),
}


@dataclass(frozen=True, slots=True)
class PoolRules:
    """What a pool says about passwords.

    Attributes:
        policy: what it asks of one.
        recovery: where a reset code may go, best first: `email`, `phone`; empty when only administrators
            reset passwords.
    """

    policy: PasswordPolicy
    recovery: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a reset code goes: the masked address, or why none can be sent."""

    masked: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Passwords:
    """The passwords of one user pool."""

    client: "CognitoIdentityProviderClient"
    pool_id: str

    def rules(self, operator: Operator) -> PoolRules:
        """The pool's password policy and account recovery. DescribeUserPool.

        Raises:
            NotPermitted: the operator may not find people.
            ServiceError: Cognito refused or failed.
        """
        permissions.check(operator, Permission.READ_PEOPLE)
        with spoken("read the pool's password policy"):
            pool = self.client.describe_user_pool(UserPoolId=self.pool_id)["UserPool"]
        asked = policy(pool.get("Policies", {}).get("PasswordPolicy", {}))
        mechanisms = pool.get("AccountRecoverySetting", {}).get("RecoveryMechanisms")
        if mechanisms is None:
            # A pool without the setting keeps the old rule: the phone first, else the e-mail.
            return PoolRules(asked, ("phone", "email"))
        best_first = sorted(mechanisms, key=lambda m: m["Priority"])
        names = {"verified_email": "email", "verified_phone_number": "phone"}
        return PoolRules(asked, tuple(names[m["Name"]] for m in best_first if m["Name"] in names))

    def set(self, operator: Operator, person: Person, password: Secret, *, permanent: bool) -> None:
        """Set the password: for good, or until the next sign-in asks for another. AdminSetUserPassword.

        Raises:
            NotPermitted: the operator may not set passwords.
            Invalid: an external user, or a password that the pool does not take.
            NotFound: the user is gone.
            ServiceError: Cognito refused or failed.
        """
        kind = "permanent" if permanent else "temporary"
        detail = {"kind": kind, "permanent": permanent}
        with recorded(operator, "password.set", person.username, detail) as record:
            permissions.check(operator, Permission.SET_PASSWORDS)
            if person.standing.no_setting:
                raise Invalid(
                    f"Could not set a password for {person.username}",
                    person.standing.no_setting,
                    person.standing.next_step,
                )
            with spoken(f"set a {kind} password for {person.username}"):
                self.client.admin_set_user_password(
                    UserPoolId=self.pool_id,
                    Username=person.username,
                    Password=password.reveal(),
                    Permanent=permanent,
                )
            record.changed = _states(person, "CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD")

    def send_code(self, operator: Operator, person: Person, recovery: tuple[str, ...]) -> Destination:
        """Send a reset code and return where it went; until it is used, sign-in is refused.

        AdminResetUserPassword. Its answer is empty: the destination comes from the user's own attributes.

        Raises:
            NotPermitted: the operator may not.
            Invalid: the user's state or the lack of a verified address forbids it.
            TooManyRequests: too many codes for this user.
            ServiceError: Cognito refused or failed.
        """
        with recorded(operator, "password.send_code", person.username) as record:
            permissions.check(operator, Permission.SET_PASSWORDS)
            destination = code_destination(person, recovery)
            if destination.why_not:
                raise Invalid(
                    f"Could not send a reset code to {person.username}",
                    destination.why_not,
                    "Set a password instead" if not person.standing.no_setting else "",
                )
            with spoken(f"send a reset code to {person.username}", _RESET_MEANINGS):
                self.client.admin_reset_user_password(UserPoolId=self.pool_id, Username=person.username)
            record.changed = _states(person, "RESET_REQUIRED")
        return destination


def _states(person: Person, after: str) -> dict[str, object]:
    """What an act on a password changes and anybody may know: Cognito's word for the person's state."""
    return {"before": {"status": person.status}, "after": {"status": after}}


def code_destination(person: Person, recovery: tuple[str, ...]) -> Destination:
    """Where a reset code for the person would go, by the pool's order of recovery."""
    if person.standing.no_code:
        return Destination(why_not=person.standing.no_code)
    if not recovery:
        return Destination(why_not="In this pool only administrators reset passwords; no code is ever sent")
    for way in recovery:
        if way == "email" and person.email and person.email_verified:
            return Destination(masked_email(person.email))
        if way == "phone" and person.phone and person.phone_verified:
            return Destination(masked_phone(person.phone))
    return Destination(why_not=f"No verified {' or '.join(_ADDRESSES[way] for way in recovery)} is on record")


def masked_email(address: str) -> str:
    """The address with only its first character and its domain, e.g. `a•••@example.com`."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}•••{at}{domain}"


def masked_phone(number: str) -> str:
    """The number with only its last two digits, e.g. `+•••42`."""
    return f"+•••{number[-2:]}"
