"""Fetching an image from an address that a stranger may have written."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from services import image_fetch
from services.image_fetch import MOST_BYTES, fetch_own, fetch_public, is_public

Respond = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(respond: Respond) -> Iterator[str]:
    """A server on this machine that answers every GET so; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            respond(self)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/picture"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(content: bytes, media_type: str = "image/png", status: int = 200, **headers: str) -> Respond:
    """A response of that content."""

    def respond(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", media_type)
        request.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    return respond


def test_an_image_comes_as_it_is() -> None:
    with serving(answering(b"<svg/>", "image/svg+xml; charset=utf-8")) as address:
        image = fetch_own(address)
    assert image is not None
    assert (image.media_type, image.content) == ("image/svg+xml", b"<svg/>")


def test_the_largest_image_that_is_taken_is_200_kb() -> None:
    with serving(answering(b"x" * MOST_BYTES)) as address:
        assert fetch_own(address) is not None
    with serving(answering(b"x" * (MOST_BYTES + 1))) as address:
        assert fetch_own(address) is None


@pytest.mark.parametrize(
    "respond",
    [
        answering(b"<html>", "text/html"),
        answering(b"x", "application/octet-stream"),
        answering(b""),
        answering(b"x", status=404),
        answering(b"x", status=302, Location="https://elsewhere.example/"),
    ],
    ids=["a page", "of no type", "empty", "not found", "elsewhere"],
)
def test_what_is_not_an_image_is_none(respond: Respond) -> None:
    with serving(respond) as address:
        assert fetch_own(address) is None


def test_nobody_listening_is_none() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert fetch_own(f"http://127.0.0.1:{unused.getsockname()[1]}/picture") is None


def test_an_answer_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_fetch, "SECONDS_IN_ALL", 0.3)
    cut_off = Event()

    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "image/png")
        request.end_headers()
        try:
            for _ in range(600):
                request.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            cut_off.set()

    with serving(trickle) as address:
        fetch_own(address)
        assert cut_off.wait(10)


def resolving(monkeypatch: pytest.MonkeyPatch, *places: str) -> list[tuple[str, int]]:
    """Every name resolves to these addresses; returns where connections then go, all of them refused."""
    reached: list[tuple[str, int]] = []

    def connect(where: tuple[str, int], **_: Any) -> None:
        reached.append(where)
        raise ConnectionRefusedError

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443)) for place in places]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    return reached


INSIDE = [
    "127.0.0.1",
    "10.0.0.8",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 (an address that must not be reached)
    "224.0.0.1",
    "::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
]


@pytest.mark.parametrize("place", INSIDE)
def test_a_name_that_points_inside_is_never_connected_to(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    reached = resolving(monkeypatch, "93.184.216.34", place)
    assert not is_public(place)
    assert fetch_public("https://pictures.example/a.png") is None
    assert reached == []


def test_a_public_name_is_connected_to_by_the_very_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = resolving(monkeypatch, "93.184.216.34")
    assert fetch_public("https://pictures.example/a.png") is None
    assert reached == [("93.184.216.34", 443)]


@pytest.mark.parametrize(
    "address",
    [
        "http://pictures.example/a.png",
        "https://pictures.example:8443/a.png",
        "https://me@pictures.example/a.png",
        "https:///a.png",
        "file:///etc/passwd",
        "ftp://pictures.example/a.png",
        "https://pictures.example:port/a.png",
        "javascript:alert(1)",
        "",
    ],
)
def test_only_plain_https_addresses_are_looked_at(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    reached = resolving(monkeypatch, "93.184.216.34")
    assert fetch_public(address) is None
    assert reached == []


def test_a_certificate_of_another_host_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pinned connection asks for the host's own name, with verification on."""
    asked: dict[str, Any] = {}

    class Context:
        def wrap_socket(self, _: Any, *, server_hostname: str) -> None:
            asked["host"] = server_hostname
            raise OSError

    resolving(monkeypatch, "93.184.216.34")
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: ours)
    monkeypatch.setattr(image_fetch.ssl, "create_default_context", Context)
    assert fetch_public("https://pictures.example/a.png") is None
    ours.close()
    theirs.close()
    assert asked == {"host": "pictures.example"}
