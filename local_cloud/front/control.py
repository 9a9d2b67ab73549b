"""What is asked of the local cloud itself: faults and outbox by its owner alone, and OIDC issuers."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local_cloud.faults.board import Board
from local_cloud.front import outbox_page
from local_cloud.front.fault_desk import FaultDesk
from local_cloud.front.token import Token
from local_cloud.oidc import issuers

FAULTS = "/_local_cloud/faults"
OUTBOX = "/_local_cloud/outbox"
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def serves(path: str) -> bool:
    """Tell whether a path is one of those that are answered here."""
    return path in {FAULTS, OUTBOX} or path.startswith(issuers.PATH)


class Control:
    """Answers whoever has the token, and invites no other origin."""

    def __init__(self, token: str, board: Board) -> None:
        """Believe `token`; faults are set on `board`."""
        self._token = Token(token)
        self._faults = FaultDesk(board)
        self._issuers = issuers.Issuers(self._token.is_borne)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request whose path `serves` knows."""
        if scope["path"].startswith(issuers.PATH):
            await self._issuers(scope, receive, send)
            return
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
