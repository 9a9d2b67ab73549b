"""The public keys of a user pool, fetched when a token names one that isn't known yet."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
import requests

from services.errors import Unavailable

COOL_DOWN = timedelta(seconds=10)  # forged key ids must not turn into a fetch each

Fetch = Callable[[str], Any]


def fetch_json(url: str) -> Any:
    """The JSON document at an address; `Unavailable` when it can't be had within 3 + 5 seconds."""
    try:
        # The signer keeps `requests` from sending what ~/.netrc holds for the host.
        answer = requests.get(url, timeout=(3, 5), allow_redirects=False, auth=lambda request: request)
        if answer.status_code != requests.codes.ok:
            raise requests.HTTPError(str(answer.status_code))
        return answer.json()
    except requests.RequestException as error:
        raise Unavailable(
            "Could not read the user pool's signing keys",
            f"{url} did not answer with them",
            "Check the network, the Region and the user pool's id, then try again",
            type(error).__name__,
        ) from None


class PoolKeys:
    """The keys at one JWKS address; safe for threads.

    Args:
        url: the address of the JWKS document.
        now: the clock.
        fetch: reads the document.
    """

    def __init__(self, url: str, now: Callable[[], datetime], fetch: Fetch = fetch_json) -> None:
        self._url = url
        self._now = now
        self._fetch = fetch
        self._lock = threading.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched: datetime | None = None

    def for_key(self, key_id: str) -> Mapping[str, jwt.PyJWK]:
        """The keys by their ids, fetched anew when this id isn't among them and the cool-down is over.

        Raises:
            Unavailable: the document can't be read.
        """
        with self._lock:
            cooling = self._fetched is not None and self._now() < self._fetched + COOL_DOWN
            if key_id not in self._keys and not cooling:
                self._keys = _by_id(self._fetch(self._url), self._url)
                self._fetched = self._now()
            return self._keys


def _by_id(document: Any, url: str) -> Mapping[str, jwt.PyJWK]:
    try:
        return {key["kid"]: jwt.PyJWK(key) for key in document["keys"] if key.get("kty") == "RSA"}
    except (KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise Unavailable(
            "Could not read the user pool's signing keys",
            f"{url} answered with something else",
            "Check the Region and the user pool's id",
            type(error).__name__,
        ) from None
