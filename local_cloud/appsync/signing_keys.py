"""The public keys that JWTs are verified with: parsed once, found by key ID."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from jwt import PyJWK
from jwt.exceptions import PyJWTError

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})
_TIMEOUT = 3.0
_KEEP = 300.0
_REFRESH_AFTER = 10.0
_MAX_DOCUMENT = 1_000_000


class SigningKeys:
    """Keys per issuer: of user pools that live here, and of issuers that answer on this machine."""

    def __init__(
        self,
        pool_keys: Callable[[str], Iterable[Mapping[str, Any]] | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool_keys = pool_keys
        self._clock = clock
        self._discovered: dict[str, tuple[float, tuple[Mapping[str, Any], ...]]] = {}

    async def find(self, issuer: str, key_id: str, algorithm: str) -> PyJWK | None:
        """Return an issuer's key by `kid`, or None when the issuer has no such key.

        Raises:
            LookupError: the issuer has no keys at all: it isn't here, or doesn't answer.
        """
        keys = self._pool_keys(issuer)
        if keys is None:
            keys = await self._discover(issuer, key_id)
        return next((_parsed(json.dumps(key), algorithm) for key in keys if key.get("kid") == key_id), None)

    async def _discover(self, issuer: str, key_id: str) -> tuple[Mapping[str, Any], ...]:
        fetched_at, keys = self._discovered.get(issuer, (float("-inf"), ()))
        age = self._clock() - fetched_at
        known = any(key.get("kid") == key_id for key in keys)
        # An unknown key may be a rotated one, but a stream of forgeries mustn't become a stream of fetches.
        if age > (_KEEP if known else _REFRESH_AFTER):
            keys = await asyncio.to_thread(_fetch_keys, issuer)
            self._discovered[issuer] = (self._clock(), keys)
        return keys


def _fetch_keys(issuer: str) -> tuple[Mapping[str, Any], ...]:
    configuration = _fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    keys = _fetch(str(configuration.get("jwks_uri", ""))).get("keys")
    if not isinstance(keys, list):
        raise LookupError(f"{issuer} publishes no keys")  # noqa: TRY004 - a fault of the issuer's
    return tuple(key for key in keys if isinstance(key, dict) and key.get("kid") and key.get("kty"))


def _fetch(address: str) -> dict[str, Any]:
    # Only this machine is asked: a local cloud has no business calling out, whatever an API names.
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in LOCAL_HOSTS:
        raise LookupError(f"{address} isn't an issuer on this machine")
    connection = HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT)
    try:
        connection.request("GET", parts.path)
        document = json.loads(connection.getresponse().read(_MAX_DOCUMENT))
    except (OSError, HTTPException, ValueError) as error:
        raise LookupError(f"{address} doesn't answer with JSON") from error
    finally:
        connection.close()
    if not isinstance(document, dict):
        raise LookupError(f"{address} doesn't answer with an object")  # noqa: TRY004
    return document


@lru_cache(maxsize=256)
def _parsed(document: str, algorithm: str) -> PyJWK | None:
    """Return a key ready to verify with, bound to the algorithm that it names itself, if any."""
    data = json.loads(document)
    try:
        return PyJWK(data, data.get("alg") or algorithm)
    except PyJWTError:
        return None
