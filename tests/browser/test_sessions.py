"""A session from its beginning to its end, in a browser. Time is made to pass by moving the dashboard's clock."""

import asyncio
import re
import secrets
from collections.abc import Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import ways_in
from tests.browser import server
from tests.browser.people import PASSWORD, new_person
from tests.browser.verbs import Operator
from tests.browser.wire import Tab, signed_in
from tests.cloud import Cloud
from tests.contract.faults import faults
from tests.unit.coroutines import finished

COOKIE = "gatehouse_session"
IDLE_MINUTES = 30
SIGN_IN = "Sign in to Gatehouse"


@dataclass(frozen=True)
class Later:
    """A dashboard with a clock that a test can move on."""

    server: server.Server
    file: Path

    @property
    def address(self) -> str:
        return self.server.address

    def set(self, minutes: float) -> None:
        """Have it be so many minutes later than it is."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(minutes * 60), encoding="ascii")
        fresh.replace(self.file)


Open = Callable[..., Later]


@pytest.fixture
def later(local_cloud: Cloud, tmp_path: Path) -> Generator[Open]:
    """Starts dashboards whose clocks can be moved, with settings of their own."""
    running: list[server.Server] = []

    def opened(**settings: str) -> Later:
        folder = tmp_path / f"dashboard-{len(running)}"
        folder.mkdir()
        clock = folder / "ahead"
        clock.write_text("0", encoding="ascii")
        variables = {
            "GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder),
            "GATEHOUSE_DATA_FOLDER": str(folder),
            "GATEHOUSE_IDLE_MINUTES": str(IDLE_MINUTES),
            "LATER": str(clock),
            **settings,
        }
        running.append(server.start("dashboard.py", folder, variables, ["tests/browser/later.py"]))
        return Later(running[-1], clock)

    yield opened
    for each in running:
        each.stop()


@pytest.fixture
def name(local_cloud: Cloud) -> str:
    """An admin of the test's own."""
    return new_person(local_cloud, "admins")


def enter(page: Page, address: str, name: str, path: str = "/groups", password: str = PASSWORD) -> Operator:
    """Sign a test's own person in; returns once the browser has its cookie."""
    operator = Operator(page, address)
    operator.open(path)
    with page.expect_response("**/session*"):
        operator.sign_in(name, password)
    return operator


def lose(cloud: Cloud, act: str, name: str) -> None:
    """Take an operator's access away, as somebody else would with the AWS CLI."""
    client, who = cloud.client("cognito-idp"), {"UserPoolId": cloud.backend["UserPoolId"], "Username": name}
    match act:
        case "disabled":
            client.admin_disable_user(**who)
        case "deleted":
            client.admin_delete_user(**who)
        case "signed out":
            client.admin_user_global_sign_out(**who)
        case "demoted":
            client.admin_remove_user_from_group(**who, GroupName="admins")


def shared(cloud: Cloud) -> dict[str, str]:
    """The variables of dashboards that share sessions and the record."""
    return {
        "GATEHOUSE_SESSIONS_TABLE": cloud.backend["SessionsTableName"],
        "GATEHOUSE_SESSIONS_KEY": Fernet.generate_key().decode(),
        "GATEHOUSE_RECORD_TABLE": cloud.backend["RecordTableName"],
    }


def fill_group(operator: Operator, name: str, description: str) -> None:
    """Open the dialog for a new group and type, without sending it."""
    operator.press("Create group")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Description", exact=True).fill(description)


def test_a_refresh_and_a_second_tab_need_no_second_sign_in(
    context: BrowserContext, page: Page, dashboard: server.Server, name: str
) -> None:
    operator = enter(page, dashboard.address, name)
    operator.sees_title("Groups")
    page.reload()
    operator.sees_title("Groups")
    second = Operator(context.new_page(), dashboard.address)
    second.open("/users")
    second.sees_title("Users")
    expect(second.at("operator_card")).to_contain_text(name)


def test_what_the_browser_holds_is_a_random_id_that_no_script_reads_and_that_is_nothing_to_aws(
    context: BrowserContext, page: Page, dashboard: server.Server, local_cloud: Cloud, name: str
) -> None:
    enter(page, dashboard.address, name).sees_title("Groups")

    (held,) = [cookie for cookie in context.cookies() if cookie["name"].startswith(COOKIE)]

    assert (held["httpOnly"], held["sameSite"], held["expires"]) == (True, "Strict", -1)
    assert re.fullmatch(r"[\w-]{43}", held["value"])
    assert COOKIE not in page.evaluate("document.cookie")
    stores = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert held["value"] not in stores + page.url + page.content()
    assert "eyJ" not in stores
    client = local_cloud.unsigned("cognito-idp")
    with pytest.raises(client.exceptions.ClientError):
        client.get_user(AccessToken=held["value"])
    with pytest.raises(client.exceptions.ClientError):
        client.get_tokens_from_refresh_token(
            RefreshToken=held["value"], ClientId=local_cloud.backend["UserPoolClientId"]
        )


