"""The ASGI application that stands before MiniStack."""

import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local_cloud import inputs, portraits
from local_cloud.faults.gate import Gate
from local_cloud.front import bodies, control, hosts, nesting

GRAPHQL_PATH = re.compile(r"/v1/apis/[^/]+/graphql")
REST_PATH = "/_aws/execute-api/"
MINISTACK_HEALTH = "/_ministack/health"
HEALTH = "/_local_cloud/health"
CLOSED = ("/_ministack/", "/_localstack/", "/_aws/", "/_local_cloud/", "/v2/", "/iceberg")
"""MiniStack's own inspection and control, which nobody signs, and registries that are no part of this cloud."""


@dataclass
class Readiness:
    """Whether the start is over: stacks deployed, people made, files written."""

    ready: bool = False


@dataclass(frozen=True, slots=True)
class Planes:
    """The applications behind the front."""

    aws: ASGIApp
    """MiniStack."""
    graphql: ASGIApp
    """The AppSync data plane."""
    control: ASGIApp
    """What the owner of this local cloud asks of it."""


class Front:
    """Answers health and portraits, refuses what AWS has no address for, passes the rest on."""

    def __init__(self, planes: Planes, port: int, readiness: Readiness, gate: Gate) -> None:
        """Stand before the planes; calls to AWS pass the gate, where faults happen to them."""
        self._planes = planes
        self._port = port
        self._readiness = readiness
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        if scope["type"] != "http":
            return
        host = Headers(scope=scope).get("host", "")
        path: str = scope["path"]
        if not hosts.is_ours(host, self._port):
            await _refusal(403, "This address is not served under that Host.")(scope, receive, send)
        elif not path.isprintable():
            # MiniStack's patterns end before a line break, so such a path could be two things at once.
            await _refusal(400, "The path has characters that no path has.")(scope, receive, send)
        elif answer := self._own_answer(path, scope["method"]):
            await answer(scope, receive, send)
        else:
            await self._pass_on(scope, receive, send)

    def _own_answer(self, path: str, method: str) -> Response | None:
        if path == HEALTH:
            ready = self._readiness.ready
            return JSONResponse({"ready": ready}, status_code=200 if ready else 503)
        if path.startswith(portraits.PATH) and path.endswith(".svg") and method in {"GET", "HEAD"}:
            drawing = portraits.portrait(path.removeprefix(portraits.PATH).removesuffix(".svg"))
            if drawing is not None:
                return Response(drawing, media_type="image/svg+xml", headers=PORTRAIT_HEADERS)
        is_open = path == MINISTACK_HEALTH or control.serves(path) or path.startswith(REST_PATH)
        if path.startswith(CLOSED) and not is_open:
            return _refusal(404, "There is nothing at this address.")
        return None

    def _plane(self, host: str, path: str) -> ASGIApp:
        if GRAPHQL_PATH.fullmatch(path) or (path == "/graphql" and hosts.names_an_api(host)):
            return self._planes.graphql
        if path.startswith(REST_PATH):
            return self._planes.aws  # an API of API Gateway states its own cross-origin rule
        return _without_wildcard_origin(self._planes.aws)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived = Headers(scope=scope)
        try:
            body = await bodies.read(receive, arrived.get("content-length"))
            headers = bodies.with_true_hash(scope["headers"], scope["query_string"], body)
        except bodies.ClientGone:
            return
        except bodies.BodyTooLarge:
            await _refusal(413, "The request body is too large.")(scope, receive, send)
            return
        except bodies.BodyMismatch:
            await S3_BODY_MISMATCH(scope, receive, send)
            return
        scope, receive = {**scope, "headers": headers}, bodies.replay(body, receive)
        plane = self._plane(arrived.get("host", ""), scope["path"])
        if plane is not self._planes.graphql and nesting.is_too_deep(body):
            said = {} if control.serves(scope["path"]) else {"__type": "SerializationException"}
            await JSONResponse({**said, "message": NESTED_TOO_DEEP}, 400)(scope, receive, send)
        elif control.serves(scope["path"]):
            await self._planes.control(scope, receive, send)
        elif refusal := inputs.unreadable(arrived.get("x-amz-target", ""), body):
            # Before anybody is asked who they are: MiniStack reads the body to find that out.
            status, said, text = refusal
            await Response(text, status, said)(scope, receive, send)
        else:
            await self._gate.passed(plane, body, scope, receive, send)


PORTRAIT_HEADERS = {
    "Cache-Control": "public, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
S3_BODY_MISMATCH = Response(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>XAmzContentSHA256Mismatch</Code><Message>'
    "The provided 'x-amz-content-sha256' header does not match what was computed.</Message></Error>",
    status_code=400,
    media_type="application/xml",
)


NESTED_TOO_DEEP = "The request can't be read: it is nested too deep."


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status_code=status)


def _without_wildcard_origin(app: ASGIApp) -> ASGIApp:
    """MiniStack lets every web page read its answers; take that back."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_less(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    (name, value)
                    for name, value in message.get("headers", [])
                    if not name.lower().startswith(b"access-control-")
                ]
                message = {**message, "headers": kept}
            await send(message)

        await app(scope, receive, send_less)

    return answer
