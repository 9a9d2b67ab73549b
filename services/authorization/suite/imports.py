"""Recorded requests as operations of a suite, to be reviewed before they are used."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from services.authorization.suite.coverage import roots_of
from services.authorization.suite.plain_secrets import looks_secret
from services.authorization.suite.recorded import Recorded, recorded_in
from services.authorization.suite.rest_request import METHODS, RestRequest
from services.authorization.suite.saved import SavedOperation
from services.errors import Invalid


@dataclass(frozen=True, slots=True)
class Imported:
    """What was made of recorded requests.

    Attributes:
        operations: each request once; those that change data are skipped until somebody says otherwise.
        left_out: a sentence for each request, and each value, that was not taken over.
    """

    operations: tuple[SavedOperation, ...]
    left_out: tuple[str, ...]


def imported(text: str, api: str, rest_api_url: str = "") -> Imported:
    """The operations that a curl command, a HAR file or a Postman collection holds.

    Args:
        text: the record.
        api: the environment's API that the GraphQL operations are for.
        rest_api_url: the REST API's address; requests below it become REST requests.

    Raises:
        Invalid: the text is no such record.
    """
    operations: dict[str, SavedOperation] = {}
    left_out: list[str] = []
    for request in recorded_in(text):
        made = _operation(request, api, rest_api_url, left_out)
        if made and not any(_same(made, each) for each in operations.values()):
            name = _free(made.id, operations)
            operations[name] = SavedOperation(
                name,
                api,
                label=request.name.strip() or name,
                document=made.document,
                name=made.name,
                variables=made.variables,
                rest=made.rest,
            )
    return Imported(tuple(operations.values()), tuple(left_out))


def _operation(request: Recorded, api: str, rest_api_url: str, left_out: list[str]) -> SavedOperation | None:
    body = _json(request.body)
    if isinstance(body, dict) and isinstance(document := body.get("query"), str):
        return _graphql(document, body, api, left_out)
    if rest_api_url and request.url.startswith(rest_api_url.rstrip("/") + "/") and request.method in METHODS:
        return _rest(request, body, api, rest_api_url, left_out)
    # The query string stays away: it may carry a token.
    left_out.append(f"{request.method} {request.url.partition('?')[0]} goes to neither of the environment's APIs.")
    return None


def _graphql(document: str, body: Mapping[str, Any], api: str, left_out: list[str]) -> SavedOperation | None:
    if looks_secret("", document):
        left_out.append("A GraphQL document holds what looks like a secret.")
        return None
    variables, named = body.get("variables"), body.get("operationName")
    operation = SavedOperation(
        "",
        api,
        document=document,
        name=named if isinstance(named, str) and named else None,
        variables=_harmless(variables, left_out) if isinstance(variables, dict) else {},
    )
    try:
        own_name = operation.operation_for("").name
    except Invalid as refusal:
        left_out.append(f"A GraphQL request: {refusal.failed}, {refusal.why}.")
        return None
    return replace(operation, id=_id(own_name or sorted(roots_of(operation))[0].partition(".")[2]))


def _rest(request: Recorded, body: Any, api: str, rest_api_url: str, left_out: list[str]) -> SavedOperation:
    parts = urlsplit(request.url)
    path = re.split("[?#]", request.url)[0].removeprefix(rest_api_url.rstrip("/") + "/")
    query = _harmless(dict(parse_qsl(parts.query)), left_out)
    content = _harmless(body, left_out) if isinstance(body, dict) else body
    return SavedOperation(
        _id(f"{request.method.lower()}-{path}"), api, rest=RestRequest(request.method, path, query, content)
    )


def _harmless(values: Mapping[str, Any], left_out: list[str]) -> dict[str, Any]:
    """The values without those that are, or look like, secrets."""
    found = {}
    for name, value in values.items():
        if looks_secret(name, value):
            left_out.append(f"The value of {name} looks like a secret: give it another way.")
        else:
            found[name] = value
    return found


def _same(one: SavedOperation, other: SavedOperation) -> bool:
    return (one.document, one.variables, one.rest) == (other.document, other.variables, other.rest)


def _id(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-.") or "operation"


def _free(wanted: str, taken: Collection[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        return None
