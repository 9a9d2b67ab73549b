"""What Cognito's refusals of a sign-in mean, as data: one code has several meanings, told apart by the message."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from services.aws_errors import spoken
from services.errors import SignInError
from services.sign_in_challenges import Factor


class StillOpen(SignInError):
    """The answer was not taken, and the same challenge may be answered again."""


class NobodyToTell(SignInError):
    """No code was sent, for a reason that lies with the account or with its absence; nobody is told which."""


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
_LATE = ("The sign-in took too long: this step is only open for a few minutes", "Start again")

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
        "secret",
        "The app client's secret is missing in the settings, or it is another one",
        "Ask whoever runs Gatehouse to check client_secret",
    ),
    Refusal("NotAuthorizedException", "session", *_LATE),
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
    Refusal("CodeMismatchException", "session", *_LATE),
    Refusal(
        "InvalidParameterException",
        "not enabled for",
        "The app client does not allow the way of signing in that is configured",
        "Ask whoever runs Gatehouse to check sign_in_flow, or to enable that flow on the app client",
    ),
    Refusal(
        "ResourceNotFoundException",
        "",
        "The user pool or the app client that is configured does not exist",
        "Ask whoever runs Gatehouse to check user_pool_id and client_id",
    ),
    Refusal(
        "MFAMethodNotFoundException",
        "",
        "The second factor can't be used: it has no address to send a code to",
        "Ask an administrator to check the account's e-mail address and phone number",
    ),
    Refusal(
        "SoftwareTokenMFANotFoundException",
        "",
        "The account has no authenticator app that could be checked",
        "Ask an administrator to reset the account's second factor",
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
    Refusal("UnexpectedLambdaException", "", "A trigger of the user pool failed", "Ask whoever runs the triggers"),
    Refusal("InvalidLambdaResponseException", "", "A trigger of the user pool failed", "Ask whoever runs the triggers"),
)

QUESTION_REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "NotAuthorizedException", "incorrect username or password", "The user pool did not accept it", "Start again"
    ),
)

_SHOWN = "Type the code that the authenticator app shows now"
_SENT = "Type the code of the newest message, or start again to have another one sent"


def code_refusals(factor: Factor) -> tuple[Refusal, ...]:
    """What Cognito's refusals of a second factor's code mean."""
    wrong, old = "The code is not right", "The code has been used or is too old"
    if factor is Factor.TOTP:
        used = "The code was used before, and each code of an authenticator app counts once"
        later = "Wait for the next code of the authenticator app and type that one"
        return (
            Refusal("CodeMismatchException", "session", *_LATE),
            Refusal("CodeMismatchException", "", wrong, _SHOWN, StillOpen),
            Refusal("EnableSoftwareTokenMFAException", "", wrong, _SHOWN, StillOpen),
            Refusal("ExpiredCodeException", "used once", used, later, StillOpen),
            Refusal("ExpiredCodeException", "", old, later, StillOpen),
        )
    return (
        Refusal("CodeMismatchException", "session", *_LATE),
        Refusal("CodeMismatchException", "", wrong, _SENT, StillOpen),
        Refusal("ExpiredCodeException", "", old, "Start again to have another one sent"),
    )


def refusal_of(code: str, message: str, first: Iterable[Refusal] = ()) -> Refusal | None:
    """The first meaning that fits an error code and its message; `None` when the code is no refusal.

    Args:
        code: the AWS error code.
        message: AWS's own words.
        first: meanings that go before the general ones.
    """
    text = message.lower()
    return next((each for each in (*first, *REFUSALS) if each.code == code and each.says in text), None)


@contextmanager
def told(doing: str, first: Iterable[Refusal] = ()) -> Generator[None]:
    """Turn what boto3 raises during a sign-in into `SignInError`, or into `ServiceError` when it is no refusal.

    Args:
        doing: what is being tried, as it follows "Could not".
        first: meanings that go before the general ones.
    """
    with spoken(doing):
        try:
            yield
        except ClientError as error:
            detail = error.response.get("Error", {})
            code, message = detail.get("Code", ""), detail.get("Message", "")
            refusal = refusal_of(code, message, first)
            if refusal is None:
                raise
            request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "")
            raise refusal.error(
                f"Could not {doing}", refusal.why or message, refusal.next_step, code, request_id
            ) from None
