"""What only a browser shows of Users, Groups and Passwords: drawers, dialogs, and text that must stay text."""

import re
import secrets
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.people import new_person
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]


def dialog(operator: Operator) -> Locator:
    """The dialog that is open."""
    return operator.page.get_by_role("dialog")


def test_a_row_opens_the_person_again_after_it_was_closed(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/users?users_size=5")
    for _ in range(2):
        operator.tick_cell("users_table", left=300)
        expect(dialog(operator)).to_contain_text("Picture address")
        expect(dialog(operator).get_by_role("img")).to_be_visible()
        operator.page.keyboard.press("Escape")
        expect(dialog(operator)).to_have_count(0)
        # The page itself learns of it only afterwards, and takes the mark off the cell.
        expect(operator.at("users_table").locator('td[aria-selected="true"]')).to_have_count(0)


def test_saving_a_group_changes_what_was_typed_and_names_what_cognito_keeps(
    as_operator: AsOperator, local_cloud: Cloud
) -> None:
    group, pool = f"edited-{secrets.token_hex(3)}", local_cloud.backend["UserPoolId"]
    client = local_cloud.client("cognito-idp")
    client.create_group(UserPoolId=pool, GroupName=group, Description="old", Precedence=5)
    operator = as_operator("ada", f"/groups?group={group}")
    operator.press("Edit group")
    dialog(operator).get_by_label("Description", exact=True).fill("<b>new</b> *words*")
    operator.type("Precedence", "")
    operator.press("Save group")
    expect(dialog(operator)).to_contain_text("Cognito keeps the precedence 5")
    held = client.get_group(UserPoolId=pool, GroupName=group)["Group"]
    assert (held["Description"], held["Precedence"]) == ("<b>new</b> *words*", 5)
    operator.type("Precedence", "7")
    operator.press("Save group")
    operator.sees(f"The group {group} is saved")
    operator.sees("<b>new</b> *words*")
    assert client.get_group(UserPoolId=pool, GroupName=group)["Group"]["Precedence"] == 7


def test_a_group_is_opened_by_a_click_and_left_by_a_button(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/groups")
    operator.page.get_by_label("Find", exact=True).fill("administer")
    expect(operator.cells("groups_table", 0)).to_have_text(["admins"])
    operator.tick_cell("groups_table", left=40)
    operator.sees_title("admins")
    assert operator.page.url.endswith("/groups?group=admins")
    operator.press("All groups")
    operator.sees_title("Groups")


def test_a_refused_name_leaves_the_form_as_it_was_typed(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/groups")
    operator.press("Create group")
    for label, text in (("Name", "admins"), ("Description", "what I typed")):
        dialog(operator).get_by_label(label, exact=True).fill(text)
    dialog(operator).get_by_role("button", name="Create group").click()
    expect(dialog(operator)).to_contain_text("A group of that name exists already")
    expect(dialog(operator).get_by_label("Description", exact=True)).to_have_value("what I typed")


def test_operators_are_told_why_they_cannot_leave_the_admin_group(as_operator: AsOperator, local_cloud: Cloud) -> None:
    operator = as_operator("ada", "/groups?group=admins")
    operator.tick_row("group_members_table", 0)
    operator.press("Remove ada from admins")
    operator.sees("you would lock yourself out")
    members = local_cloud.client("cognito-idp").list_users_in_group(
        UserPoolId=local_cloud.backend["UserPoolId"], GroupName="admins"
    )
    assert "ada" in {user["Username"] for user in members["Users"]}


def test_a_generated_password_is_nowhere_on_the_page_once_it_is_set(
    as_operator: AsOperator, local_cloud: Cloud
) -> None:
    person = new_person(local_cloud)
    operator = as_operator("ada", f"/passwords?user={person}")
    operator.press("Generate")
    shown = operator.page.get_by_test_id("stCode").locator("code")
    expect(shown).to_have_text(re.compile(r"^\S{20,}$"))
    password = shown.text_content() or ""
    operator.page.get_by_label("Reason", exact=True).fill("it was lost")
    operator.press(f"Set permanent password for {person}")
    operator.sees(f"Permanent password set for {person}")
    operator.settled()
    assert password not in operator.page.content()
    assert password not in operator.page.url
    expect(operator.page.get_by_label("New password", exact=True)).to_have_value("")


def test_the_tools_of_a_table_are_never_in_the_way_of_the_buttons_above_it(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/users")
    for title, table, key in (
        ("Users", "users_table", "users_reload"),
        ("Groups", "groups_table", "groups_create"),
        ("Passwords", "passwords_table", "passwords_reload"),
    ):
        operator.go(title)
        operator.at(table).hover(position={"x": 300, "y": 60})
        tools = operator.at(table).get_by_test_id("stElementToolbar")
        expect(tools.get_by_role("button").first).to_be_visible()
        button, toolbar = operator.at(key).get_by_role("button").bounding_box(), tools.bounding_box()
        assert button is not None
        assert toolbar is not None
        assert button["x"] + button["width"] <= toolbar["x"] or button["y"] + button["height"] <= toolbar["y"], title
