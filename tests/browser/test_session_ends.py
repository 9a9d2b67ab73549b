"""How a session ends in a browser: access that was lost, idleness, and what was typed by then."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.passing_time import IDLE_MINUTES, SIGN_IN, Open, enter, fill_group, lose
from tests.browser.people import PASSWORD, new_person
from tests.cloud import Cloud

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
    dashboard.set(IDLE_MINUTES - 1.9)
    operator.sees("Your session ends in 2 minutes unless you go on.")
    operator.press("Stay signed in")
    expect(page.get_by_text("Your session ends")).to_have_count(0)
    dashboard.set(2 * IDLE_MINUTES - 5)
    page.wait_for_timeout(16_000)  # one more look of the page at its session
    expect(page.get_by_text("Your session ends")).to_have_count(0)
    dashboard.set(2 * IDLE_MINUTES)
    operator.sees_title(SIGN_IN)
