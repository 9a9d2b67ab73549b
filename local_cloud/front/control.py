"""The control endpoint: what its owner alone may ask of a running local cloud."""

import hmac
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local_cloud.faults.board import Board
from local_cloud.faults.fault import Fault, InvalidFault, fault_from

FAULTS = "/_local_cloud/faults"
PATHS = frozenset({FAULTS})
MOST_FAULTS = 100
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Control:
    """Answers whoever has the token: sets, shows and takes down faults."""

    def __init__(self, token: str, board: Board) -> None:
        """Believe `token` and nothing else; faults are set on `board`."""
        self._token = token.encode()
        self._board = board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request to FAULTS."""
        request = Request(scope, receive)
        if self._may(request.headers.get("authorization", "")):
            answer = await self._answer(request)
        else:
            answer = _refusal(401, "The token of control.json is needed.", {"WWW-Authenticate": "Bearer"})
        await answer(scope, receive, send)

    def _may(self, authorization: str) -> bool:
        scheme, _, value = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), self._token)

    async def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            return self._shown()
        if request.method == "DELETE":
            self._board.put([])
            return self._shown()
        if request.method == "PUT":
            return self._put(await request.body())
        return _refusal(
            405, "Faults are shown by GET, set by PUT and taken down by DELETE.", {"Allow": "GET, PUT, DELETE"}
        )

    def _put(self, body: bytes) -> Response:
        try:
            self._board.put(_faults_in(json.loads(body)))
        except InvalidFault as error:
            return _refusal(400, str(error), {})
        except (ValueError, RecursionError):
            return _refusal(400, "The body must be JSON.", {})
        return self._shown()

    def _shown(self) -> Response:
        return JSONResponse({"faults": [fault.described() for fault in self._board.current()]}, headers=PRIVATE)


def _faults_in(wanted: Any) -> list[Fault]:
    faults = wanted.get("faults") if isinstance(wanted, dict) else None
    if not isinstance(faults, list) or len(faults) > MOST_FAULTS:
        raise InvalidFault(f'The body must be {{"faults": [...]}} with at most {MOST_FAULTS} faults.')
    return [fault_from(each) for each in faults]


def _refusal(status: int, message: str, more: dict[str, str]) -> Response:
    return JSONResponse({"message": message}, status, {**PRIVATE, **more})
