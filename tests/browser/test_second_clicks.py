"""An impatient second click while AWS is slow, in a browser: what the first one began is done once, and told."""

import secrets
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.impatience import click_twice, no_complaint, slow_once
from tests.browser.people import new_person
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]


def group_with(cloud: Cloud, *people: str) -> str:
    """A new group with these people in it."""
    client, pool = cloud.client("cognito-idp"), {"UserPoolId": cloud.backend["UserPoolId"]}
    name = f"clicked-{secrets.token_hex(3)}"
    client.create_group(**pool, GroupName=name)
    for person in people:
        client.admin_add_user_to_group(**pool, GroupName=name, Username=person)
    return name


def test_a_group_is_made_once_and_unmade_once(as_operator: AsOperator, local_cloud: Cloud) -> None:
    name = f"clicked-{secrets.token_hex(3)}"
    operator = as_operator("ada", "/groups")
    operator.press("Create group")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    with slow_once(local_cloud, "CreateGroup"):
        click_twice(operator, dialog.get_by_role("button", name="Create group", exact=True))
        operator.sees(f"The group {name} is made")
        no_complaint(operator)
    with slow_once(local_cloud, "DeleteGroup"):
        click_twice(operator, operator.page.get_by_role("button", name="Undo"))
        operator.sees(f"The group {name} is deleted again")
        no_complaint(operator)


def test_whom_the_first_click_removes_is_gone_and_nobody_else(as_operator: AsOperator, local_cloud: Cloud) -> None:
    people = sorted(new_person(local_cloud) for _ in range(3))
    group = group_with(local_cloud, *people)
    operator = as_operator("ada", f"/groups?group={group}")
    operator.tick_row("group_members_table", 0)
    gone = operator.rows("group_members_table", 1)[0]
    with slow_once(local_cloud, "AdminRemoveUserFromGroup"):
        click_twice(operator, operator.page.get_by_role("button", name=f"Remove {gone} from"))
        operator.sees(f"{gone} removed from {group}")
        no_complaint(operator)
    left = local_cloud.client("cognito-idp").list_users_in_group(
        UserPoolId=local_cloud.backend["UserPoolId"], GroupName=group
    )
    assert sorted(user["Username"] for user in left["Users"]) == [name for name in people if name != gone]
    with slow_once(local_cloud, "AdminAddUserToGroup"):
        click_twice(operator, operator.page.get_by_role("button", name="Undo"))
        operator.sees(f"Undone: {gone} added to {group}")
        no_complaint(operator)


def test_a_password_is_set_once(as_operator: AsOperator, local_cloud: Cloud) -> None:
    person = new_person(local_cloud)
    operator = as_operator("ada", f"/passwords?user={person}")
    operator.sees("Set a password")
    operator.page.get_by_label("New password", exact=True).fill("Entirely-new-horse-11")
    operator.page.get_by_label("Reason", exact=True).fill("it was lost")
    with slow_once(local_cloud, "AdminSetUserPassword"):
        click_twice(operator, operator.page.get_by_role("button", name=f"Set permanent password for {person}"))
        operator.sees(f"Permanent password set for {person}")
        no_complaint(operator)
    expect(operator.page.get_by_label("New password", exact=True)).to_have_value("")
