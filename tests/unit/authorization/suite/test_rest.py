"""REST requests as they travel, to a small server that shows what it got."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from services.authorization.suite.rest import RestApi
from services.authorization.suite.rest_request import RestRequest
from services.credentials import ApiKey, AwsCredentials, NoCredentials, Token
from services.errors import Unavailable
from services.graphql import Answer
from services.secret import Secret


class Mirror(BaseHTTPRequestHandler):
    """Answers with what came; `/prod/moved` redirects, `/prod/slow` takes its time."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.endswith("slow"):
            time.sleep(3)
        self.send_response(302 if self.path.endswith("moved") else 200)
        self.send_header("Location", "/prod/elsewhere")
        self.send_header("Set-Cookie", "who=first; Path=/")
        self.send_header("X-Amzn-RequestId", "r-1")
        self.end_headers()
        got = {"method": self.command, "path": self.path, "body": body, "headers": dict(self.headers)}
        with suppress(OSError):  # whoever asked for something slow may be gone
            self.wfile.write(json.dumps(got).encode())

    do_GET = do_POST = _answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def api() -> Iterator[RestApi]:
    """A REST API with the stage `prod`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    opened = RestApi(f"http://127.0.0.1:{server.server_port}/prod/", "eu-west-1")
    yield opened
    opened.close()
    server.shutdown()
    server.server_close()


def got(answer: Answer) -> dict[str, str]:
    """The headers that the server got, names in lower case."""
    return {name.lower(): value for name, value in answer.body["headers"].items()}


def test_method_path_query_and_body_arrive(api: RestApi) -> None:
    answer = api.call(RestRequest("POST", "users/a%20b", {"q": "1&2"}, {"n": 1}), NoCredentials())

    assert answer.body["method"] == "POST"
    assert answer.body["path"] == "/prod/users/a%20b?q=1%262"
    assert json.loads(answer.body["body"]) == {"n": 1}
    assert (answer.status, answer.request_id) == (200, "r-1")
    assert answer.milliseconds > 0


def test_each_credential_goes_where_api_gateway_looks_for_it(api: RestApi) -> None:
    request = RestRequest("GET", "hello")

    assert got(api.call(request, Token(Secret("a.b.c"))))["authorization"] == "a.b.c"
    assert got(api.call(request, ApiKey(Secret("da2-x"))))["x-api-key"] == "da2-x"
    signed = got(api.call(request, AwsCredentials("ASIAEXAMPLE", Secret("s"), Secret("session"))))
    assert "/eu-west-1/execute-api/aws4_request" in signed["authorization"]
    assert signed["x-amz-security-token"] == "session"
    assert "authorization" not in got(api.call(request, NoCredentials()))


def test_the_cookie_of_one_call_does_not_travel_with_the_next(api: RestApi) -> None:
    api.call(RestRequest("GET", "hello"), NoCredentials())

    assert "cookie" not in got(api.call(RestRequest("GET", "hello"), NoCredentials()))


def test_a_redirect_is_an_answer_and_is_not_followed(api: RestApi) -> None:
    assert api.call(RestRequest("GET", "moved"), Token(Secret("a.b.c"))).status == 302


def test_a_call_that_takes_too_long_is_given_up(api: RestApi) -> None:
    with pytest.raises(Unavailable) as failure:
        api.call(RestRequest("GET", "slow"), Token(Secret("a.b.c")), seconds=0.1)

    assert (failure.value.code, failure.value.why) == ("Timeout", "No answer within 0.1 s")


def test_a_server_that_is_not_there_is_told_without_the_token() -> None:
    with pytest.raises(Unavailable) as failure:
        RestApi("http://127.0.0.1:1/prod/", "eu-west-1").call(RestRequest("GET", "x"), Token(Secret("a.b.c")))

    assert failure.value.code == "ConnectionError"
    assert "a.b.c" not in str(failure.value)


def test_a_request_leaves_when_it_is_told_to(api: RestApi) -> None:
    left: list[float] = []

    def leave() -> None:
        time.sleep(0.2)
        left.append(time.perf_counter())

    answer = api.call(RestRequest("GET", "hello"), NoCredentials(), leave)

    (since,) = left
    assert answer.milliseconds <= (time.perf_counter() - since) * 1000
