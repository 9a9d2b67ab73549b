"""Handing a role to a service needs leave of its own: iam:PassRole on that role.

MiniStack doesn't ask for it, so whoever may make a group could give it any role.
"""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ministack.core import iam_evaluator

PERMISSION = "iam:PassRole"
PASSED_IN: Mapping[str, str] = {"cognito-idp:CreateGroup": "RoleArn", "cognito-idp:UpdateGroup": "RoleArn"}
"""Permissions whose requests may hand over a role, and where in the body it stands."""

_passed: ContextVar[str | None] = ContextVar("_passed", default=None)


def remember(permission: str, body: bytes) -> None:
    """Note the role that the request now being judged hands over, if it does."""
    _passed.set(_role_in(permission, body))


def refusal(judge: Any, access_key_id: str, service: str, region: str) -> Any:
    """Return the refusal, when the caller may not pass the role on that the request hands over, or None.

    `judge` is MiniStack's decision on one permission.
    """
    role = _passed.get()
    if role is None:
        return None
    refused = judge(access_key_id, PERMISSION, service, region, resource_arn=role)
    if refused is None or isinstance(refused, iam_evaluator.AuthError):
        return refused
    return iam_evaluator.AuthError(
        "AccessDeniedException",
        f"User: {refused.principal_arn} is not authorized to perform: {PERMISSION} on resource: {role}"
        f" because no identity-based policy allows the {PERMISSION} action",
    )


def _role_in(permission: str, body: bytes) -> str | None:
    field = PASSED_IN.get(permission)
    if field is None:
        return None
    try:
        read = json.loads(body)
    except ValueError:
        return None  # the operation will say so
    role = read.get(field) if isinstance(read, dict) else None
    return role if isinstance(role, str) and role else None
