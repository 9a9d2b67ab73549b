"""What stands before Streamlit."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st

from services.guard import Guard, content_security_policy, security_headers
from tests.unit.coroutines import finished

PAGE = "<html><script>\n  window.x = 1\n</script><script type='module' src='a.js'></script></html>"
HEADERS = security_headers(PAGE)


def asked(
    path: str = "/",
    kind: str = "http",
    host: str = "127.0.0.1:8501",
    origin: str | None = None,
    public_origin: str = "",
) -> tuple[list[Any], list[Any]]:
    """What one request makes of the guard: (the scopes that reached the app, the messages that were answered)."""
    reached: list[Any] = []
    answered: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)
        await send({"type": "http.response.start" if kind == "http" else "websocket.accept", "status": 200})

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        answered.append(message)

    headers = [(b"host", host.encode("latin-1"))]
    if origin is not None:
        headers.append((b"origin", origin.encode("latin-1")))
    scope = {"type": kind, "path": path, "headers": headers}
    finished(Guard(app, HEADERS, public_origin)(scope, receive, send))
    return reached, answered


def test_every_answer_carries_the_security_headers() -> None:
    _, answered = asked()

    sent = {name.decode(): value.decode() for name, value in answered[0]["headers"]}
    assert sent["x-content-type-options"] == "nosniff"
    assert sent["x-frame-options"] == "DENY"
    assert sent["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in sent["content-security-policy"]


def test_the_policy_admits_inline_scripts_by_their_hashes_alone() -> None:
    policy = dict(part.split(" ", 1) for part in content_security_policy(PAGE).split("; "))

    digest = base64.b64encode(hashlib.sha256(b"\n  window.x = 1\n").digest()).decode()
    assert policy["script-src"] == f"'self' blob: 'sha256-{digest}'"
    assert policy["default-src"] == "'self'"
    assert not any("http" in sources or "*" in sources for sources in policy.values())


def test_the_policy_fits_the_page_that_this_streamlit_serves() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")

    assert content_security_policy(page).count("'sha256-") == page.count("<script>") > 0


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "localhost", "[::1]:8501"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_websocket_of_its_own_page_passes(host: str, scheme: str) -> None:
    reached, _ = asked("/_stcore/stream", "websocket", host, f"{scheme}://{host}")

    assert len(reached) == 1


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8501", "http://evil.example"),
        ("127.0.0.1:8501", None),
        ("127.0.0.1:8501", ""),
        ("127.0.0.1:8501", "null"),
        ("127.0.0.1:8501", "http://127.0.0.1:9999"),
        ("127.0.0.1:8501", "http://localhost:8501"),
        ("127.0.0.1:8501", "http://user@127.0.0.1:8501"),
        ("127.0.0.1:8501", "file://127.0.0.1:8501"),
        ("127.0.0.1:8501", "http://[half"),
        ("evil.example:8501", "http://evil.example:8501"),
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example"),
        ("[half", "http://[half"),
        ("", "http://"),
    ],
)
def test_any_other_websocket_is_refused_before_streamlit_sees_it(host: str, origin: str | None) -> None:
    reached, answered = asked("/_stcore/stream", "websocket", host, origin)

    assert reached == []
    assert [(message["type"], message["code"]) for message in answered] == [("websocket.close", 1008)]


@given(st.text(st.characters(codec="latin-1")))
def test_no_invented_origin_passes(origin: str) -> None:
    if origin.lower() not in {"http://127.0.0.1:8501", "https://127.0.0.1:8501"}:
        assert asked("/_stcore/stream", "websocket", origin=origin)[0] == []


PUBLIC = "https://gatehouse.example.com"


def test_behind_a_proxy_the_public_origin_passes_and_streamlit_is_told_its_name() -> None:
    reached, _ = asked("/_stcore/stream", "websocket", "10.0.0.7:8501", PUBLIC, public_origin=f"{PUBLIC}/")

    assert [value for name, value in reached[0]["headers"] if name == b"host"] == [b"gatehouse.example.com"]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://gatehouse.example.com", f"{PUBLIC}.evil.example"])
def test_behind_a_proxy_every_other_origin_is_refused(origin: str) -> None:
    assert asked("/_stcore/stream", "websocket", "gatehouse.example.com", origin, public_origin=PUBLIC)[0] == []


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact"])
def test_what_streamlit_tells_anybody_is_fenced(path: str) -> None:
    reached, answered = asked(path)

    assert reached == []
    assert answered[0]["status"] == 404
    assert answered[0]["headers"][-len(HEADERS) :] == HEADERS


def test_another_host_name_is_told_how_to_be_let_in() -> None:
    reached, answered = asked(host="gatehouse.internal:8501")

    assert reached == []
    assert answered[0]["status"] == 421
    assert b"GATEHOUSE_PUBLIC_ORIGIN" in answered[1]["body"]


def test_a_health_probe_may_use_any_name() -> None:
    assert len(asked("/_stcore/health", host="10.0.0.7")[0]) == 1


def test_start_and_stop_of_the_server_pass() -> None:
    assert len(asked(kind="lifespan")[0]) == 1
