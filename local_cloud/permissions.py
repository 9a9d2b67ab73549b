"""What a request is judged by: what it does, and the service that its signature is for.

MiniStack reads the permission that a request needs from wherever an action is named first, and
runs the one that the service finds: an unsigned `?Action=InitiateAuth` in the address carried
an administrator's call in the header. A request without a known action needed no permission at
all. And a signature for one service was good for every other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from ministack.core import iam_actions, iam_evaluator, sigv4

from local_cloud import passed_roles, resource_names
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

BY_TARGET = frozenset(
    {"cognito-identity", "cognito-idp", "dynamodb", "dynamodbstreams", "events", "logs", "secretsmanager"}
)
"""Services whose X-Amz-Target header names the action."""

BY_PARAMETER = frozenset({"cloudformation", "iam", "sts"})
"""Services whose parameter Action names the action; with all others it is method and path."""

UNKNOWN = "UnknownOperation"
"""Stands for what AWS has no action for: nobody has the permission but who has every one."""

SIGNED_AS = {"apigateway": {"apigateway", "execute-api"}}


def take_hold() -> None:
    """Replace MiniStack's rules; raises NameGone when it has changed."""
    require(iam_actions, "extract_iam_action", "extract_resource_arn", "SERVICE_TO_IAM_NAMESPACE")
    require(iam_evaluator, "enforce", "AuthError", "_anonymous", "_signed_request")
    require(sigv4, "parse_header_signature", "parse_query_signature", "HeaderSignature")
    iam_actions.extract_iam_action = _needed_permission
    iam_actions.extract_resource_arn = resource_names.named(iam_actions.extract_resource_arn)
    iam_evaluator.enforce = _enforce


_ministack_action = iam_actions.extract_iam_action
_ministack_enforce = iam_evaluator.enforce


@dataclass(frozen=True, slots=True)
class Request:
    """A request as MiniStack hands it on once it knows the service."""

    service: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    parameters: Mapping[str, list[str]]
    """Those of the address; for a form, the form's too."""

    def permission(self) -> str:
        """Return the permission that the request needs, `namespace:Action`."""
        if self.service in BY_TARGET:
            found = self._by_target()
        elif self.service in BY_PARAMETER:
            found = self._by_parameter()
        else:
            rest = {name: values for name, values in self.parameters.items() if name != "Action"}
            found = self._read({}, rest)
        return found or f"{iam_actions.SERVICE_TO_IAM_NAMESPACE.get(self.service, self.service)}:{UNKNOWN}"

    def _by_target(self) -> str | None:
        if self.parameters:
            return None
        return self._read({"x-amz-target": self.headers.get("x-amz-target", "")}, {})

    def _by_parameter(self) -> str | None:
        """Return the action if address and body can't name two: all parameters must be in one place."""
        kind = self.headers.get("content-type", "")
        if "amz-json" in kind:
            return self._by_target()
        if self.body:
            form = parse_qs(self.body.decode("utf-8", errors="replace"), keep_blank_values=True)
            if not kind.startswith("application/x-www-form-urlencoded") or form != self.parameters:
                return None
        return self._read({}, self.parameters)

    def _read(self, headers: Mapping[str, str], parameters: Mapping[str, list[str]]) -> str | None:
        found: str | None = _ministack_action(self.service, self.method, self.path, headers, b"", parameters)
        return found


def _needed_permission(*request: Any) -> str:
    judged = Request(*request)
    permission = judged.permission()
    passed_roles.remember(permission, judged.body)
    return permission


def _enforce(access_key_id: str, iam_action: str, service: str, region: str, *rest: Any, **named: Any) -> Any:
    """Decide on a call, after its signature was found to be for this service.

    S3 without credentials is refused, since no bucket here is public.
    """
    if service == "s3" and iam_evaluator._anonymous.get():
        return iam_evaluator.AuthError("AccessDenied", "Access Denied")
    scope = _signed_service()
    if scope is not None and scope not in SIGNED_AS.get(service, {service}):
        name = iam_actions.SERVICE_TO_IAM_NAMESPACE.get(service, service)
        return iam_evaluator.AuthError(
            "SignatureDoesNotMatch", f"Credential should be scoped to correct service: '{name}'. "
        )
    refused = _ministack_enforce(access_key_id, iam_action, service, region, *rest, **named)
    return refused or passed_roles.refusal(_ministack_enforce, access_key_id, service, region)


def _signed_service() -> str | None:
    """Return the service that the request's signature is for; None without a signature to check."""
    request = iam_evaluator._signed_request.get()
    if request is None or request.sigv2 or request.unverifiable or request.s3_scoped:
        return None
    signature = (
        sigv4.parse_query_signature(request.query_params)
        if request.presigned
        else sigv4.parse_header_signature(request.headers)
    )
    return signature.service if isinstance(signature, sigv4.HeaderSignature) else None
