"""Fetching a pool's signing keys."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from services.errors import Unavailable
from services.keys import COOL_DOWN, PoolKeys
from tests.stand_ins import Clock, Pool

URL = "https://pool.example/jwks.json"


class Document:
    """A JWKS address that counts how often it is read."""

    def __init__(self, content: object) -> None:
        self.content = content
        self.read: list[str] = []

    def __call__(self, url: str) -> object:
        self.read.append(url)
        return self.content


def test_keys_are_fetched_once_for_all_tokens_of_a_known_key() -> None:
    document = Document(Pool().document())
    keys = PoolKeys(URL, Clock(), document)

    assert "key1" in keys.for_key("key1")
    assert "key1" in keys.for_key("key1")
    assert document.read == [URL]


def test_an_invented_key_id_does_not_fetch_again_before_the_cool_down_is_over() -> None:
    document, clock = Document(Pool().document()), Clock()
    keys = PoolKeys(URL, clock, document)

    keys.for_key("key1")
    assert "invented" not in keys.for_key("invented")
    assert len(document.read) == 1

    clock.time += COOL_DOWN
    keys.for_key("invented")
    assert len(document.read) == 2


def test_a_new_key_of_the_pool_is_found_after_the_cool_down() -> None:
    document, clock = Document(Pool().document()), Clock()
    keys = PoolKeys(URL, clock, document)
    keys.for_key("key1")
    document.content = Pool(key_id="key2").document()

    clock.time += COOL_DOWN

    assert "key2" in keys.for_key("key2")


@pytest.mark.parametrize(
    "content", [None, [], {}, {"keys": [1]}, {"keys": [{"kty": "RSA"}]}, {"keys": [{"kty": "RSA", "kid": "a"}]}]
)
def test_an_answer_that_holds_no_keys_is_told_with_its_address(content: object) -> None:
    with pytest.raises(Unavailable) as told:
        PoolKeys(URL, Clock(), Document(content)).for_key("key1")

    assert URL in told.value.why


def test_an_address_that_does_not_answer_is_told() -> None:
    with pytest.raises(Unavailable) as told:
        PoolKeys("http://127.0.0.1:1/jwks.json", Clock()).for_key("key1")

    assert told.value.code == "ConnectionError"


class Publisher(BaseHTTPRequestHandler):
    """Serves a JWKS document at /keys, a detour to it at /moved, and keeps what it was sent."""

    sent: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.sent.append(self.headers.get("authorization"))
        body = json.dumps(Pool().document()).encode()
        self.send_response({"/keys": 200, "/moved": 302}.get(self.path, 404))
        self.send_header("location", "/keys")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keeps quiet."""


@pytest.fixture
def published() -> Iterator[str]:
    """The address of a running publisher."""
    Publisher.sent.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_keys_are_read_from_their_address_without_borrowing_credentials_from_netrc(
    published: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password hunter2\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    assert "key1" in PoolKeys(f"{published}/keys", Clock()).for_key("key1")
    assert Publisher.sent == [None]


@pytest.mark.parametrize("path", ["/moved", "/gone"])
def test_keys_are_taken_from_their_own_address_only(published: str, path: str) -> None:
    with pytest.raises(Unavailable):
        PoolKeys(published + path, Clock()).for_key("key1")

    assert len(Publisher.sent) == 1
