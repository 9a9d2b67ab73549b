"""What a refused call says."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Refusal = tuple[int, str, str]
"""Status, code and message."""

INVALID_SESSION: Refusal = (400, "NotAuthorizedException", "Invalid session for the user.")
USED_SESSION: Refusal = (
    400,
    "NotAuthorizedException",
    "Invalid session for the user, session can only be used once.",
)


def refusal(call: Callable[..., Any], *positional: Any, **parameters: Any) -> Refusal:
    """Return status, code and message of a call that must be refused."""
    with pytest.raises(ClientError) as raised:
        call(*positional, **parameters)
    answer = raised.value.response
    return (
        answer["ResponseMetadata"]["HTTPStatusCode"],
        answer["Error"]["Code"],
        answer["Error"].get("Message", ""),
    )
