"""What boto3 raises, told as this package's own errors."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

from services.errors import (
    AlreadyExists,
    Invalid,
    NotFound,
    Refused,
    ServiceError,
    TooManyRequests,
    Unavailable,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an AWS error code means here: its class, the reason in words, the next step."""

    error: type[ServiceError]
    why: str
    next_step: str


_PARAMETER = re.compile(r"parameter ([\w.\[\]]+)")

_RIGHTS = Meaning(
    Refused,
    "AWS does not let the credential of this call do this",
    "Look at the line above the title for whose it is. If it is your own, the role of your group lacks the right;"
    " if it is the dashboard's, attach the stack's operator policy (output OperatorPolicyArn) to it",
)
_KEY = Meaning(
    Refused,
    "AWS does not accept the credential of this call",
    "If it is your own, sign in again; if it is the dashboard's, check its access key and secret key, and that they"
    " have not expired",
)
_BUSY = Meaning(TooManyRequests, "Too many requests in too short a time", "Wait a few seconds and try again")
_DOWN = Meaning(Unavailable, "The service itself failed", "Try again; if it stays, look at the AWS health page")

MEANINGS: Mapping[str, Meaning] = {
    "AccessDeniedException": _RIGHTS,
    "AccessDenied": _RIGHTS,
    "NotAuthorizedException": _RIGHTS,
    "UnrecognizedClientException": _KEY,
    "InvalidSignatureException": _KEY,
    "ExpiredTokenException": _KEY,
    "InvalidClientTokenId": _KEY,
    "UserNotFoundException": Meaning(
        NotFound,
        "There is no such user in the pool",
        "Search again: the user may have been deleted or renamed",
    ),
    "ResourceNotFoundException": Meaning(
        NotFound, "It does not exist (any more)", "Reload the page to see what is there now"
    ),
    "GroupExistsException": Meaning(
        AlreadyExists,
        "A group of that name exists already",
        "Choose another name, or edit the existing group",
    ),
    "UsernameExistsException": Meaning(AlreadyExists, "A user of that name exists already", "Choose another user name"),
    "InvalidPasswordException": Meaning(
        Invalid,
        "The password does not meet the pool's policy",
        "Choose one that meets every line of the checklist",
    ),
    "PasswordHistoryPolicyViolationException": Meaning(
        Invalid, "The password was used before", "Choose one that this user has not had yet"
    ),
    "LimitExceededException": Meaning(
        TooManyRequests, "A limit for this user or pool is reached", "Wait some minutes, or raise the limit"
    ),
    "TooManyRequestsException": _BUSY,
    "ThrottlingException": _BUSY,
    "InternalErrorException": _DOWN,
    "ServiceUnavailable": _DOWN,
}


def is_missing_right(why: str) -> bool:
    """Whether the reason of a refusal is that the credential lacks a right, rather than that it is none or unknown."""
    return why.startswith(_RIGHTS.why)


@contextmanager
def spoken(doing: str, meanings: Mapping[str, Meaning] = MEANINGS) -> Generator[None]:
    """Turn what boto3 raises inside the block into this package's errors.

    Args:
        doing: what is being tried and on whom, as it follows "Could not": "delete the group billing".
        meanings: what the error codes mean; codes that aren't listed keep AWS's own message as the reason.

    Raises:
        ServiceError: or the subclass that fits, with AWS's error code and request id.
    """
    failed = f"Could not {doing}"
    try:
        yield
    except ClientError as error:
        detail = error.response.get("Error", {})
        code = detail.get("Code", "")
        metadata = error.response.get("ResponseMetadata", {})
        request_id = metadata.get("RequestId", "")
        meaning = meanings.get(code) or MEANINGS.get(code)
        if meaning is None and metadata.get("HTTPStatusCode", 0) >= 500:
            meaning = _DOWN
        if meaning is None:
            kind = Invalid if code == "InvalidParameterException" else ServiceError
            meaning = Meaning(kind, detail.get("Message", "") or code, "")
        raise meaning.error(failed, meaning.why, meaning.next_step, code, request_id) from error
    except NoCredentialsError as error:
        raise Refused(
            failed,
            "The dashboard has no AWS credential",
            "Give it one by AWS_PROFILE, by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by the machine's role",
        ) from error
    except ParamValidationError as error:
        # The report repeats values; the names of the parameters say enough.
        names = ", ".join(_PARAMETER.findall(str(error))) or "a value"
        raise Invalid(failed, f"AWS does not take {names} in this form", "Correct it and try again") from None
    except BotoCoreError as error:
        raise Unavailable(
            failed,
            "AWS did not answer",
            "Check the network and the Region, then try again",
            type(error).__name__,
        ) from error