def test_an_operator_works_on_while_tokens_are_renewed_and_refresh_tokens_rotate(
    page: Page, later: Open, local_cloud: Cloud
) -> None:
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"]
    pool = ways_in.own_pool(local_cloud, {"RefreshTokenRotation": rotation, "ExplicitAuthFlows": flows})
    dashboard = later(**pool.settings("srp"))
    operator = enter(page, dashboard.address, pool.add(), "/tokens", ways_in.PASSWORD)
    operator.sees_title("Tokens")
    for minutes in (4, 8, 12, 16):
        dashboard.set(minutes)
        page.reload()
        operator.sees_title("Tokens")
        expect(operator.at("operator_card")).to_be_visible()


def test_many_tabs_on_two_dashboards_use_a_rotating_refresh_token_once(later: Open, local_cloud: Cloud) -> None:
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"]
    pool = ways_in.own_pool(local_cloud, {"RefreshTokenRotation": rotation, "ExplicitAuthFlows": flows})
    settings = pool.settings("srp") | shared(local_cloud)
    dashboards = later(**settings), later(**settings)

    async def everywhere() -> list[str]:
        cookie = await signed_in(dashboards[0].address, pool.add(), ways_in.PASSWORD)
        async with AsyncExitStack() as stack:
            tabs = [await stack.enter_async_context(Tab(each.address, cookie)) for each in dashboards * 4]
            await asyncio.gather(*(tab.open("tokens") for tab in tabs))
            for minutes in (4, 8, 12):
                for each in dashboards:
                    each.set(minutes)
                await asyncio.gather(*(tab.again() for tab in tabs))
            return [tab.title for tab in tabs]

    assert set(finished(everywhere())) == {"Tokens"}


def short_lived(cloud: Cloud, tokens: int, refresh: int = 3600) -> dict[str, str]:
    """The variables for an app client of the stack's pool whose tokens live for so many seconds in truth."""
    units = {"AccessToken": "seconds", "IdToken": "seconds", "RefreshToken": "seconds"}
    made = cloud.client("cognito-idp").create_user_pool_client(
        UserPoolId=cloud.backend["UserPoolId"],
        ClientName="short-lived",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AccessTokenValidity=tokens,
        IdTokenValidity=tokens,
        RefreshTokenValidity=refresh,
        TokenValidityUnits=units,
    )
    # The identity pool trusts the stack's own app client alone.
    return {"GATEHOUSE_CLIENT_ID": made["UserPoolClient"]["ClientId"], "GATEHOUSE_ADMIN_CALLS": "server"}


