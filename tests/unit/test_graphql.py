"""Calls to an AppSync API, over a real connection to a server that answers as told."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from services.credentials import ApiKey, NoCredentials, Token
from services.errors import Invalid, Unavailable
from services.graphql import GraphQLApi, parsed
from services.secret import Secret

QUERY = "query People($limit: Int) { listUsers(limit: $limit) { users { userId } } }"


class Server:
    """An API that answers every call alike and keeps what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None  # None echoes the Authorization header
        self.seen: list[tuple[dict[str, str], dict[str, Any]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
                server.seen.append(({name.lower(): value for name, value in self.headers.items()}, sent))
                echo = json.dumps({"data": {"asked": self.headers.get("authorization")}}).encode()
                body = echo if server.body is None else server.body
                self.send_response(server.status)
                for name, value in {"content-length": str(len(body)), **server.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Keeps quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/graphql"


@pytest.fixture
def server() -> Iterator[Server]:
    """A running API."""
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join()


def test_a_call_sends_document_variables_and_credentials(server: Server) -> None:
    GraphQLApi(server.url, "eu-west-1").call(QUERY, ApiKey(Secret("da2-x")), {"limit": 5}, "People")

    headers, sent = server.seen[0]
    assert headers["x-api-key"] == "da2-x"
    assert "authorization" not in headers
    assert (sent["variables"], sent["operationName"]) == ({"limit": 5}, "People")
    assert "listUsers(limit: $limit)" in sent["query"]


def test_an_answer_is_kept_as_it_came(server: Server) -> None:
    server.headers = {"X-Amzn-RequestId": "request-1"}
    server.body = b'{"data": {"listUsers": null}}'

    answer = GraphQLApi(server.url, "eu-west-1").call(QUERY, NoCredentials())

    assert (answer.status, answer.text, answer.request_id) == (200, '{"data": {"listUsers": null}}', "request-1")
    assert answer.body == {"data": {"listUsers": None}}
    assert answer.milliseconds > 0


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b'{"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}'),
        (200, b'{"data": {"a": 1, "b": null}, "errors": [{"message": "no", "path": ["b"]}]}'),
        (502, b"<html>bad gateway</html>"),
        (200, b"not json"),
        (200, b"[]"),
        (500, b""),
        (302, b""),
    ],
)
def test_a_refusal_is_an_answer_too(server: Server, status: int, body: bytes) -> None:
    server.status, server.body = status, body
    if status == 302:
        server.headers = {"location": server.url}

    answer = GraphQLApi(server.url, "eu-west-1").call(QUERY, NoCredentials())

    assert (answer.status, answer.text) == (status, body.decode())
    assert len(server.seen) == 1


def test_calls_at_once_each_carry_their_own_credentials(server: Server) -> None:
    api = GraphQLApi(server.url, "eu-west-1")

    def asked_as(name: str) -> str:
        answered: str = api.call(QUERY, Token(Secret(name))).body["data"]["asked"]
        return answered

    names = [f"token-{number}" for number in range(64)]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(asked_as, names)) == names


def test_a_call_leaves_when_it_is_told_to_and_is_timed_from_then_on(server: Server) -> None:
    sent_before_leaving: list[int] = []
    left: list[float] = []

    def leave() -> None:
        time.sleep(0.3)
        sent_before_leaving.append(len(server.seen))
        left.append(time.perf_counter())

    answer = GraphQLApi(server.url, "eu-west-1").call(QUERY, NoCredentials(), leave=leave)

    (since,) = left
    assert sent_before_leaving == [0]
    assert answer.milliseconds <= (time.perf_counter() - since) * 1000


def test_credentials_do_not_stay_for_the_next_call(server: Server) -> None:
    api = GraphQLApi(server.url, "eu-west-1")

    api.call(QUERY, Token(Secret("a.b.c")))
    api.call(QUERY, NoCredentials())

    assert "authorization" not in server.seen[1][0]


def test_a_call_without_credentials_does_not_borrow_them_from_netrc(
    server: Server, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password hunter2\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))

    GraphQLApi(server.url, "eu-west-1").call(QUERY, NoCredentials())

    assert "authorization" not in server.seen[0][0]


def test_a_document_that_is_not_graphql_is_told_with_its_place_and_not_sent(server: Server) -> None:
    with pytest.raises(Invalid) as told:
        GraphQLApi(server.url, "eu-west-1").call("query {\n  listUsers(", NoCredentials())

    assert "line 2" in told.value.why
    assert server.seen == []


def test_a_document_is_parsed_without_being_sent() -> None:
    assert parsed(QUERY, {"limit": 5}).variable_values == {"limit": 5}


def test_no_answer_is_told(server: Server) -> None:
    server.http.server_close()

    with pytest.raises(Unavailable) as told:
        GraphQLApi(server.url, "eu-west-1").call(QUERY, NoCredentials())

    assert told.value.code == "ConnectionError"
