"""What the state of a pool user means: in words, for a sign-in, and for what can be done about the password."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """A user's state as the screen says it."""

    ACTIVE = "Active"
    MUST_CHANGE = "Must change password"
    MUST_RESET = "Must reset password"
    NOT_CONFIRMED = "Not confirmed"
    EXTERNAL = "External"
    DISABLED = "Disabled"
    UNKNOWN = "Unknown"


_STATES: Mapping[str, State] = {
    "CONFIRMED": State.ACTIVE,
    "FORCE_CHANGE_PASSWORD": State.MUST_CHANGE,
    "RESET_REQUIRED": State.MUST_RESET,
    "UNCONFIRMED": State.NOT_CONFIRMED,
    "EXTERNAL_PROVIDER": State.EXTERNAL,
}


def state_of(status: str, *, enabled: bool) -> State:
    """The state in words; disabled wins, since no sign-in gets past it."""
    return _STATES.get(status, State.UNKNOWN) if enabled else State.DISABLED


@dataclass(frozen=True, slots=True)
class Standing:
    """What a state means.

    Attributes:
        sign_in: what happens at the next sign-in.
        next_step: what an operator does about it.
        no_setting: why no password can be set here; empty when one can.
        no_code: why no reset code can be sent; empty when one can.
    """

    sign_in: str
    next_step: str
    no_setting: str = ""
    no_code: str = ""


STANDINGS: Mapping[State, Standing] = {
    State.ACTIVE: Standing(
        "Signs in with the password.",
        "Nothing to do, unless the password is lost: then set a new one or send a reset code.",
    ),
    State.MUST_CHANGE: Standing(
        "Signs in once with the temporary password and must choose a new one there.",
        "Hand over the temporary password. If it has expired or is lost, set another.",
        no_code="A reset code does not work before the temporary password has been changed: set another password.",
    ),
    State.MUST_RESET: Standing(
        "Is refused until a new password has been chosen with the code that was sent.",
        "Ask for the code in the mailbox. If it is older than an hour, send another or set a password.",
    ),
    State.NOT_CONFIRMED: Standing(
        "Is refused: the account was signed up but its address was never confirmed by code.",
        "The person enters the code from the sign-up. A password set here confirms the account"
        " without a proof that the address is theirs.",
        no_code="A reset code goes only to a confirmed account: set a password instead.",
    ),
    State.EXTERNAL: Standing(
        "Signs in at the external provider (SAML, Google …); the pool keeps no password.",
        "Have the password changed at that provider.",
        no_setting="The password of an external user lies with the provider. One set here would open"
        " a second way in, past the provider's rules.",
        no_code="The password of an external user lies with the provider, so there is nothing to reset here.",
    ),
    State.DISABLED: Standing(
        "Every sign-in is refused, whatever the password.",
        "Enable the user in the user pool first. A password that is set now counts from then on.",
        no_code="A disabled user can't use a reset code: enable the user in the user pool first.",
    ),
    State.UNKNOWN: Standing(
        "The pool's word for this state is one that Gatehouse does not know.",
        "Look the user up in the Cognito console.",
        no_code="In this state Cognito may not accept the code: look the user up in the Cognito console.",
    ),
}
