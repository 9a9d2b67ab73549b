"""The data plane as an ASGI application."""

import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from local_cloud.appsync.data_plane import DataPlane
from local_cloud.appsync.model import HttpRequest
from local_cloud.appsync.refusals import internal_failure, unknown_api
from local_cloud.appsync.wire import HttpResponse, preflight_response, refusal_response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)
_PATH = re.compile(r"/v1/apis/([A-Za-z0-9]+)/graphql")
_HOST = re.compile(r"([a-z0-9]+)\.appsync-api\.")


def application(data_plane: DataPlane) -> Application:
    """Return an application that serves `/v1/apis/{apiId}/graphql`, and `/graphql` by host name."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"the AppSync data plane serves HTTP only, not {scope['type']}")
        request = await _read(scope, receive)
        await _write(send, await _answer(data_plane, request))

    return serve


async def _answer(data_plane: DataPlane, request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return preflight_response()
    match = _PATH.fullmatch(request.path)
    if match is None and request.path == "/graphql":
        match = _HOST.match(request.header("host"))
    if match is None:
        return refusal_response(unknown_api())
    try:
        return await data_plane.answer(match[1], request)
    except Exception:  # noqa: BLE001 - logged, and a client still gets an answer that it can read
        _log.exception("the AppSync data plane failed on a request")
        return refusal_response(internal_failure())


async def _read(scope: Scope, receive: Receive) -> HttpRequest:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    client = scope.get("client")
    return HttpRequest(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body=bytes(body),
        source_ip=client[0] if client else "127.0.0.1",
    )


async def _write(send: Send, response: HttpResponse) -> None:
    headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
    headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
