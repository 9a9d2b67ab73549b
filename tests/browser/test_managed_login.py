"""Signing in over the user pool's own pages, in a browser: on another site, and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import server
from tests.browser.server import Server
from tests.browser.verbs import Operator
from tests.cloud import Cloud
from tests.ways_in import PASSWORD, OwnPool, own_pool

BUTTON = "Sign in on the user pool's own page"


@dataclass(frozen=True)
class Door:
    """A dashboard whose environment has a domain for managed login, and the pool behind it."""

    pool: OwnPool
    server: Server


@pytest.fixture(scope="module")
def door(local_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder, pool = tmp_path_factory.mktemp("dashboard"), own_pool(local_cloud, {"GenerateSecret": True})
    domain = local_cloud.endpoint.replace("127.0.0.1", "localhost")  # another site than the dashboard's
    settings = {"GATEHOUSE_DATA_FOLDER": str(folder), "GATEHOUSE_MANAGED_LOGIN_DOMAIN": domain}
    running = server.start("dashboard.py", folder, pool.settings("srp") | settings)
    pool.admin.update_user_pool_client(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        CallbackURLs=[f"{running.address}/managed-login/return"],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    yield Door(pool, running)
    running.stop()


@pytest.fixture
def visitor(page: Page, door: Door) -> Operator:
    """Somebody who has left for the pool's own page."""
    operator = Operator(page, door.server.address)
    operator.open("/users?users_size=10")
    operator.press(BUTTON)
    expect(page.locator("input[name=password]")).to_be_visible()
    return operator


def cookies(operator: Operator) -> dict[str, dict[str, object]]:
    return {str(cookie.get("name")): dict(cookie) for cookie in operator.page.context.cookies()}


def test_the_pool_s_own_page_signs_in_and_the_session_outlives_a_reload(visitor: Operator, door: Door) -> None:
    page, name = visitor.page, door.pool.add(email="mara@example.com", email_verified="true")
    asked = parse_qs(urlsplit(page.url).query)
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    visitor.sees_title("Users")
    page.reload()
    visitor.sees_title("Users")

    assert page.url == f"{door.server.address}/users?users_size=10"  # the page that was asked for
    session = cookies(visitor)["gatehouse_session"]
    assert (session["httpOnly"], session["sameSite"]) == (True, "Strict")
    assert "gatehouse_managed_login" not in cookies(visitor)
    log = door.server.log.read_text(encoding="utf-8", errors="replace")
    secrets = [door.pool.secret, PASSWORD, session["value"], asked["state"][0], asked["nonce"][0]]
    assert not [secret for secret in secrets if str(secret) in log]

    visitor.press("Sign out")
    visitor.sees_title("Sign in to Gatehouse")


def test_what_the_pool_s_own_page_refuses_is_told_once_and_as_text(visitor: Operator) -> None:
    state = parse_qs(urlsplit(visitor.page.url).query)["state"][0]
    words = "User is **disabled** ![x](https://x.example/y)"
    answer = {"error": "access_denied", "error_description": words, "state": state}
    visitor.open(f"/managed-login/return?{urlencode(answer)}")
    visitor.sees(words)
    visitor.page.reload()
    visitor.sees_title("Sign in to Gatehouse")
    assert "disabled" not in visitor.page.content()


def test_a_link_that_somebody_else_began_signs_nobody_in(visitor: Operator) -> None:
    visitor.open("/managed-login/return?code=stolen&state=forged")
    visitor.sees("does not belong to the sign-in that was begun here")
    assert "gatehouse_session" not in cookies(visitor)


def test_without_a_domain_there_is_neither_button_nor_route(page: Page, dashboard: Server) -> None:
    operator = Operator(page, dashboard.address)
    operator.open("/")
    operator.sees_title("Sign in to Gatehouse")
    expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
    for path in ("/managed-login", "/managed-login/return"):
        assert page.request.get(dashboard.address + path, max_redirects=0).status == 404