def test_tokens_that_run_out_in_mid_work_are_new_at_the_next_click(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    lifetime = 10
    operator = enter(page, later(**short_lived(local_cloud, lifetime)).address, name, "/users")
    operator.sees_title("Users")
    for _ in range(2):
        page.wait_for_timeout((lifetime + 2) * 1000)
        page.mouse.move(0, 0)  # the table's own tools would lie over the button
        operator.press("Reload")
        operator.settled()
        expect(operator.cells("users_table", 1)).not_to_have_count(0)
        expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_while_cognito_is_away_tokens_that_ran_out_close_the_page_and_keep_what_was_typed(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    lifetime = 10
    operator = enter(page, later(**short_lived(local_cloud, lifetime)).address, name)
    operator.sees_title("Groups")
    fill_group(operator, "typed-meanwhile", "A long description")
    away = {"kind": "error", "service": "cognito-idp", "operation": "GetTokensFromRefreshToken"}
    with faults(local_cloud, away):
        page.wait_for_timeout((lifetime + 2) * 1000)
        page.get_by_role("dialog").get_by_role("button", name="Create").click()
        operator.sees_title("No answer")
        operator.sees("Could not renew the sign-in")
        expect(page.get_by_role("dialog")).to_have_count(0)
    operator.press("Try again")
    operator.sees_title("Groups")
    operator.press("Create group")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value("typed-meanwhile")


def test_a_refresh_token_that_ran_out_asks_to_sign_in_and_keeps_what_was_typed(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    lifetime = 12
    operator = enter(page, later(**short_lived(local_cloud, lifetime, lifetime)).address, name)
    operator.sees_title("Groups")
    fill_group(operator, "typed-meanwhile", "A long description")
    operator.sees_title(SIGN_IN)  # by itself: nobody has to click to learn it
    operator.sees("was revoked or has run out")
    operator.sign_in(name, PASSWORD)
    operator.sees_title("Groups")
    operator.press("Create group")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value("typed-meanwhile")


WORDS = {"disabled": "The account is disabled", "deleted": "The session has ended", "signed out": "was revoked"}


@pytest.mark.parametrize("act", WORDS)
def test_who_lost_their_access_is_out_at_the_next_click_after_four_minutes(
    page: Page, later: Open, local_cloud: Cloud, name: str, act: str
) -> None:
    dashboard = later()
    operator = enter(page, dashboard.address, name)
    operator.sees_title("Groups")
    lose(local_cloud, act, name)
    dashboard.set(4)

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Passwords").click()

    operator.sees_title(SIGN_IN)
    operator.sees(WORDS[act])


def test_a_page_that_nobody_touches_is_closed_to_who_lost_their_access(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    dashboard = later()
    operator = enter(page, dashboard.address, name)
    operator.sees_title("Groups")
    lose(local_cloud, "disabled", name)
    dashboard.set(4)

    operator.sees_title(SIGN_IN)
    operator.sees("disabled")


def test_a_demoted_operator_loses_the_role_within_five_minutes(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    dashboard = later()
    operator = enter(page, dashboard.address, name)
    operator.sees_title("Groups")
    lose(local_cloud, "demoted", name)
    dashboard.set(4)
    page.reload()
    operator.sees_title("No access")


def test_what_was_typed_is_there_again_after_another_sign_in(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    dashboard = later()
    operator = enter(page, dashboard.address, name)
    group = f"typed-{secrets.token_hex(4)}"
    fill_group(operator, group, "A long description")
    lose(local_cloud, "signed out", name)
    dashboard.set(4)

    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    operator.sees_title(SIGN_IN)
    operator.sign_in(name, PASSWORD)
    operator.sees_title("Groups")
    operator.press("Create group")

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value(group)
    expect(dialog.get_by_label("Description", exact=True)).to_have_value("A long description")
    client, pool = local_cloud.client("cognito-idp"), local_cloud.backend["UserPoolId"]
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_group(UserPoolId=pool, GroupName=group)  # nothing was done for who was out already
    dialog.get_by_role("button", name="Create").click()
    operator.sees(group)
    assert client.get_group(UserPoolId=pool, GroupName=group)["Group"]["Description"] == "A long description"


def test_what_stands_in_a_form_that_was_never_sent_is_kept_too_and_given_to_nobody_else(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    dashboard = later()
    operator = enter(page, dashboard.address, name)
    fill_group(operator, "mine-alone", "A long description")
    dashboard.set(IDLE_MINUTES)
    operator.sees_title(SIGN_IN)
    operator.sees("not used for 30 minutes")
    operator.sign_in(name, PASSWORD)
    operator.sees_title("Groups")
    operator.press("Create group")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value("mine-alone")
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("mine-as-well")

    lose(local_cloud, "signed out", name)
    dashboard.set(IDLE_MINUTES + 4)
    operator.sees_title(SIGN_IN)
    operator.sign_in(new_person(local_cloud, "admins"), PASSWORD)
    operator.sees_title("Groups")
    operator.press("Create group")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value("")


def test_an_idle_session_is_announced_to_end_and_can_be_kept(page: Page, later: Open, name: str) -> None:
    dashboard = later()
    operator = enter(page, dashboard.address, name)
    operator.sees_title("Groups")
    dashboard.set(IDLE_MINUTES - 1.5)
    operator.sees("Your session ends in 2 minutes unless you go on.")
    operator.press("Stay signed in")
    expect(page.get_by_text("Your session ends")).to_have_count(0)
    dashboard.set(2 * IDLE_MINUTES - 5)
    page.wait_for_timeout(16_000)  # one more look of the page at its session
    expect(page.get_by_text("Your session ends")).to_have_count(0)
    dashboard.set(2 * IDLE_MINUTES)
    operator.sees_title(SIGN_IN)


def test_signing_out_everywhere_ends_the_session_in_another_browser(
    page: Page, browser: Browser, dashboard: server.Server, local_cloud: Cloud, name: str
) -> None:
    here = enter(page, dashboard.address, name)
    elsewhere = browser.new_context()
    there = enter(elsewhere.new_page(), dashboard.address, name)
    there.sees_title("Groups")
    token = local_cloud.client("cognito-idp").initiate_auth(
        ClientId=local_cloud.backend["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]["AccessToken"]

    here.press("Sign out everywhere")
    here.sees_title(SIGN_IN)
    there.sees_title(SIGN_IN)
    there.sees("signed out everywhere")
    elsewhere.close()

    client = local_cloud.unsigned("cognito-idp")
    with pytest.raises(client.exceptions.NotAuthorizedException):
        client.get_user(AccessToken=token)


def test_two_dashboards_behind_one_name_share_sessions_and_the_record(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    settings = shared(local_cloud)
    one, other = later(**settings), later(**settings)  # a browser's cookies know no ports
    enter(page, one.address, name).sees_title("Groups")
    there = Operator(page, other.address)
    there.open("/audit")
    there.sees_title("Audit")
    expect(there.at("operator_card")).to_contain_text(name)
    there.press("Check the chain")
    there.sees("The chain holds")
    there.press("Sign out")
    there.sees_title(SIGN_IN)
    here = Operator(page, one.address)
    here.open("/groups")
    here.sees_title(SIGN_IN)
