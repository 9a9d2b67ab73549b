"""What stands before Streamlit: foreign WebSockets are refused, and every answer gets its security headers."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# A name that an attacker's DNS can't make point here.
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

# Streamlit serves these to anyone: its metrics, and an interface for programs that answers even when it is off.
FENCED = ("/_stcore/metrics", "/_stcore/agent")

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
        if scope["type"] == "websocket" and not self._is_own(scope):
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        if scope["type"] == "http" and scope["path"].startswith(FENCED):
            await answer({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, answer)

    def _is_own(self, scope: Message) -> bool:
        """Whether a page of this very server opens the WebSocket; browsers always say which page does."""
        sent = dict(scope["headers"])
        origin = sent.get(b"origin", b"").decode("latin-1").lower()
        if self._public_origin and origin == self._public_origin:
            return True
        host = sent.get(b"host", b"").decode("latin-1").lower()
        try:
            asked = urlsplit(origin)
        except ValueError:
            return False
        return asked.netloc == host and asked.hostname in OWN_NAMES


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
