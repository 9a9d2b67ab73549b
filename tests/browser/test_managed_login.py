"""Signing in over the user pool's own pages, in a browser: on another site, and back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import server
from tests.browser.server import Server
from tests.browser.verbs import Operator
from tests.managed_login import CLIENT_SECRET, ManagedLoginServer, managed_login

BUTTON = "Sign in on the user pool's own page"


@pytest.fixture(scope="module")
def pages() -> Iterator[ManagedLoginServer]:
    with managed_login() as running:
        yield running


@pytest.fixture(scope="module")
def door(pages: ManagedLoginServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard whose environment has a domain for managed login."""
    folder, environment = tmp_path_factory.mktemp("dashboard"), pages.environment
    settings = {
        "AWS_ENDPOINT_URL": pages.address,
        "GATEHOUSE_CLIENT_ID": environment.client_id,
        "GATEHOUSE_CLIENT_SECRET": CLIENT_SECRET,
        "GATEHOUSE_DATA_FOLDER": str(folder),
        "GATEHOUSE_MANAGED_LOGIN_DOMAIN": pages.domain,
        "GATEHOUSE_SELF_SIGN_UP": "false",
        "GATEHOUSE_USERS_API_URL": f"{pages.address}/graphql",
        "GATEHOUSE_USER_POOL_ID": environment.user_pool_id,
    }
    running = server.start("dashboard.py", folder, settings)
    yield running
    running.stop()


@pytest.fixture
def visitor(page: Page, door: Server, pages: ManagedLoginServer) -> Iterator[Operator]:
    """Somebody at the sign-in page."""
    operator = Operator(page, door.address)
    operator.open("/")
    yield operator
    pages.refusal, pages.claims = {}, {}


def test_the_pool_s_own_page_signs_in_and_the_session_outlives_a_reload(
    visitor: Operator, door: Server, pages: ManagedLoginServer
) -> None:
    visitor.press(BUTTON)
    visitor.sees_title("Users")
    visitor.page.reload()
    visitor.sees_title("Users")

    cookies = {cookie["name"]: cookie for cookie in visitor.page.context.cookies()}
    assert "gatehouse_managed_login" not in cookies
    session = cookies["gatehouse_session"]
    assert (session["httpOnly"], session["sameSite"]) == (True, "Strict")
    log = door.log.read_text(encoding="utf-8", errors="replace")
    for secret in (CLIENT_SECRET, session["value"], *pages.asked[-1].values()):
        assert secret in {"code", "S256", "login", "client1"} or secret not in log

    visitor.press("Sign out")
    visitor.sees_title("Sign in to Gatehouse")


def test_what_the_pool_s_own_page_refuses_is_told_once_and_as_text(
    visitor: Operator, pages: ManagedLoginServer
) -> None:
    pages.refusal = {"error": "access_denied", "error_description": "User is **disabled** ![x](https://x.example/y)"}
    visitor.press(BUTTON)
    visitor.sees("User is **disabled** ![x](https://x.example/y)")
    visitor.page.reload()
    visitor.sees_title("Sign in to Gatehouse")
    visitor.settled()
    assert "disabled" not in visitor.page.content()


def test_a_link_that_somebody_else_began_signs_nobody_in(visitor: Operator, door: Server) -> None:
    visitor.open("/managed-login/return?code=stolen&state=forged")
    visitor.sees_title("Sign in to Gatehouse")
    assert "gatehouse_session" not in {cookie["name"] for cookie in visitor.page.context.cookies()}


def test_without_a_domain_there_is_neither_button_nor_route(page: Page, dashboard: Server) -> None:
    operator = Operator(page, dashboard.address)
    operator.open("/")
    operator.sees_title("Sign in to Gatehouse")
    operator.settled()
    assert page.get_by_role("button", name=BUTTON).count() == 0
    assert page.request.get(f"{dashboard.address}/managed-login", max_redirects=0).status == 404
    assert page.request.get(f"{dashboard.address}/managed-login/return", max_redirects=0).status == 404
