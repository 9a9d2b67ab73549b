"""Connections that the server can cut: a reset as a client sees it when a network or a host fails."""

import asyncio
import socket
import struct

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

CUT = "local_cloud.cut"
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER on, for no time: what is closed then is reset, without a farewell."""


class Protocol(H11Protocol):
    """HTTP as uvicorn speaks it; the application finds in its scope how to cut the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Hand the connection's end to the application."""
        super().connection_made(transport)
        app = self.app

        async def with_cut(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, CUT: transport}, receive, send)

        self.app = with_cut


async def reset(scope: Scope) -> None:
    """Cut the connection that a request came on."""
    transport: asyncio.Transport = scope[CUT]
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    transport.abort()
    await asyncio.sleep(0)  # until the server has noticed: it would answer a request that isn't
