"""What a refused call says."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def refusal(call: Callable[..., Any], *positional: Any, **parameters: Any) -> tuple[int, str, str]:
    """Return status, code and message of a call that must be refused."""
    with pytest.raises(ClientError) as raised:
        call(*positional, **parameters)
    answer = raised.value.response
    return (
        answer["ResponseMetadata"]["HTTPStatusCode"],
        answer["Error"]["Code"],
        answer["Error"].get("Message", ""),
    )
