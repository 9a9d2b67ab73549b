"""Calls of the JSON protocol are held to their model before they are carried out.

MiniStack takes a list for a text and fails with a 500, or goes on with a parameter missing. AWS answers
SerializationException for what can't be read, and names the member that is missing. What the values
must be beyond that stays with MiniStack.
"""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from botocore import xform_name  # type: ignore[import-untyped]
from botocore.model import ServiceModel, Shape  # type: ignore[import-untyped]
from ministack.core import iam_actions
from ministack.core.responses import error_response_json
from ministack.services import cloudwatch_logs, cognito, dynamodb, eventbridge, secretsmanager

from local_cloud.aws import MODELS
from local_cloud.held import require

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
"""What a service calls a parameter that is missing, where it isn't ValidationException."""

NUMBERED_PAGES = (".ListUserPools", ".ListIdentityPools")
"""Operations whose token MiniStack takes for a number, and fails on any other."""

RANGES = {"integer": 2**31, "long": 2**63}


class Unreadable(Exception):
    """A value of another type than the model says."""


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
        return await handle(method, path, headers, _without_nulls(body), query_params)

    return answer


def _carried_out(module: ModuleType, target: str) -> bool:
    """Tell whether MiniStack knows an operation; one that it doesn't isn't asked for its parameters."""
    return hasattr(module, f"_{xform_name(target.rpartition('.')[2])}") or module is not cognito


def _without_nulls(body: bytes) -> bytes:
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
    """Return the refusal of a readable call that lacks a parameter or brings a bad token of a page, or None."""
    service = SERVICES.get(target.rpartition(".")[0], "")
    invalid = INVALID.get(service, "ValidationException")
    if missing := _missing_in(target, body):
        many = f"{len(missing)} validation error{'s' if len(missing) > 1 else ''} detected: "
        said = [f"Value at '{name}' failed to satisfy constraint: Member must not be null" for name in missing]
        return _error(invalid, many + "; ".join(said))
    if target.endswith(NUMBERED_PAGES) and not str(json.loads(body).get("NextToken") or "0").isdecimal():
        return _error("InvalidParameterException", "Invalid NextToken.")
    return None


def _missing_in(target: str, body: bytes) -> list[str]:
    """Return where required members are missing; raises Unreadable, ValueError or RecursionError."""
    prefix, _, operation = target.rpartition(".")
    if prefix not in SERVICES or operation not in (model := _model(SERVICES[prefix])).operation_names:
        return []
    given = _of(json.loads(body or b"{}"), dict)
    shape = model.operation_model(operation).input_shape
    return list(_missing(shape, given, "")) if shape else []


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(MODELS.load_service_model(service, "service-2"))


def _error(code: str, message: str) -> Answer:
    answer: Answer = error_response_json(code, message, 400)
    return answer


def _missing(shape: Shape, value: Any, place: str) -> Iterator[str]:
    """Yield where a required member is missing; raises Unreadable for a value of a wrong type."""
    kind: str = shape.type_name
    if kind == "structure":
        yield from _missing_members(shape, _of(value, dict), place)
    elif kind == "list":
        for number, each in enumerate(_of(value, list), start=1):
            yield from _missing(shape.member, each, f"{place}.{number}.member")
    elif kind == "map":
        for key, each in _of(value, dict).items():
            _check_text(key)
            if each is not None:
                yield from _missing(shape.value, each, f"{place}.{key}.member")
    else:
        _check_plain(kind, value)


def _missing_members(shape: Shape, given: Mapping[str, Any], place: str) -> Iterator[str]:
    for name, member in shape.members.items():
        where = f"{place}.{name[0].lower()}{name[1:]}".lstrip(".")
        value = given.get(name)
        if value is not None:
            yield from _missing(member, value, where)
        elif name in shape.required_members:
            yield where


def _check_plain(kind: str, value: Any) -> None:
    if kind == "string":
        _check_text(value)
    elif kind == "boolean":
        _of(value, bool)
    elif kind == "blob":
        try:
            base64.b64decode(_of(value, str), validate=True)
        except binascii.Error as error:
            raise Unreadable from error
    elif kind in RANGES:
        if isinstance(value, bool) or not -RANGES[kind] <= _of(value, int) < RANGES[kind]:
            raise Unreadable
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable


def _check_text(value: Any) -> None:
    try:
        _of(value, str).encode()
    except UnicodeEncodeError as error:  # half a character, which JSON can write and UTF-8 can't
        raise Unreadable from error


def _of(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise Unreadable
    return value
