"""Keys of issuers: those of local pools, and those that an issuer on this machine publishes."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from jwt import PyJWK

from local_cloud.appsync import signing_keys
from local_cloud.appsync.signing_keys import SigningKeys
from tests.local_cloud.appsync.fakes import public_jwk


class Issuer(BaseHTTPRequestHandler):
    """An issuer that publishes what a test puts into `documents`."""

    documents: dict[str, Any] = {}  # noqa: RUF012 - the handler is made anew for each request
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        document = self.documents.get(self.path)
        self.send_response(200 if document is not None else 404)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_args: Any) -> None:
        """Stay silent."""


@contextmanager
def issuing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Issuer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    Issuer.asked.clear()
    Issuer.documents.clear()
    Issuer.documents["/.well-known/openid-configuration"] = {"jwks_uri": f"{address}/keys"}
    Issuer.documents["/keys"] = {"keys": [public_jwk("oidc")]}
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def issuer() -> Iterator[str]:
    with issuing() as address:
        yield address


def find(keys: SigningKeys, issuer: str, kid: str) -> PyJWK | None:
    return asyncio.run(keys.find(issuer, kid, "RS256"))


def test_keys_of_a_local_pool_are_parsed_once() -> None:
    keys = SigningKeys({"pool": [public_jwk("pool")]}.get)
    found = find(keys, "pool", "pool")
    assert found is not None
    assert find(keys, "pool", "pool") is found
    assert find(keys, "pool", "other") is None


@pytest.mark.row("1.4 OIDC: discovery, `jwks_uri`, `kty` and `kid`")
def test_an_issuer_on_this_machine_is_asked_once(issuer: str) -> None:
    keys = SigningKeys(lambda _issuer: None)
    for _ in range(3):
        assert find(keys, issuer, "oidc") is not None
    assert Issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_rotated_key_is_found_and_forgeries_do_not_make_it_ask_each_time(issuer: str) -> None:
    now = 0.0
    keys = SigningKeys(lambda _issuer: None, clock=lambda: now)
    assert find(keys, issuer, "oidc") is not None
    Issuer.documents["/keys"] = {"keys": [public_jwk("rotated")]}
    now = 9.0
    for _ in range(5):
        assert find(keys, issuer, "rotated") is None
    assert len(Issuer.asked) == 2
    now = 11.0
    assert find(keys, issuer, "rotated") is not None


@pytest.mark.parametrize(
    "address", ["https://issuer.example", "http://issuer.example", "https://127.0.0.1:1", "http://127.0.0.1:1", "x"]
)
def test_an_issuer_elsewhere_or_silent_has_no_keys(address: str) -> None:
    with pytest.raises(LookupError):
        find(SigningKeys(lambda _issuer: None), address, "k")


@pytest.mark.row("1.4 OIDC: over HTTPS")
@pytest.mark.parametrize("address", ["https://127.0.0.1", "http://issuer.example", "http://127.0.0.1.example", "x"])
def test_no_other_machine_is_ever_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(signing_keys, "HTTPConnection", lambda *place, **_settings: asked.append(place))
    with pytest.raises(LookupError):
        find(SigningKeys(lambda _issuer: None), address, "k")
    assert asked == []


@pytest.mark.parametrize("document", [None, [], {}, {"jwks_uri": "http://issuer.example/keys"}])
def test_an_issuer_that_publishes_nonsense_has_no_keys(issuer: str, document: Any) -> None:
    Issuer.documents["/.well-known/openid-configuration"] = document
    with pytest.raises(LookupError):
        find(SigningKeys(lambda _issuer: None), issuer, "k")


def test_a_key_that_cannot_be_read_is_no_key() -> None:
    keys = SigningKeys(lambda _issuer: [{"kid": "k", "kty": "RSA", "n": "!", "e": "AQAB"}])
    assert find(keys, "pool", "k") is None
