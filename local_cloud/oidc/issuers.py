"""Issuers over HTTP: discovery and keys for everybody, tokens for the owner of the local cloud."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local_cloud.oidc.keys import ALGORITHMS, IssuerKeys

PATH = "/_local_cloud/oidc/"
_PLACE = re.compile(re.escape(PATH) + r"([a-z0-9-]{1,32})(/\.well-known/openid-configuration|/jwks|/token)")
_LIFE = 3600
_MOST_ISSUERS = 20
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Issuers:
    """An issuer comes to be with its first token; its address is the one that it is asked under."""

    def __init__(self, may: Callable[[str], bool], clock: Callable[[], float] = time.time) -> None:
        """Sign tokens for requests whose Authorization header `may` admits."""
        self._may = may
        self._clock = clock
        self._keys: dict[str, IssuerKeys] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request under PATH."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        place = _PLACE.fullmatch(request.url.path)
        if place is None:
            return _refusal(404, "There is nothing at this address.")
        name, what = place.groups()
        issuer = f"http://{request.headers.get('host', '')}{PATH}{name}"
        if what == "/token":
            return await self._token(request, name, issuer)
        keys = self._keys.get(name)
        if keys is None or request.method != "GET":
            return _refusal(404, "There is no such issuer yet: it comes to be with its first token.")
        if what == "/jwks":
            return JSONResponse({"keys": keys.published()})
        return JSONResponse(
            {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/jwks",
                "id_token_signing_alg_values_supported": list(ALGORITHMS),
                "subject_types_supported": ["public"],
                "response_types_supported": ["id_token"],
            }
        )

    async def _token(self, request: Request, name: str, issuer: str) -> Response:
        if not self._may(request.headers.get("authorization", "")):
            return _refusal(401, "The token of control.json is needed.", {"WWW-Authenticate": "Bearer"})
        if request.method != "POST":
            return _refusal(405, "Tokens are asked for by POST.", {"Allow": "POST"})
        try:
            wanted = json.loads(await request.body() or b"{}")
            claims, algorithm = wanted.get("claims", {}), wanted.get("algorithm", "RS256")
        except (ValueError, AttributeError, RecursionError):
            return _refusal(400, "The body must be a JSON object.")
        if not isinstance(claims, dict) or algorithm not in ALGORITHMS:
            return _refusal(400, f"claims must be an object, and algorithm one of {', '.join(ALGORITHMS)}.")
        return await self._signed(name, self._whole(claims, issuer), algorithm)

    async def _signed(self, name: str, claims: dict[str, Any], algorithm: str) -> Response:
        if name not in self._keys:
            if len(self._keys) >= _MOST_ISSUERS:
                return _refusal(400, f"There are {_MOST_ISSUERS} issuers already.")
            self._keys[name] = await asyncio.to_thread(IssuerKeys)
        try:
            token = self._keys[name].signed(claims, algorithm)
        except (TypeError, ValueError) as error:
            return _refusal(400, f"No token has these claims: {error}")
        return JSONResponse({"token": token}, headers=_PRIVATE)

    def _whole(self, claims: dict[str, Any], issuer: str) -> dict[str, Any]:
        """Return the claims with what every token has; a claim given as null is left out."""
        now = int(self._clock())
        usual = {"iss": issuer, "sub": "somebody", "iat": now, "exp": now + _LIFE}
        return {name: value for name, value in {**usual, **claims}.items() if value is not None}


def _refusal(status: int, message: str, more: dict[str, str] | None = None) -> Response:
    return JSONResponse({"message": message}, status, {**_PRIVATE, **(more or {})})
