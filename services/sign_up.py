"""Signing up for a user pool that admits strangers: what it asks for, the account, and the code that confirms it."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from services.aws_errors import spoken
from services.errors import Refused, ServiceError
from services.secret import Secret
from services.settings import Environment
from services.sign_in_calls import about
from services.sign_in_challenges import ConfirmationRequired
from services.sign_in_refusals import NobodyToTell, Refusal, StillOpen, told

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import UserPoolTypeTypeDef

KEPT = timedelta(minutes=5)
RETRIED = timedelta(minutes=1)
NEVER = datetime.min.replace(tzinfo=UTC)
_AGAIN = "Correct it and try again"
_CODE = (
    "The code is not right or too old, or the account is confirmed already",
    "Type the code of the newest message, have another one sent, or sign in",
)

_NOT_MADE = (
    Refusal("UsernameExistsException", "", "The user name is taken", "Choose another one", StillOpen),
    Refusal("InvalidParameterException", "not enabled for", "", "Ask an administrator for an account"),
    Refusal("InvalidParameterException", "", "", _AGAIN, StillOpen),
    Refusal(
        "NotAuthorizedException",
        "not permitted",
        "The user pool does not let strangers sign up",
        "Ask an administrator for an account",
    ),
    Refusal("UserLambdaValidationException", "", "", _AGAIN, StillOpen),
    Refusal(
        "CodeDeliveryFailureException",
        "",
        "The account was made, but its code could not be sent",
        "Check the address with an administrator",
    ),
    Refusal("LimitExceededException", "", "There were too many tries", "Wait an hour, then try again", StillOpen),
)
_NOT_CONFIRMED = (
    Refusal("CodeMismatchException", "", *_CODE, StillOpen),
    Refusal("ExpiredCodeException", "", *_CODE, StillOpen),
    Refusal("UserNotFoundException", "", *_CODE, StillOpen),
    Refusal("NotAuthorizedException", "cannot be confirmed", *_CODE, StillOpen),
    Refusal(
        "AliasExistsException",
        "",
        "Another account has this address already",
        "Sign in with that account, or ask an administrator",
    ),
    Refusal("LimitExceededException", "", "There were too many tries", "Wait an hour, then try again", StillOpen),
    Refusal(
        "TooManyFailedAttemptsException", "", "There were too many tries", "Wait an hour, then try again", StillOpen
    ),
)


_UNSENT = (
    Refusal("UserNotFoundException", "", "", "", NobodyToTell),
    Refusal("InvalidParameterException", "already confirmed", "", "", NobodyToTell),
    Refusal("LimitExceededException", "", "", "", NobodyToTell),
    Refusal("CodeDeliveryFailureException", "", "", "", NobodyToTell),
)


@dataclass(frozen=True, slots=True)
class SignUpForm:
    """What a pool asks of somebody who signs up.

    Attributes:
        open: whether it lets anybody sign up.
        named_by: `email`, `phone_number` or both where these are the user name; empty where people choose one.
        required: the attributes that its schema requires besides, e.g. `email`.
    """

    open: bool
    named_by: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


CLOSED = SignUpForm(open=False)


@dataclass(slots=True)
class SignUp:
    """Accounts that people make for themselves in one environment's user pool.

    Only `form` takes an AWS credential. Every other method raises `SignInError` when Cognito refuses (`StillOpen`
    when the same form may be sent again), or `ServiceError` when it can't be reached.
    """

    client: "CognitoIdentityProviderClient"
    environment: Environment = field(repr=False)
    now: Callable[[], datetime]
    _form: tuple[SignUpForm, datetime] = field(default=(CLOSED, NEVER), repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def form(self) -> SignUpForm:
        """What the pool asks for, read at most every five minutes; closed where it can't be read. DescribeUserPool.

        A pool that doesn't answer is asked again after a minute: no page of a sign-in waits for it each time.
        """
        if not self.environment.self_sign_up:
            return CLOSED
        with self._lock:
            kept, until = self._form
            if self.now() < until:
                return kept
            self._form = kept, self.now() + RETRIED  # others need not wait for this reading
        form, good_for = self._read()
        with self._lock:
            self._form = form, self.now() + good_for
        return form

    def create(self, username: str, password: Secret, attributes: Mapping[str, str]) -> ConfirmationRequired | None:
        """Make the account. SignUp.

        Returns:
            `None` when it needs no confirmation: a trigger of the pool has confirmed it.
        """
        with told("create the account", _NOT_MADE):
            answer = self.client.sign_up(
                **about(self.environment, username),
                Password=password.reveal(),
                UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
            )
        if answer["UserConfirmed"]:
            return None
        return ConfirmationRequired(username, answer.get("CodeDeliveryDetails", {}).get("Destination", ""))

    def confirm(self, asked: ConfirmationRequired, code: str) -> None:
        """Confirm the account with the code that was sent. ConfirmSignUp."""
        with told("confirm the account", _NOT_CONFIRMED):
            self.client.confirm_sign_up(**about(self.environment, asked.username), ConfirmationCode=code)

    def send_code(self, asked: ConfirmationRequired) -> ConfirmationRequired:
        """Have another code sent, if an account of that name waits for one. ResendConfirmationCode."""
        # Whoever asks is told the same, whether there is such an account or not.
        with suppress(NobodyToTell), told("have a code sent", _UNSENT):
            self.client.resend_confirmation_code(**about(self.environment, asked.username))
        return asked

    def _read(self) -> tuple[SignUpForm, timedelta]:
        """What the pool asks for, and how long that is good for."""
        try:
            with spoken("read what the user pool asks for"):
                pool = self.client.describe_user_pool(UserPoolId=self.environment.user_pool_id)["UserPool"]
        except Refused:
            return CLOSED, KEPT
        except ServiceError:
            return CLOSED, RETRIED
        return form_of(pool), KEPT


def form_of(pool: "UserPoolTypeTypeDef") -> SignUpForm:
    """The form in a DescribeUserPool answer."""
    named_by = tuple(pool.get("UsernameAttributes", ()))
    required = (each["Name"] for each in pool.get("SchemaAttributes", ()) if each.get("Required"))
    return SignUpForm(
        open=not pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly", False),
        named_by=named_by,
        # Cognito gives everybody a sub, and takes the user name for the attribute that it is.
        required=tuple(name for name in required if name != "sub" and named_by != (name,)),
    )
