"""What Cognito's refusals of a sign-in mean, as data: one code has several meanings, told apart by the message."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from services.aws_errors import spoken
from services.errors import SignInError


class StillOpen(SignInError):
    """The answer was not taken, and the same challenge may be answered again."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A meaning of an error code.

    Attributes:
        code: the AWS error code.
        says: what the message holds, in lower case; empty fits every message.
        why: the reason in plain words; empty takes AWS's own message.
        next_step: what to do now.
        error: `StillOpen` where the same challenge may be answered again.
    """

    code: str
    says: str
    why: str
    next_step: str
    error: type[SignInError] = SignInError


# An unknown user and a wrong password read the same, also where the pool itself would tell them apart.
_WRONG = ("The user name or the password is wrong", "Check both and try again")

REFUSALS: tuple[Refusal, ...] = (
    Refusal("UserNotFoundException", "", *_WRONG),
    Refusal("NotAuthorizedException", "incorrect username or password", *_WRONG),
    Refusal("NotAuthorizedException", "disabled", "The account is disabled", "Ask an administrator to enable it"),
    Refusal(
        "NotAuthorizedException",
        "attempts exceeded",
        "There were too many wrong passwords for this account",
        "Wait up to 15 minutes, then try again",
    ),
    Refusal(
        "NotAuthorizedException",
        "temporary password has expired",
        "The temporary password has expired",
        "Ask an administrator for a new one",
    ),
    Refusal(
        "NotAuthorizedException",
        "session",
        "The sign-in took too long: this step is only open for a few minutes",
        "Start again with user name and password",
    ),
    Refusal("NotAuthorizedException", "refresh token", "The sign-in was revoked or has run out", "Sign in again"),
    Refusal("RefreshTokenReuseException", "", "The sign-in was renewed from elsewhere", "Sign in again"),
    Refusal("NotAuthorizedException", "", "", "Check user name and password, or ask an administrator"),
    Refusal(
        "UserNotConfirmedException",
        "",
        "The account is not confirmed yet",
        "Confirm it with the code that was sent by e-mail, or ask an administrator",
    ),
    Refusal(
        "PasswordResetRequiredException",
        "",
        "The password has to be reset first",
        "Reset it with the code that was sent, or ask an administrator for a new password",
    ),
    Refusal(
        "CodeMismatchException",
        "session",
        "The sign-in took too long: this step is only open for a few minutes",
        "Start again with user name and password",
    ),
    Refusal(
        "CodeMismatchException",
        "",
        "The code is not right",
        "Type the code that the authenticator app shows now",
        StillOpen,
    ),
    Refusal(
        "EnableSoftwareTokenMFAException",
        "",
        "The code is not right",
        "Type the code that the authenticator app shows now",
        StillOpen,
    ),
    Refusal(
        "ExpiredCodeException",
        "",
        "The code has been used or is too old",
        "Wait for the next code of the authenticator app and type that one",
        StillOpen,
    ),
    Refusal("InvalidPasswordException", "", "", "Choose a password that meets the policy", StillOpen),
    Refusal(
        "PasswordHistoryPolicyViolationException",
        "",
        "The password was used before",
        "Choose one that this account has not had yet",
        StillOpen,
    ),
    Refusal("UserLambdaValidationException", "", "", "Ask whoever runs the user pool's triggers"),
)


def refusal_of(code: str, message: str) -> Refusal | None:
    """The first meaning that fits an error code and its message; `None` when the code is no refusal."""
    text = message.lower()
    return next((each for each in REFUSALS if each.code == code and each.says in text), None)


@contextmanager
def told(doing: str) -> Generator[None]:
    """Turn what boto3 raises during a sign-in into `SignInError`, or into `ServiceError` when it is no refusal.

    Args:
        doing: what is being tried, as it follows "Could not".
    """
    with spoken(doing):
        try:
            yield
        except ClientError as error:
            detail = error.response.get("Error", {})
            code, message = detail.get("Code", ""), detail.get("Message", "")
            refusal = refusal_of(code, message)
            if refusal is None:
                raise
            request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "")
            raise refusal.error(
                f"Could not {doing}", refusal.why or message, refusal.next_step, code, request_id
            ) from None
