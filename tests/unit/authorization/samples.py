"""Answers as AppSync sends them, and identities that they come to."""

import json
from typing import Any

from services.authorization.identity import Identity, Kind
from services.credentials import NoCredentials
from services.graphql import Answer


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """An answer with that body, as JSON unless it is text."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, headers or {}, text, 12.0)


def turned_away(status: int, error_type: str, message: str) -> Answer:
    """An answer that refuses the request as a whole."""
    body = {"errors": [{"errorType": error_type, "message": message}]}
    return answer(body, status, {"x-amzn-errortype": error_type})


def refusal(*path: str | int) -> dict[str, Any]:
    """The entry of `errors` that AppSync adds for a refused field."""
    return {
        "path": list(path),
        "data": None,
        "errorType": "Unauthorized",
        "errorInfo": None,
        "locations": [{"line": 2, "column": 3, "sourceName": None}],
        "message": f"Not Authorized to access {path[-1]} on type Query",
    }


def fault(*path: str | int, error_type: str = "Lambda:Unhandled") -> dict[str, Any]:
    """The entry of `errors` for a resolver that failed."""
    return {"path": list(path), "data": None, "errorType": error_type, "errorInfo": None, "message": "boom"}


def identity(kind: Kind = Kind.JWT, *, broken: bool = False, note: str = "") -> Identity:
    """Somebody who calls."""
    return Identity("somebody", "Somebody", kind, NoCredentials, broken, note)
