"""How a missing permission is told: status and words by the protocol that the service speaks.

MiniStack answers 403 everywhere, and doesn't say what resource the permission was missing on. AWS answers 400 where
the header X-Amz-Target names the action, as the refusals of the services themselves do.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

from local_cloud.held import require
from local_cloud.permissions import BY_TARGET

Answer = tuple[int, dict[str, str], bytes]


def take_hold() -> None:
    """Replace MiniStack's refusal; raises NameGone when it has changed."""
    require(iam_actions, "access_denied_response", "identity_denial_message")
    iam_actions.access_denied_response = by_protocol(iam_actions.access_denied_response)


def by_protocol(ministack: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return MiniStack's refusal as a service that takes its action from X-Amz-Target gives it."""

    def access_denied_response(service: str, action: str, principal_arn: str, request_id: str, **more: Any) -> Answer:
        if service not in BY_TARGET or not (more.get("headers") or {}).get("x-amz-target"):
            return ministack(service, action, principal_arn, request_id, **more)
        explicit = more.get("explicit_deny", False)
        if not (more.get("error_code") or more.get("message") or (explicit and more.get("resource_policy_arn"))):
            resource = more.get("resource_arn", "*")
            more["message"] = iam_actions.identity_denial_message(action, principal_arn, resource, explicit)
        status, told, body = ministack(service, action, principal_arn, request_id, **more)
        said = json.loads(body)
        if status != 403 or "__type" not in said:
            return status, told, body
        said["Message"] = said.pop("message", said.get("Message"))
        return 400, told, json.dumps(said).encode()

    return access_denied_response
