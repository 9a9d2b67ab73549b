"""The GraphQL request inside an HTTP request."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from local_cloud.appsync import strict_json
from local_cloud.appsync.model import GraphQLRequest, HttpRequest
from local_cloud.appsync.refusals import EMPTY_BODY, UNPARSABLE_QUERY, malformed


def read_graphql(request: HttpRequest) -> GraphQLRequest:
    """Return the document, variables and operation name of a POST body or a GET query.

    Raises:
        Refused: 400 when there is no body, or none that holds a GraphQL query.
    """
    fields = _from_query(request.query) if request.method == "GET" else _from_body(request.body)
    query = fields.get("query")
    variables = fields.get("variables")
    operation_name = fields.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise malformed(UNPARSABLE_QUERY)
    if variables is not None and not isinstance(variables, dict):
        raise malformed(UNPARSABLE_QUERY)
    if operation_name is not None and not isinstance(operation_name, str):
        raise malformed(UNPARSABLE_QUERY)
    return GraphQLRequest(query, variables or {}, operation_name or None)


def _from_body(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        raise malformed(EMPTY_BODY)
    return _json_object(body)


def _from_query(text: str) -> Mapping[str, Any]:
    fields: dict[str, Any] = {name: values[0] for name, values in parse_qs(text).items()}
    if "variables" in fields:
        fields["variables"] = _json_object(fields["variables"].encode())
    return fields


def _json_object(text: bytes) -> Mapping[str, Any]:
    try:
        value = strict_json.read(text)
    except (ValueError, RecursionError):
        raise malformed(UNPARSABLE_QUERY) from None
    if not isinstance(value, dict):
        raise malformed(UNPARSABLE_QUERY)
    return value
