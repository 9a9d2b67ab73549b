"""Whose rights an act is done with, who sees it disabled, and what it asks for first."""

import re
import secrets
from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import server
from tests.browser.people import new_person
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]


@pytest.fixture(scope="module")
def production(local_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Generator[server.Server]:
    """A dashboard that takes the tests' local cloud for a production environment."""
    folder = tmp_path_factory.mktemp("production")
    variables = {
        "GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder),
        "GATEHOUSE_PRODUCTION": "true",
        "GATEHOUSE_DATA_FOLDER": str(folder / "data"),
    }
    running = server.start("dashboard.py", folder, variables)
    yield running
    running.stop()


@pytest.fixture
def in_production(context: BrowserContext, production: server.Server, local_cloud: Cloud) -> Callable[[str], Operator]:
    """Sign ada in to production, at an address."""

    def signed_in(path: str) -> Operator:
        operator = Operator(context.new_page(), production.address)
        operator.open(path)
        with operator.page.expect_response("**/session"):
            operator.sign_in("ada", local_cloud.password("ada"))
        return operator

    return signed_in


def group_of(cloud: Cloud, *people: str) -> str:
    """A new group with these members."""
    name, pool, client = f"own-{secrets.token_hex(3)}", cloud.backend["UserPoolId"], cloud.client("cognito-idp")
    client.create_group(UserPoolId=pool, GroupName=name, Description="as it was")
    for person in people:
        client.admin_add_user_to_group(UserPoolId=pool, Username=person, GroupName=name)
    return name


def members_of(cloud: Cloud, group: str) -> list[str]:
    """Who is in a group."""
    users = cloud.client("cognito-idp").list_users_in_group(UserPoolId=cloud.backend["UserPoolId"], GroupName=group)
    return [user["Username"] for user in users["Users"]]


def test_a_viewer_sees_every_page_and_every_act_disabled_with_the_reason(
    as_operator: AsOperator, local_cloud: Cloud
) -> None:
    person = new_person(local_cloud)
    group = group_of(local_cloud, person)
    operator = as_operator("vera", f"/groups?group={group}")
    operator.sees_title(group)
    operator.sees("It takes the role admin, and yours is viewer")
    operator.sees("AWS calls under your own credentials")
    for name in ("Edit group", "Delete group", "Add people"):
        expect(operator.page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    operator.page.get_by_role("button", name="Edit group", exact=True).hover(force=True)
    expect(operator.page.get_by_role("tooltip").first).to_contain_text("role admin")
    expect(operator.cells("group_members_table", 1)).to_have_text([person])

    operator.go_to(f"/passwords?user={person}", person)
    for button in ("Generate", f"Set permanent password for {person}"):
        expect(operator.page.get_by_role("button", name=button, exact=True)).to_be_disabled()
    expect(operator.page.get_by_role("button", name=re.compile("Send a reset code"))).to_be_disabled()
    for title in ("Users", "Groups", "Side by side", "Matrix", "Tokens", "Audit"):
        operator.go(title)


def test_removing_is_done_at_once_and_undo_brings_the_person_back(as_operator: AsOperator, local_cloud: Cloud) -> None:
    person = new_person(local_cloud)
    group = group_of(local_cloud, person)
    operator = as_operator("ada", f"/groups?group={group}")
    operator.tick_row("group_members_table", 0)
    operator.press(f"Remove {person} from {group}")
    operator.sees(f"{person} removed from {group}")
    assert members_of(local_cloud, group) == []
    operator.press("Undo")
    operator.sees(f"Undone: {person} added to {group}")
    assert members_of(local_cloud, group) == [person]


def test_undo_gives_an_edited_group_back_what_it_had(as_operator: AsOperator, local_cloud: Cloud) -> None:
    group = group_of(local_cloud)
    operator = as_operator("ada", f"/groups?group={group}")
    operator.press("Edit group")
    operator.page.get_by_role("dialog").get_by_label("Description", exact=True).fill("changed")
    operator.press("Save group")
    operator.sees(f"The group {group} is saved")
    operator.press("Undo")
    operator.sees(f"The group {group} is as it was before")
    held = local_cloud.client("cognito-idp").get_group(UserPoolId=local_cloud.backend["UserPoolId"], GroupName=group)
    assert held["Group"]["Description"] == "as it was"


def test_the_call_that_a_button_makes_is_shown_before_it(as_operator: AsOperator, local_cloud: Cloud) -> None:
    person = new_person(local_cloud)
    operator = as_operator("ada", f"/passwords?user={person}")
    operator.sees("Set a password")
    operator.press("Show the call")
    operator.sees(re.compile(f"aws cognito-idp admin-set-user-password .*--username {person} --password '<password>'"))


def test_in_production_every_act_waits_for_a_reason_which_the_history_tells(
    in_production: Callable[[str], Operator], local_cloud: Cloud
) -> None:
    person = new_person(local_cloud)
    group = group_of(local_cloud, person)
    operator = in_production(f"/groups?group={group}")
    operator.sees_title(group)
    operator.tick_row("group_members_table", 0)
    button = operator.page.get_by_role("button", name=f"Remove {person} from {group}", exact=True)
    expect(button).to_be_disabled()
    operator.page.get_by_label("Reason", exact=True).fill("left the company")
    expect(button).to_be_enabled()
    button.click()
    operator.sees(f"{person} removed from {group}")
    assert members_of(local_cloud, group) == []
    operator.at("history").scroll_into_view_if_needed()  # a table below the window is not drawn yet
    expect(operator.cells("history", 2)).to_have_text(["Removed from a group"])


def test_a_form_without_its_reason_is_refused_in_production_and_changes_nothing(
    in_production: Callable[[str], Operator], local_cloud: Cloud
) -> None:
    group = group_of(local_cloud)
    operator = in_production(f"/groups?group={group}")
    operator.press("Edit group")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Description", exact=True).fill("changed")
    operator.press("Save group")
    expect(dialog).to_contain_text("needs a reason")
    dialog.get_by_label("Reason", exact=True).fill("the old one misled people")
    operator.press("Save group")
    operator.sees(f"The group {group} is saved")
