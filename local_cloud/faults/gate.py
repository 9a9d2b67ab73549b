"""The gate that every call passes: faults that are set for it happen here."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from local_cloud import connections
from local_cloud.faults import answers
from local_cloud.faults.board import Board
from local_cloud.faults.calls import call_of
from local_cloud.faults.fault import Kind


class Gate:
    """Lets a call through, later, answers it with a failure, or cuts its connection."""

    def __init__(self, board: Board) -> None:
        """Look faults up on `board`."""
        self._board = board

    async def passed(self, app: ASGIApp, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call whose `body` is read already, by `app` unless a fault takes its place."""
        if self._board.current():
            headers = dict(Headers(scope=scope).items())
            query = scope["query_string"].decode("latin-1")
            call = call_of(scope["method"], scope["path"], query, headers, body)
            for fault in self._board.hits(call):
                if fault.kind is Kind.LATENCY:
                    await asyncio.sleep(fault.seconds)
                elif fault.kind is Kind.RESET:
                    await connections.reset(scope)
                    return
                else:
                    throttled = fault.kind is Kind.THROTTLING
                    answer = (
                        answers.throttled(call.service) if throttled else answers.failed(call.service, fault.status)
                    )
                    await answer(scope, receive, send)
                    return
        await app(scope, receive, send)
