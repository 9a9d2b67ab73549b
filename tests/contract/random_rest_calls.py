"""Random calls of a service whose operations are paths and methods (REST-JSON), near enough to its model."""

import base64
import json
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from urllib.parse import quote, urlencode

import botocore.session
from botocore.model import OperationModel, Shape
from hypothesis import strategies as st

from tests.cloud import Cloud
from tests.contract import random_calls

NOT_LEFT_TO_CHANCE = {
    "DeleteFunction",
    "DeleteGraphqlApi",
    "DeleteResource",
    "DeleteRestApi",
    "DeleteStage",
    "Invoke",
    "InvokeAsync",
    "InvokeWithResponseStream",
}
"""What would leave the calls after it nothing to act on, or takes the time of a process for each."""


@dataclass(frozen=True)
class Call:
    """One request as it goes over the wire."""

    name: str
    method: str
    path: str
    """With the query string."""
    headers: dict[str, str]
    body: bytes


def calls(service: str, cloud: Cloud) -> st.SearchStrategy[Call]:
    """Return a strategy of calls of one service; ids and names that exist are among their values."""
    model = botocore.session.get_session().get_service_model(service)
    names = sorted(set(model.operation_names) - NOT_LEFT_TO_CHANCE)
    known = st.sampled_from(_known(cloud))

    def of(name: str) -> st.SearchStrategy[Call]:
        operation = model.operation_model(name)
        shape = operation.input_shape
        given = random_calls.values(shape, known) if shape else st.just({})
        return given.map(lambda value: _request(operation, value if isinstance(value, dict) else {}))

    return st.sampled_from(names).flatmap(of)


def _known(cloud: Cloud) -> list[str]:
    """Return what is there, by name, since ids are others in each run: APIs, functions and their likes."""
    apis = sorted(cloud.client("appsync").list_graphql_apis()["graphqlApis"], key=itemgetter("name"))
    functions = sorted(cloud.client("lambda").list_functions()["Functions"], key=itemgetter("FunctionName"))
    rest = cloud.client("apigateway")
    rest_apis = [each["id"] for each in sorted(rest.get_rest_apis()["items"], key=itemgetter("name"))]
    resources = [
        each["id"]
        for api in rest_apis
        for each in sorted(rest.get_resources(restApiId=api)["items"], key=itemgetter("path"))
    ]
    found = [*(each["apiId"] for each in apis), *(each["FunctionName"] for each in functions)]
    words = ["Query", "listUsers", "User", "GET", "prod", "SDL", "JSON", "$LATEST"]
    return [*found, *(each["FunctionArn"] for each in functions), *rest_apis, *resources, *words]


def _request(operation: OperationModel, given: dict[str, Any]) -> Call:
    shape = operation.input_shape
    path, _, fixed = operation.http["requestUri"].partition("?")
    query, headers, content = [], {"Content-Type": "application/json"}, {}
    for name, value in given.items():
        member = shape.members.get(name)
        place = member.serialization.get("location") if member else None
        label = member.serialization.get("name", name) if member else name
        if place == "uri":
            text = _segment(value)
            path = path.replace(f"{{{label}+}}", text).replace(f"{{{label}}}", text)
        elif place == "querystring":
            query.append((label, _plain(value)))
        elif place == "header":
            headers[label] = quote(_plain(value))
        elif place != "headers":
            content[label] = value
    where = "&".join(filter(None, [fixed, urlencode(query)]))
    return Call(
        operation.name,
        operation.http["method"],
        path + (f"?{where}" if where else ""),
        headers,
        _body(shape, given, content),
    )


def _body(shape: Shape | None, given: dict[str, Any], content: dict[str, Any]) -> bytes:
    payload = shape.serialization.get("payload") if shape else None
    if payload and shape.members[payload].type_name == "blob":
        value = given.get(payload)
        return base64.b64decode(value) if _is_base64(value) else _plain(value).encode()
    return json.dumps(given.get(payload) if payload else content).encode()


def _is_base64(value: Any) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        return False
    return True


def _segment(value: Any) -> str:
    """Return a value as one part of a path; none is empty, which would be another path."""
    return quote(_plain(value), safe="") or "-"


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode(errors="replace").decode()
