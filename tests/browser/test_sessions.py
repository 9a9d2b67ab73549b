"""A session in a browser: what holds it, and who shares it. Time is made to pass by moving the dashboard's clock."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import server
from tests.browser.passing_time import SIGN_IN, Open, enter, shared
from tests.browser.people import PASSWORD
from tests.browser.verbs import PATIENCE_MS, Operator
from tests.cloud import Cloud

COOKIE = "gatehouse_session"


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


def test_signing_out_everywhere_ends_the_session_in_another_browser(
    page: Page, browser: Browser, dashboard: server.Server, local_cloud: Cloud, name: str
) -> None:
    here = enter(page, dashboard.address, name)
    elsewhere = browser.new_context()
    elsewhere.set_default_timeout(PATIENCE_MS)
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
