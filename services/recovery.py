"""A forgotten password, or one that has to be reset: a code sets a new one.

Nothing here tells whether there is an account of a name: whoever asks for a code is told the same.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.secret import Secret
from services.settings import Environment
from services.sign_in_calls import about
from services.sign_in_challenges import ResetRequired
from services.sign_in_refusals import NobodyToTell, Refusal, StillOpen, told

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


_UNSENT = tuple(
    Refusal(code, says, "", "", NobodyToTell)
    for code, says in (
        ("UserNotFoundException", ""),
        ("UserNotConfirmedException", ""),
        ("NotAuthorizedException", "disabled"),
        ("NotAuthorizedException", "current state"),
        ("InvalidParameterException", "no registered"),
        ("LimitExceededException", ""),
        ("CodeDeliveryFailureException", ""),
    )
)

_WRONG = ("The code is not right, or it is too old", "Type the code of the newest message, or have another one sent")
_OFTEN = ("There were too many tries", "Wait an hour, then have another code sent")
_UNTAKEN = (
    *(
        Refusal(code, says, *_WRONG, StillOpen)
        for code, says in (
            ("CodeMismatchException", ""),
            ("ExpiredCodeException", ""),
            ("UserNotFoundException", ""),
            ("UserNotConfirmedException", ""),
            ("NotAuthorizedException", "disabled"),
            ("NotAuthorizedException", "current state"),
        )
    ),
    Refusal("LimitExceededException", "", *_OFTEN, StillOpen),
    Refusal("TooManyFailedAttemptsException", "", *_OFTEN, StillOpen),
)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Sets forgotten passwords in one environment's user pool; no call takes an AWS credential."""

    client: "CognitoIdentityProviderClient"
    environment: Environment = field(repr=False)

    def send_code(self, username: str) -> ResetRequired:
        """Have a code sent to the verified address of an account, if there are both. ForgotPassword.

        Raises:
            SignInError: Cognito refuses for a reason that doesn't lie with the account.
            ServiceError: Cognito can't be reached.
        """
        # Whoever asks is told the same, whether there is such an account or not.
        with suppress(NobodyToTell), told("have a code sent", _UNSENT):
            self.client.forgot_password(**about(self.environment, username))
        return ResetRequired(username)

    def set_password(self, asked: ResetRequired, code: str, password: Secret) -> None:
        """Set the password with the code that was sent. ConfirmForgotPassword.

        Raises:
            StillOpen: the code or the password is not taken.
            SignInError: Cognito refuses for another reason.
            ServiceError: Cognito can't be reached.
        """
        with told("set the new password", _UNTAKEN):
            self.client.confirm_forgot_password(
                **about(self.environment, asked.username), ConfirmationCode=code, Password=password.reveal()
            )
