"""Calls of the JSON protocol are held to their model before they are carried out.

MiniStack takes a list for a text and fails with a 500, or goes on with a parameter missing. AWS answers
SerializationException for what can't be read, and names the member that is missing. Calls to Cognito are
held to the limits of the values as well; what they must be elsewhere stays with MiniStack.
"""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from types import ModuleType
from typing import Any

from botocore import xform_name  # type: ignore[import-untyped]
from botocore.model import ServiceModel  # type: ignore[import-untyped]
from ministack.core import iam_actions
from ministack.core.responses import error_response_json
from ministack.services import cloudwatch_logs, cognito, dynamodb, eventbridge, secretsmanager

from local_cloud.aws import MODELS
from local_cloud.constraints import violations
from local_cloud.held import require
from local_cloud.shapes import Unreadable, missing, of_type

Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Answer]]

SERVICES = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
    "AWSEvents": "events",
    "DynamoDB_20120810": "dynamodb",
    "Logs_20140328": "logs",
    "secretsmanager": "secretsmanager",
}
"""boto3's names by the prefix of X-Amz-Target."""

INVALID = {"cognito-idp": "InvalidParameterException", "logs": "InvalidParameterException"}
"""What a service calls a parameter that is missing or out of its limits, where it isn't ValidationException."""

LIMITED = frozenset({"cognito-idp", "cognito-identity"})
"""Services whose values are held to their limits."""

NEEDED_BESIDES = {"secretsmanager": {"Tag": ["Key"]}}
"""Members that a service can't do without although its model doesn't say so."""

NUMBERED_PAGES = (
    ".ListIdentityPools",
    ".ListIdentityProviders",
    ".ListResourceServers",
    ".ListUserPoolClients",
    ".ListUserPools",
)
"""Operations whose token MiniStack takes for a number, and fails on any other."""


def take_hold() -> None:
    """Check every call before MiniStack sees it; raises NameGone."""
    for module in (cloudwatch_logs, cognito, dynamodb, eventbridge, secretsmanager):
        require(module, "handle_request")
        module.handle_request = _checked(module, module.handle_request)
    require(iam_actions, "_safe_json_field")
    iam_actions._safe_json_field = _text_of(iam_actions._safe_json_field)  # noqa: SLF001 - it has no public name


def _text_of(field_of: Callable[[bytes, str], Any]) -> Callable[[bytes, str], str]:
    """A policy is asked about a resource by a member that the operation may not even have, so of any type."""

    def text(body: bytes, field: str) -> str:
        try:
            found = field_of(body, field)
        except ValueError:  # MiniStack expects JSON, or no JSON in UTF-8, but not a broken other encoding
            return ""
        return found if isinstance(found, str) else ""

    return text


def _checked(module: ModuleType, handle: Handler) -> Handler:
    async def answer(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Answer:
        target = headers.get("x-amz-target", "")
        if _carried_out(module, target) and (refusal := incomplete(target, body)):
            return refusal
        return await handle(method, path, headers, without_nulls(body), query_params)

    return answer


def _carried_out(module: ModuleType, target: str) -> bool:
    """Tell whether MiniStack knows an operation; one that it doesn't isn't asked for its parameters."""
    return hasattr(module, f"_{xform_name(target.rpartition('.')[2])}") or module is not cognito


def without_nulls(body: bytes) -> bytes:
    """Return the body without members that are null: to AWS they aren't there."""
    if b"null" not in body:
        return body
    try:
        given = json.loads(
            body, object_pairs_hook=lambda pairs: {key: value for key, value in pairs if value is not None}
        )
    except (ValueError, RecursionError):
        return body
    return json.dumps(given).encode()


def unreadable(target: str, body: bytes) -> Answer | None:
    """Return the refusal of a body that doesn't have the types of its operation, or None. Whoever calls."""
    try:
        _missing_in(target, body)
    except (ValueError, RecursionError, Unreadable):
        return _error("SerializationException", "The request can't be read: its JSON doesn't fit the operation.")
    return None


def incomplete(target: str, body: bytes) -> Answer | None:
    """Return the refusal of a readable call that lacks a parameter or has one out of its limits, or None."""
    service = SERVICES.get(target.rpartition(".")[0], "")
    invalid = INVALID.get(service, "ValidationException")
    if lacking := _missing_in(target, body):
        return _error(invalid, told(lacking))
    if broken := _broken_in(target, body) if service in LIMITED else []:
        return _error(invalid, counted(broken))
    if target.endswith(NUMBERED_PAGES) and not str(json.loads(body).get("NextToken") or "0").isdecimal():
        return _error("InvalidParameterException", "Invalid NextToken.")
    return None


def _missing_in(target: str, body: bytes) -> list[str]:
    """Return where required members are missing; raises Unreadable, ValueError or RecursionError."""
    prefix, _, operation = target.rpartition(".")
    if prefix not in SERVICES or operation not in (model := _model(SERVICES[prefix])).operation_names:
        return []
    given = of_type(json.loads(body or b"{}"), dict)
    shape = model.operation_model(operation).input_shape
    return list(missing(shape, given, "")) if shape else []


def _broken_in(target: str, body: bytes) -> list[str]:
    """Return what AWS says of the values that are out of their limits; the body must be readable."""
    prefix, _, operation = target.rpartition(".")
    model = _model(SERVICES[prefix])
    shape = model.operation_model(operation).input_shape if operation in model.operation_names else None
    return list(violations(shape, json.loads(body or b"{}"))) if shape else []


@cache
def _model(service: str) -> ServiceModel:
    model = MODELS.load_service_model(service, "service-2")
    for shape, members in NEEDED_BESIDES.get(service, {}).items():
        model["shapes"][shape]["required"] = members
    return ServiceModel(model)


def told(lacking: list[str]) -> str:
    """Return what AWS says of members that are missing."""
    return counted([f"Value at '{name}' failed to satisfy constraint: Member must not be null" for name in lacking])


def counted(said: list[str]) -> str:
    """Return several faults of a call as AWS tells them."""
    return f"{len(said)} validation error{'s' if len(said) > 1 else ''} detected: " + "; ".join(said)


def _error(code: str, message: str) -> Answer:
    answer: Answer = error_response_json(code, message, 400)
    return answer
