"""Bytes and headers of an answer, as the AppSync data plane puts them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from local_cloud.appsync.refusals import Refused

_CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-amzn-requestid,x-amzn-errortype,x-amzn-appsync-tokensconsumed",
}
_PREFLIGHT = {
    "access-control-allow-methods": "GET,POST,OPTIONS",
    "access-control-allow-headers": (
        "authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token,x-amz-user-agent,x-api-key"
    ),
    "access-control-max-age": "172800",
}


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One HTTP answer, ready to send."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def graphql_response(data: Any, errors: list[dict[str, Any]]) -> HttpResponse:
    """Return the 200 of an evaluated operation: `data` always, `errors` where there are some."""
    body: dict[str, Any] = {"data": data}
    if errors:
        body["errors"] = errors
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return HttpResponse(200, _headers(), text.encode())


def refusal_response(refusal: Refused) -> HttpResponse:
    """Return a refusal as AppSync prints it: `errors` alone, indented, a space before each colon."""
    lines = [f'    "errorType" : {json.dumps(refusal.error_type)}']
    if refusal.message is not None:
        lines.append(f'    "message" : {json.dumps(refusal.message)}')
    text = '{\n  "errors" : [ {\n' + ",\n".join(lines) + "\n  } ]\n}"
    return HttpResponse(int(refusal.status), _headers() | {"x-amzn-errortype": refusal.error_type}, text.encode())


def preflight_response() -> HttpResponse:
    """Return the answer to a browser's CORS pre-flight, which carries no credentials."""
    return HttpResponse(200, _headers() | _PREFLIGHT, b"")


def _headers() -> dict[str, str]:
    return {
        "content-type": "application/json;charset=UTF-8",
        "x-amzn-requestid": str(uuid4()),
        "x-amzn-appsync-tokensconsumed": "1",
        **_CORS,
    }
