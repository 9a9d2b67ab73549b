"""Setting, showing and taking down faults over HTTP."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local_cloud.faults.board import Board
from local_cloud.faults.fault import Fault, InvalidFault, fault_from

MOST_FAULTS = 100


class FaultDesk:
    """Works on one board of faults."""

    def __init__(self, board: Board) -> None:
        """Set faults on `board`."""
        self._board = board

    async def answer(self, request: Request) -> Response:
        """Return the faults that are set after the request: GET leaves them, PUT replaces them, DELETE ends them."""
        if request.method == "PUT":
            try:
                self._board.put(_faults_in(json.loads(await request.body())))
            except InvalidFault as error:
                return JSONResponse({"message": str(error)}, 400)
            except (ValueError, RecursionError):
                return JSONResponse({"message": "The body must be JSON."}, 400)
        elif request.method == "DELETE":
            self._board.put([])
        elif request.method != "GET":
            said = {"message": "Faults are shown by GET, set by PUT and taken down by DELETE."}
            return JSONResponse(said, 405, {"Allow": "GET, PUT, DELETE"})
        return JSONResponse({"faults": [fault.described() for fault in self._board.current()]})


def _faults_in(wanted: Any) -> list[Fault]:
    faults = wanted.get("faults") if isinstance(wanted, dict) else None
    if not isinstance(faults, list) or len(faults) > MOST_FAULTS:
        raise InvalidFault(f'The body must be {{"faults": [...]}} with at most {MOST_FAULTS} faults.')
    return [fault_from(each) for each in faults]
