"""Groups: made, changed, filled and paged as Cognito does it."""

from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.directories import Directory
from tests.contract.refusals import refusal


def group(directory: Directory, name: str) -> dict[str, Any]:
    """Return a group as GetGroup shows it."""
    found: dict[str, Any] = directory.admin.get_group(UserPoolId=directory.pool_id, GroupName=name)["Group"]
    return found


def test_a_group_has_no_precedence_description_or_role_that_nobody_gave(directory: Directory) -> None:
    made = directory.admin.create_group(UserPoolId=directory.pool_id, GroupName="plain")["Group"]
    assert not {"Precedence", "Description", "RoleArn"} & set(made)
    assert not {"Precedence", "Description", "RoleArn"} & set(group(directory, "plain"))


def test_the_best_precedence_is_kept_when_it_is_given(directory: Directory) -> None:
    directory.admin.create_group(UserPoolId=directory.pool_id, GroupName="best", Precedence=0)
    assert group(directory, "best")["Precedence"] == 0


def test_update_group_changes_what_is_given_and_nothing_else(directory: Directory) -> None:
    pool = {"UserPoolId": directory.pool_id}
    made = directory.admin.create_group(**pool, GroupName="team", Description="before", Precedence=5)["Group"]
    changed = directory.admin.update_group(**pool, GroupName="team", Description="after")["Group"]
    assert (changed["Description"], changed["Precedence"]) == ("after", 5)
    assert changed["LastModifiedDate"] >= made["LastModifiedDate"]
    directory.admin.update_group(**pool, GroupName="team", Precedence=0)
    assert group(directory, "team")["Precedence"] == 0


def test_update_group_needs_a_group_that_is_there(directory: Directory) -> None:
    refused = refusal(directory.admin.update_group, UserPoolId=directory.pool_id, GroupName="none")
    assert refused[1] == "ResourceNotFoundException"


def test_the_dashboards_profile_may_update_a_group(local_cloud: Cloud) -> None:
    admin = local_cloud.client("cognito-idp")
    pool = {"UserPoolId": local_cloud.backend["UserPoolId"]}
    admin.create_group(**pool, GroupName="to-be-updated")
    gatehouse = local_cloud.client("cognito-idp", profile="gatehouse")
    assert gatehouse.update_group(**pool, GroupName="to-be-updated", Precedence=3)["Group"]["Precedence"] == 3
    admin.delete_group(**pool, GroupName="to-be-updated")


def test_the_groups_of_somebody_come_in_pages(directory: Directory) -> None:
    pool = {"UserPoolId": directory.pool_id}
    directory.add("mara")
    names = [f"group-{number}" for number in range(5)]
    for name in names:
        directory.admin.create_group(**pool, GroupName=name)
        directory.admin.admin_add_user_to_group(**pool, Username="mara", GroupName=name)
    seen: list[str] = []
    token: dict[str, str] = {}
    pages = 0
    while pages == 0 or token:
        answer = directory.admin.admin_list_groups_for_user(**pool, Username="mara", Limit=2, **token)
        assert len(answer["Groups"]) <= 2
        seen += [found["GroupName"] for found in answer["Groups"]]
        token = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}
        pages += 1
    assert (sorted(seen), pages) == (names, 3)


def test_the_members_of_a_group_come_in_pages(directory: Directory) -> None:
    pool = {"UserPoolId": directory.pool_id}
    directory.admin.create_group(**pool, GroupName="team")
    names = [f"member-{number}" for number in range(5)]
    for name in names:
        directory.add(name)
        directory.admin.admin_add_user_to_group(**pool, Username=name, GroupName="team")
    walk = directory.admin.get_paginator("list_users_in_group").paginate(
        **pool, GroupName="team", PaginationConfig={"PageSize": 2}
    )
    pages = [[user["Username"] for user in page["Users"]] for page in walk]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(name for page in pages for name in page) == names


@pytest.mark.parametrize("call", ["list_groups", "list_users"])
def test_an_invented_token_is_refused(directory: Directory, call: str) -> None:
    token = {"list_groups": {"NextToken": "2"}, "list_users": {"PaginationToken": "2"}}[call]
    refused = refusal(getattr(directory.admin, call), UserPoolId=directory.pool_id, **token)
    assert refused[1] == "InvalidParameterException"


def test_membership_is_in_the_next_token_and_not_in_the_last(directory: Directory) -> None:
    import jwt

    pool = {"UserPoolId": directory.pool_id}
    directory.add("mara")
    directory.admin.create_group(**pool, GroupName="team")

    def groups() -> Any:
        token = directory.srp("mara")["AuthenticationResult"]["IdToken"]
        return jwt.decode(token, options={"verify_signature": False}).get("cognito:groups")

    assert groups() is None
    directory.admin.admin_add_user_to_group(**pool, Username="mara", GroupName="team")
    assert groups() == ["team"]
    directory.admin.admin_remove_user_from_group(**pool, Username="mara", GroupName="team")
    assert groups() is None
