"""What a user pool may ask of somebody who signs in, as values: each is answered, and the next one or tokens follow."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from services.secret import Secret


class Factor(StrEnum):
    """A second factor, by the name that Cognito gives its challenge."""

    TOTP = "SOFTWARE_TOKEN_MFA"
    SMS = "SMS_MFA"
    EMAIL = "EMAIL_OTP"


@dataclass(frozen=True, slots=True)
class NewPasswordRequired:
    """The password was temporary: the user has to choose another.

    Attributes:
        username: as the pool knows the user, whatever name was typed.
        session: what Cognito wants back with the answer; it lives 3 to 15 minutes.
        missing: the attributes that the pool requires and the user lacks, e.g. `email`.
    """

    asks: ClassVar[str] = "a new password"
    username: str
    session: Secret
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeRequired:
    """The user has to type a code of their second factor.

    Attributes:
        factor: where the code is found.
        destination: the masked address that Cognito sent it to; empty for an authenticator app.
    """

    asks: ClassVar[str] = "the code of a second factor"
    username: str
    session: Secret
    factor: Factor = Factor.TOTP
    destination: str = ""


@dataclass(frozen=True, slots=True)
class FactorChoice:
    """The user has several second factors and says which one to use now."""

    asks: ClassVar[str] = "a choice between second factors"
    username: str
    session: Secret
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class SetUpRequired:
    """The pool requires a second factor, and the user has none yet.

    Attributes:
        factors: those that the user may set up.
    """

    asks: ClassVar[str] = "a second factor to be set up"
    username: str
    session: Secret
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator app is about to be enrolled: it gets the secret, and proves it by a code.

    Attributes:
        key: the TOTP secret in base 32; it is shown once and kept nowhere.
    """

    asks: ClassVar[str] = SetUpRequired.asks
    username: str
    session: Secret
    key: Secret


@dataclass(frozen=True, slots=True)
class Question:
    """The pool's own challenge, made by its triggers.

    Attributes:
        told: the public challenge parameters, by name.
        again: whether it follows an answer: Cognito doesn't say whether that one was right.
    """

    asks: ClassVar[str] = "an answer to its own question"
    username: str
    session: Secret
    told: tuple[tuple[str, str], ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class ResetRequired:
    """A code has to set a new password.

    Attributes:
        by_administrator: whether an administrator asked for it; else the user did.
    """

    asks: ClassVar[str] = "the password to be reset"
    username: str
    by_administrator: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmationRequired:
    """The account was made by signing up, and waits for the code that proves its address.

    Attributes:
        destination: the masked address that the code went to, where Cognito says so.
    """

    asks: ClassVar[str] = "the account to be confirmed"
    username: str
    destination: str = ""


Challenge = (
    NewPasswordRequired
    | CodeRequired
    | FactorChoice
    | SetUpRequired
    | Enrolment
    | Question
    | ResetRequired
    | ConfirmationRequired
)


def challenge_of(username: str, answer: Mapping[str, Any]) -> Challenge | None:
    """The challenge in an answer of InitiateAuth or RespondToAuthChallenge.

    Args:
        username: whoever was asked, when the answer doesn't name them.
        answer: Cognito's.

    Returns:
        `None` for a challenge that has no value here.
    """
    told = answer.get("ChallengeParameters") or {}
    known_as = told.get("USER_ID_FOR_SRP") or told.get("USERNAME") or username
    session = Secret(answer.get("Session") or "")
    match answer.get("ChallengeName"):
        case "NEW_PASSWORD_REQUIRED":
            missing = json.loads(told.get("requiredAttributes") or "[]")
            return NewPasswordRequired(
                known_as, session, tuple(name.removeprefix("userAttributes.") for name in missing)
            )
        case Factor.TOTP | Factor.SMS | Factor.EMAIL as name:
            return CodeRequired(known_as, session, Factor(name), told.get("CODE_DELIVERY_DESTINATION", ""))
        case "SELECT_MFA_TYPE":
            return FactorChoice(known_as, session, _factors(told.get("MFAS_CAN_CHOOSE")))
        case "MFA_SETUP":
            return SetUpRequired(known_as, session, _factors(told.get("MFAS_CAN_SETUP")))
        case "CUSTOM_CHALLENGE":
            public = tuple((name, text) for name, text in told.items() if name not in {"USERNAME", "USER_ID_FOR_SRP"})
            return Question(known_as, session, public)
    return None


def _factors(listed: str | None) -> tuple[Factor, ...]:
    """The second factors in a list of Cognito's, but for those that have no value here."""
    return tuple(Factor(name) for name in json.loads(listed or "[]") if name in set(Factor))
