"""The data plane over ASGI."""

import asyncio
import logging
from typing import Any

import pytest

from local_cloud.appsync.asgi import application
from local_cloud.appsync.data_plane import DataPlane
from local_cloud.appsync.model import Mode
from tests.local_cloud.appsync.fakes import NOW, FakeCloud, make_api


def cloud() -> FakeCloud:
    made = FakeCloud(make_api(Mode.API_KEY), "type Query { f: Int }", keys={"k": int(NOW) + 7200})
    made.resolve("Query", "f", lambda event: len(event["request"]["headers"]))
    return made


def call(
    path: str,
    *,
    method: str = "POST",
    body: tuple[bytes, ...] = (b'{"query": ', b'"{ f }"}'),
    headers: tuple[tuple[bytes, bytes], ...] = ((b"X-Api-Key", b"k"),),
    made: FakeCloud | None = None,
) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []
    parts = [{"type": "http.request", "body": part, "more_body": i < len(body) - 1} for i, part in enumerate(body)]
    waiting = iter(parts)

    async def receive() -> Any:
        return next(waiting)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers, "client": None}
    asyncio.run(application(DataPlane(made or cloud(), clock=lambda: NOW))(scope, receive, send))
    start, end = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    assert found["content-length"] == str(len(end["body"]))
    return start["status"], found, end["body"]


def test_a_body_that_comes_in_parts_is_read_whole() -> None:
    assert call("/v1/apis/api1/graphql")[::2] == (200, b'{"data":{"f":1}}')


def test_an_api_is_found_by_its_own_host_name_too() -> None:
    headers = ((b"host", b"api1.appsync-api.us-east-1.amazonaws.com"), (b"x-api-key", b"k"))
    assert call("/graphql", headers=headers)[0] == 200


@pytest.mark.parametrize("path", ["/graphql", "/v1/apis/api1/graphql/x", "/v1/apis//graphql", "/"])
def test_other_addresses_are_not_found(path: str) -> None:
    assert call(path)[0] == 404


def test_a_preflight_needs_no_credentials() -> None:
    status, headers, body = call("/v1/apis/api1/graphql", method="OPTIONS", headers=())
    assert (status, body) == (200, b"")
    assert "authorization" in headers["access-control-allow-headers"]


@pytest.mark.row("3.4 Internal failure")
def test_a_fault_of_ours_is_logged_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    made = cloud()
    made.api_keys = None  # type: ignore[method-assign, assignment]
    with caplog.at_level(logging.ERROR):
        status, headers, body = call("/v1/apis/api1/graphql", made=made)
    assert (status, headers["x-amzn-errortype"]) == (500, "InternalFailureException")
    assert b"NoneType" not in body
    assert caplog.records


def test_only_http_is_served() -> None:
    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(application(DataPlane(cloud()))({"type": "websocket"}, None, None))  # type: ignore[arg-type]
