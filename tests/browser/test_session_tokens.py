"""Tokens that are renewed, rotate or run out under an operator at work, in a browser."""

import asyncio
from contextlib import AsyncExitStack

from playwright.sync_api import Page, expect

from tests import ways_in
from tests.browser.passing_time import SIGN_IN, Open, enter, fill_group, shared
from tests.browser.people import PASSWORD
from tests.browser.wire import Tab, signed_in
from tests.cloud import Cloud
from tests.contract.faults import faults
from tests.unit.coroutines import finished


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


def test_who_signs_out_while_cognito_is_away_is_out(page: Page, later: Open, local_cloud: Cloud, name: str) -> None:
    lifetime = 8
    operator = enter(page, later(**short_lived(local_cloud, lifetime)).address, name)
    operator.sees_title("Groups")
    with faults(local_cloud, {"kind": "error", "service": "cognito-idp", "operation": "GetTokensFromRefreshToken"}):
        page.wait_for_timeout((lifetime + 2) * 1000)
        page.reload()
        operator.sees_title("No answer")
        with page.expect_response("**/session"):  # the cookie is gone from then on
            operator.press("Sign out")
        operator.sees_title(SIGN_IN)
    page.reload()
    operator.sees_title(SIGN_IN)


def test_a_refresh_token_that_ran_out_asks_to_sign_in_and_keeps_what_was_typed(
    page: Page, later: Open, local_cloud: Cloud, name: str
) -> None:
    lifetime = 20
    operator = enter(page, later(**short_lived(local_cloud, lifetime, lifetime)).address, name)
    operator.sees_title("Groups")
    fill_group(operator, "typed-meanwhile", "A long description")
    operator.sees_title(SIGN_IN)  # by itself: nobody has to click to learn it
    operator.sees("was revoked or has run out")
    operator.sign_in(name, PASSWORD)
    operator.sees_title("Groups")
    operator.press("Create group")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value("typed-meanwhile")
