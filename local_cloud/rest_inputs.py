"""Calls of services whose operations are methods and paths (REST-JSON) are held to their model as well.

MiniStack fails with a 500 on a body that is no JSON object, on a list for a text, on a word for a number,
and takes an import for a creation.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from botocore.model import OperationModel, ServiceModel, Shape  # type: ignore[import-untyped]
from ministack.core.responses import error_response_json
from ministack.services import apigateway, appsync, lambda_svc

from local_cloud.aws import MODELS
from local_cloud.constraints import violations
from local_cloud.held import require
from local_cloud.inputs import Answer, Handler, counted, told, without_nulls
from local_cloud.shapes import Unreadable, missing, of_type

SERVICES: Mapping[str, ModuleType] = {"apigateway": apigateway, "appsync": appsync, "lambda": lambda_svc}
INVALID = {"lambda": "ValidationException"}
"""What a service calls a parameter that is missing, where it isn't BadRequestException."""

LIMITED = frozenset({"appsync"})
"""Services whose values are held to their limits."""

NOT_SERVED = frozenset({"ImportApiKeys", "ImportRestApi"})
"""Operations that MiniStack takes for others at the same path."""

LABEL = re.compile(r"\\\{(\w+)(\\\+)?\\\}")
WHOLE = re.compile(r"-?\d{1,19}")
WORDS = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operation is found."""

    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    """What the address has to say besides: `mode=import` tells an import from a creation."""
    operation: OperationModel


def take_hold() -> None:
    """Check every call before MiniStack sees it; raises NameGone."""
    for service, module in SERVICES.items():
        require(module, "handle_request")
        setattr(module, "handle_request", _checked(service, module.handle_request))  # noqa: B010 - of a module


def _checked(service: str, handle: Handler) -> Handler:
    async def answer(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Answer:
        operation = _operation(service, method, path, query_params)
        if operation is not None and operation.name in NOT_SERVED:
            return _error("BadRequestException", f"{operation.name} is not served here.")
        if operation is None or operation.input_shape is None:
            return await handle(method, path, headers, body, query_params)
        if refused := refusal(service, operation.input_shape, body, query_params):
            return refused
        return await handle(method, path, headers, _plain(operation.input_shape, body), query_params)

    return answer


def refusal(service: str, shape: Shape, body: bytes, query: Mapping[str, Any]) -> Answer | None:
    """Return the refusal of a call that doesn't fit the shape of its operation, or None."""
    try:
        _check_query(shape, query)
        lacking = _missing_in_body(shape, body)
        broken = _broken_in_body(shape, body) if service in LIMITED and not lacking else []
    except (ValueError, RecursionError, Unreadable):
        return _error("SerializationException", "The request can't be read: it doesn't fit the operation.")
    if broken:
        return _error("BadRequestException", counted(broken))
    return _error(INVALID.get(service, "BadRequestException"), told(lacking)) if lacking else None


def _operation(service: str, method: str, path: str, query: Mapping[str, Any]) -> OperationModel | None:
    said = {f"{name}={value}" for name, values in query.items() for value in _each(values)}
    for place in _places(service):
        if place.method == method and place.query <= said and place.path.fullmatch(path):
            return place.operation
    return None


@cache
def _places(service: str) -> tuple[Place, ...]:
    """Return the operations of a service; where two fit a path, that with more of it spelled out comes first."""
    model = ServiceModel(MODELS.load_service_model(service, "service-2"))
    operations = [model.operation_model(name) for name in model.operation_names]
    spelled_out = sorted(operations, key=lambda each: -len(re.sub(r"\{.*?\}", "", each.http["requestUri"])))
    return tuple(_place(each) for each in spelled_out)


def _place(operation: OperationModel) -> Place:
    path, _, query = operation.http["requestUri"].partition("?")
    said = frozenset(query.split("&")) if query else frozenset()
    return Place(operation.http["method"], _pattern(path), said, operation)


def _pattern(path: str) -> re.Pattern[str]:
    path = re.escape(path.rstrip("/"))
    return re.compile(LABEL.sub(lambda label: "(.+)" if label[2] else "([^/]+)", path) + "/?")


def _each(values: Any) -> list[str]:
    return values if isinstance(values, list) else [values]


def _check_query(shape: Shape, query: Mapping[str, Any]) -> None:
    """Raise Unreadable when a number or a switch in the address is neither."""
    for member in shape.members.values():
        if member.serialization.get("location") != "querystring":
            continue
        for value in _each(query.get(member.serialization.get("name", ""), [])):
            if member.type_name in {"integer", "long"} and not WHOLE.fullmatch(value):
                raise Unreadable
            if member.type_name == "boolean" and value.lower() not in WORDS:
                raise Unreadable


def _takes_bytes(shape: Shape) -> bool:
    payload = shape.serialization.get("payload")
    return bool(payload) and shape.members[payload].type_name == "blob"


def _plain(shape: Shape, body: bytes) -> bytes:
    """Return a body without what is null in it."""
    return body if _takes_bytes(shape) else without_nulls(body)


def _missing_in_body(shape: Shape, body: bytes) -> list[str]:
    """Return where required members of a body are missing; raises Unreadable, ValueError or RecursionError."""
    if _takes_bytes(shape):
        body.decode()  # an event, or a definition of an API: a text in any case
        return []
    if payload := shape.serialization.get("payload"):
        return list(missing(shape.members[payload], json.loads(body or b"{}"), payload))
    given = of_type(json.loads(body or b"{}"), dict)
    members = {name: each for name, each in shape.members.items() if "location" not in each.serialization}
    lacking: list[str] = []
    for name, member in members.items():
        value = given.get(member.serialization.get("name", name))
        if value is not None:
            lacking += missing(member, value, name)
        elif name in shape.required_members:
            lacking.append(name)
    return lacking


def _broken_in_body(shape: Shape, body: bytes) -> list[str]:
    """Return what AWS says of the values of a readable body that are out of their limits."""
    if shape.serialization.get("payload"):
        return []
    given = json.loads(body or b"{}")
    return [
        said
        for name, member in shape.members.items()
        if "location" not in member.serialization
        and (value := given.get(member.serialization.get("name", name))) is not None
        for said in violations(member, value, name)
    ]


def _error(code: str, message: str) -> Answer:
    status, _, body = error_response_json(code, message, 400)
    return status, {"Content-Type": "application/json", "x-amzn-errortype": code}, body
