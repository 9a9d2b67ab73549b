"""The gate: what a stranger, a foreign page and a stolen word get from the real server."""

import http.client
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import server
from tests.browser.server import Server
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]
COOKIE = "gatehouse_session"


@pytest.fixture
def fresh(local_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard that nobody has asked for anything since it was started."""
    folder = tmp_path_factory.mktemp("fresh")
    running = server.start("dashboard.py", folder, {"GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder)})
    yield running
    running.stop()


def asked(
    address: str, path: str = "/", method: str = "GET", body: str = "", **headers: str
) -> tuple[int, dict[str, str]]:
    """Status and headers of one answer, asked for without a browser."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def handshake(address: str, **headers: str) -> int:
    """The status of a WebSocket handshake: 101 when it is taken."""
    sent = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    return asked(address, "/_stcore/stream", **sent, Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAAAA==", **headers)[0]


@pytest.mark.parametrize("path", ["/groups", "/users"])
def test_a_deep_link_that_is_the_first_request_after_a_restart_asks_for_sign_in(
    page: Page, fresh: Server, path: str
) -> None:
    page.goto(fresh.address + path)

    expect(page.get_by_role("heading", name="Sign in to Gatehouse")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)


def test_signing_in_keeps_the_address_with_what_it_chose(page: Page, dashboard: Server, local_cloud: Cloud) -> None:
    operator = Operator(page, dashboard.address)
    operator.open("/users?users_size=10")
    operator.sign_in("ada", local_cloud.password("ada"))

    operator.sees_title("Users")
    assert page.url == f"{dashboard.address}/users?users_size=10"


def test_the_cookie_is_out_of_reach_for_scripts_and_for_other_sites(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/groups")

    cookie = next(each for each in operator.page.context.cookies() if each["name"] == COOKIE)
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)
    assert COOKIE not in operator.page.evaluate("document.cookie")


def test_no_token_reaches_the_browser(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/groups")
    operator.sees_title("Groups")

    kept = operator.page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])")
    assert "eyJ" not in kept
    assert "eyJ" not in operator.page.content()


def test_signing_out_in_one_tab_ends_the_session_in_the_other_and_clears_the_cookie(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/groups")
    operator.sees_title("Groups")
    other = Operator(operator.page.context.new_page(), operator.address)
    other.open("/passwords")
    other.sees_title("Passwords")

    with operator.page.expect_response("**/session"):
        operator.press("Sign out")
    operator.sees_title("Sign in to Gatehouse")
    other.page.get_by_role("link", name="Groups").click()

    other.sees_title("Sign in to Gatehouse")
    other.sees("It was signed out")
    assert COOKIE not in {each["name"] for each in operator.page.context.cookies()}


def test_an_invented_cookie_is_nobody_and_told_so_once(context: BrowserContext, page: Page, dashboard: Server) -> None:
    context.add_cookies([{"name": COOKIE, "value": "invented", "url": dashboard.address}])
    operator = Operator(page, dashboard.address)

    operator.open("/groups")

    operator.sees_title("Sign in to Gatehouse")
    operator.sees("does not know it any more")
    operator.press("Sign in")
    operator.sees("The user name is empty")
    expect(page.get_by_test_id("stAlert")).to_have_count(1)


def test_a_cookie_kept_from_before_signing_out_is_worthless(
    as_operator: AsOperator, context: BrowserContext, dashboard: Server
) -> None:
    operator = as_operator("ada", "/groups")
    kept = next(each["value"] for each in context.cookies() if each["name"] == COOKIE)
    with operator.page.expect_response("**/session"):
        operator.press("Sign out")
    operator.sees_title("Sign in to Gatehouse")

    context.add_cookies([{"name": COOKIE, "value": kept, "url": dashboard.address}])
    operator.open("/groups")

    operator.sees_title("Sign in to Gatehouse")
    operator.sees("It was signed out")


@pytest.mark.parametrize(
    ("site", "ticket", "status"),
    [
        ({"Sec_Fetch_Site": "same-origin"}, "invented", 410),
        ({"Sec_Fetch_Site": "same-origin"}, "x" * 100_000, 410),
        ({"Sec_Fetch_Site": "cross-site"}, "invented", 403),
        ({"Sec_Fetch_Site": "same-site"}, "invented", 403),
        ({"Sec_Fetch_Site": "none"}, "invented", 403),
        ({}, "invented", 403),
    ],
)
def test_only_a_ticket_from_the_own_page_is_traded_for_a_cookie(
    dashboard: Server, site: dict[str, str], ticket: str, status: int
) -> None:
    answered, headers = asked(dashboard.address, "/session", "POST", ticket, **site)

    assert answered == status
    assert COOKIE not in headers.get("set-cookie", "")


def test_a_living_session_is_not_ended_by_clearing_its_cookie(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/groups")
    operator.sees_title("Groups")

    status = operator.page.evaluate("fetch('/session', {method: 'DELETE'}).then(answer => answer.status)")
    operator.page.reload()

    assert status == 204
    operator.sees_title("Groups")


@pytest.mark.parametrize("path", ["/", "/users", "/_stcore/health", "/favicon.png", "/session", "/_stcore/metrics"])
def test_every_answer_carries_the_security_headers(dashboard: Server, path: str) -> None:
    _, headers = asked(dashboard.address, path)

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in script


def test_a_script_that_was_slipped_into_the_page_does_not_run(context: BrowserContext, dashboard: Server) -> None:
    page = context.new_page()
    page.goto(dashboard.address)
    expect(page.get_by_role("heading", name="Sign in to Gatehouse")).to_be_visible()

    page.evaluate(
        """() => {
            const script = document.createElement("script")
            script.textContent = "window.slipped = true"
            document.body.append(script)
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.slipped = true'>")
        }"""
    )
    page.wait_for_timeout(300)

    assert page.evaluate("window.slipped") is None


def test_a_websocket_of_the_own_page_is_taken(dashboard: Server) -> None:
    assert handshake(dashboard.address, Origin=dashboard.address) == 101


@pytest.mark.parametrize("origin", [{"Origin": "http://evil.example"}, {"Origin": "http://localhost:1"}, {}])
def test_a_foreign_websocket_is_refused_and_holds_nobody_up(dashboard: Server, origin: dict[str, str]) -> None:
    assert handshake(dashboard.address, **origin) == 403
    assert asked(dashboard.address, "/_stcore/health")[0] == 200


def test_metrics_are_nobody_s_business(dashboard: Server) -> None:
    assert asked(dashboard.address, "/_stcore/metrics")[0] == 404


def test_another_host_name_gets_nothing_but_the_way_to_configure_it(dashboard: Server) -> None:
    assert asked(dashboard.address, Host="rebound.example")[0] == 421
    assert handshake(dashboard.address, Host="rebound.example", Origin="http://rebound.example") == 403


def test_nothing_configured_is_told_on_every_address_with_the_ways_out(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bare")
    bare = server.start("dashboard.py", folder, {"GATEHOUSE_LOCAL_CLOUD": str(folder / "none")})
    try:
        page.goto(f"{bare.address}/groups")

        expect(page.get_by_text("Gatehouse is not configured")).to_be_visible()
        expect(page.get_by_text("GATEHOUSE_OUTPUTS_FILE").first).to_be_visible()
        expect(page.get_by_label("Password")).to_have_count(0)
    finally:
        bare.stop()
