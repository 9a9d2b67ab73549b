"""What the owner of a running local cloud alone may ask of it: its faults and its outbox."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local_cloud.faults.board import Board
from local_cloud.front import outbox_page
from local_cloud.front.fault_desk import FaultDesk
from local_cloud.front.token import Token

FAULTS = "/_local_cloud/faults"
OUTBOX = "/_local_cloud/outbox"
PATHS = frozenset({FAULTS, OUTBOX})
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Control:
    """Answers whoever has the token, and invites no other origin."""

    def __init__(self, token: str, board: Board) -> None:
        """Believe `token`; faults are set on `board`."""
        self._token = Token(token)
        self._faults = FaultDesk(board)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request to one of PATHS."""
        answer = await self._answer(Request(scope, receive))
        answer.headers.update(PRIVATE)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        authorization = request.headers.get("authorization", "")
        if request.url.path == FAULTS:
            # A browser remembers a password and sends it along with whatever a page asks for: not here.
            if not self._token.is_borne(authorization):
                return _unproven("Bearer")
            return await self._faults.answer(request)
        if not self._token.is_borne(authorization) and not self._token.is_password(authorization):
            return _unproven('Basic realm="Local cloud", charset="UTF-8"')
        return outbox_page.answer(request)


def _unproven(challenge: str) -> Response:
    return JSONResponse({"message": "The token of control.json is needed."}, 401, {"WWW-Authenticate": challenge})
