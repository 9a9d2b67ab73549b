"""What stands before Streamlit: foreign WebSockets are refused, and every answer gets its security headers."""

import base64
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

log = logging.getLogger("gatehouse")

# A name that an attacker's DNS can't make point here.
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

# Streamlit serves these to anyone: its metrics, and an interface for programs that answers even when it is off.
FENCED = ("/_stcore/metrics", "/_stcore/agent")

HEALTH = "/_stcore/health"  # probes ask for it under any name

MISDIRECTED = """Gatehouse answers under the names of its own machine only: 127.0.0.1 and localhost.

To open it under another name, name the address in GATEHOUSE_PUBLIC_ORIGIN (public_origin in [gatehouse] of
.streamlit/secrets.toml), for example https://gatehouse.example.com, and start it again.
"""

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_security_policy(page: str) -> str:
    """The policy for a page: its own origin for everything, and of inline scripts only those that are in it.

    Args:
        page: the HTML that Streamlit serves; its inline scripts are admitted by their hashes, so that an
            upgrade of Streamlit needs no change here.
    """
    hashes = " ".join(_hash(script) for script in _INLINE_SCRIPT.findall(page))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {hashes}".rstrip(),  # blob: is how Streamlit loads components
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def security_headers(page: str) -> list[tuple[bytes, bytes]]:
    """The headers that every answer carries, for a server whose page is this HTML."""
    named = {
        "content-security-policy": content_security_policy(page),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    return [(name.encode(), value.encode()) for name, value in named.items()]


class Guard:
    """ASGI middleware.

    Args:
        app: what it guards.
        headers: added to every answer.
        public_origin: where browsers reach the server, e.g. `https://gatehouse.example.com`; empty when they
            reach it under this machine's own names.
    """

    def __init__(self, app: Application, headers: Iterable[tuple[bytes, bytes]], public_origin: str = "") -> None:
        self._app = app
        self._headers = list(headers)
        self._public_origin = public_origin.rstrip("/").lower()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _websocket(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on what a page of this very server opens; browsers always say which page does."""
        origin, host = _header(scope, b"origin"), _header(scope, b"host")
        if self._public_origin and origin == self._public_origin:
            # A proxy may have changed the name. With another one Streamlit would ask the internet for its own address.
            await self._app(_with_host(scope, urlsplit(origin).netloc), receive, send)
        elif _name(host) in OWN_NAMES and origin in {f"http://{host}", f"https://{host}"}:
            await self._app(scope, receive, send)
        else:
            log.warning("Refused a WebSocket of the origin %r for the host %r", origin, host)
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        if scope["path"].startswith(FENCED):
            await _say(answer, 404, "")
        elif scope["path"] != HEALTH and not self._public_origin and _name(_header(scope, b"host")) not in OWN_NAMES:
            await _say(answer, 421, MISDIRECTED)
        else:
            await self._app(scope, receive, answer)


def _header(scope: Message, name: bytes) -> str:
    values: list[bytes] = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1").lower() if len(values) == 1 else ""


def _with_host(scope: Message, host: str) -> Message:
    headers = [(key, value) for key, value in scope["headers"] if key != b"host"]
    return {**scope, "headers": [*headers, (b"host", host.encode("latin-1"))]}


def _name(host: str) -> str:
    """The name of a Host header, without the port; empty when it isn't one."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


async def _say(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
