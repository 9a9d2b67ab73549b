"""Groups and passwords, in a browser: what is done on the page is done in the pool."""

import json
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from pycognito.aws_srp import AWSSRP

from tests.browser.people import PASSWORD, new_person
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]
NEW_PASSWORD = "Entirely-new-horse-10"


def claims_after_srp(cloud: Cloud, name: str, password: str) -> dict[str, Any]:
    """Sign in over SRP and read the new ID token's claims."""
    proof = AWSSRP(
        username=name,
        password=password,
        pool_id=cloud.backend["UserPoolId"],
        client_id=cloud.backend["UserPoolClientId"],
        client=cloud.unsigned("cognito-idp"),
    )
    token = proof.authenticate_user()["AuthenticationResult"]["IdToken"]
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def create_group(operator: Operator, name: str) -> None:
    """Create a group on the page."""
    operator.go("Groups")
    operator.press("Create group")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Description", exact=True).fill("People who <b>test</b>")
    dialog.get_by_label("Precedence", exact=True).fill("42")
    dialog.get_by_label("Precedence", exact=True).press("Tab")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_have_count(0)


def add_to_group(operator: Operator, group: str, person: str) -> None:
    """Put somebody in a group, on the group's own page."""
    operator.open(f"/groups?group={group}")
    operator.sees_title(group)
    operator.press("Add people")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Find people").fill(person)
    dialog.get_by_role("button", name=person).click()
    dialog.get_by_role("button", name="Add", exact=False).last.click()
    operator.sees(f"{person} added to {group}")


def set_password(operator: Operator, person: str, password: str) -> None:
    """Set a permanent password on the page."""
    operator.open(f"/passwords?user={person}")
    operator.sees("Set a password")
    operator.page.get_by_label("New password", exact=True).fill(password)
    operator.page.get_by_label("Reason", exact=True).fill("it was lost")
    operator.press(f"Set permanent password for {person}")
    operator.sees(f"Permanent password set for {person}")
    operator.settled()


def test_a_new_group_and_password_reach_the_next_token(as_operator: AsOperator, local_cloud: Cloud) -> None:
    group, person = f"testers-{secrets.token_hex(3)}", new_person(local_cloud)
    operator = as_operator("ada", "/groups")
    create_group(operator, group)
    add_to_group(operator, group, person)
    set_password(operator, person, NEW_PASSWORD)

    claims = claims_after_srp(local_cloud, person, NEW_PASSWORD)
    assert claims["cognito:groups"] == [group]
    made = local_cloud.client("cognito-idp").get_group(UserPoolId=local_cloud.backend["UserPoolId"], GroupName=group)
    assert made["Group"]["Precedence"] == 42
    assert made["Group"]["Description"] == "People who <b>test</b>"
    assert NEW_PASSWORD not in operator.page.content()


def test_the_old_password_is_refused_after_a_new_one_was_set(as_operator: AsOperator, local_cloud: Cloud) -> None:
    person = new_person(local_cloud)
    set_password(as_operator("ada", "/passwords"), person, NEW_PASSWORD)
    with pytest.raises(local_cloud.unsigned("cognito-idp").exceptions.ClientError, match="NotAuthorized"):
        claims_after_srp(local_cloud, person, PASSWORD)


def test_the_checklist_holds_the_button_back_until_every_rule_is_met(
    as_operator: AsOperator, local_cloud: Cloud
) -> None:
    person = new_person(local_cloud)
    operator = as_operator("ada", f"/passwords?user={person}")
    button = operator.page.get_by_role("button", name=f"Set permanent password for {person}")
    operator.page.get_by_label("Reason", exact=True).fill("it was lost")
    operator.page.get_by_label("New password", exact=True).fill("short")
    operator.settled()
    expect(button).to_be_disabled()
    operator.page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    expect(button).to_be_enabled()


def test_a_group_is_deleted_only_after_its_name_was_typed(as_operator: AsOperator, local_cloud: Cloud) -> None:
    group, pool = f"leavers-{secrets.token_hex(3)}", local_cloud.backend["UserPoolId"]
    client = local_cloud.client("cognito-idp")
    client.create_group(UserPoolId=pool, GroupName=group)
    operator = as_operator("ada", f"/groups?group={group}")
    operator.press("Delete group")
    button = operator.page.get_by_role("button", name=f"Delete {group}")
    expect(button).to_be_disabled()
    operator.page.get_by_label("Type the group's name to confirm").fill(group)
    expect(button).to_be_disabled()
    operator.page.get_by_label("Reason", exact=True).fill("nobody is left in it")
    expect(button).to_be_enabled()
    button.click()
    operator.sees(f"The group {group} is deleted")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_group(UserPoolId=pool, GroupName=group)


def test_a_member_can_be_taken_out_again(as_operator: AsOperator, local_cloud: Cloud) -> None:
    group, person = f"brief-{secrets.token_hex(3)}", new_person(local_cloud)
    pool, client = local_cloud.backend["UserPoolId"], local_cloud.client("cognito-idp")
    client.create_group(UserPoolId=pool, GroupName=group)
    client.admin_add_user_to_group(UserPoolId=pool, Username=person, GroupName=group)
    operator = as_operator("ada", f"/groups?group={group}")
    operator.tick_row("group_members_table", 0)
    operator.press(f"Remove {person} from {group}")
    operator.sees(f"{person} removed from {group}")
    assert client.list_users_in_group(UserPoolId=pool, GroupName=group)["Users"] == []


def test_a_reset_code_leaves_the_person_in_the_state_that_the_page_says(
    as_operator: AsOperator, local_cloud: Cloud
) -> None:
    person = new_person(local_cloud)
    operator = as_operator("ada", f"/passwords?user={person}")
    operator.page.get_by_role("button", name="Send a reset code to").click()
    button = operator.page.get_by_role("button", name=f"Send reset code to {person}")
    expect(button).to_be_disabled()
    operator.page.get_by_role("dialog").get_by_label("Reason", exact=True).fill("locked out")
    button.click()
    operator.sees("state is now Must reset password")
    status = local_cloud.client("cognito-idp").admin_get_user(
        UserPoolId=local_cloud.backend["UserPoolId"], Username=person
    )["UserStatus"]
    assert status == "RESET_REQUIRED"
