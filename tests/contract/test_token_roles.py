"""Roles of groups, in the ID token and nowhere else."""

import json
from typing import Any

import jwt
import pytest

from tests.cloud import Cloud
from tests.contract.directories import Directory

BEST = "arn:aws:iam::000000000000:role/token-best"
OTHER = "arn:aws:iam::000000000000:role/token-other"


@pytest.fixture(scope="module", autouse=True)
def _roles(local_cloud: Cloud) -> None:
    """The roles that the groups here have."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    for arn in (BEST, OTHER):
        local_cloud.client("iam").create_role(RoleName=arn.rpartition("/")[2], AssumeRolePolicyDocument=trust)


def claims(directory: Directory, *groups: tuple[str | None, int | None], kind: str = "IdToken") -> dict[str, Any]:
    """Sign somebody in who is in groups with these roles and precedences; returns what a token says."""
    pool = {"UserPoolId": directory.pool_id}
    directory.add("mara")
    for number, (role, precedence) in enumerate(groups):
        given = {"RoleArn": role, "Precedence": precedence}
        known = {name: value for name, value in given.items() if value is not None}
        directory.admin.create_group(**pool, GroupName=f"group-{number}", **known)
        directory.admin.admin_add_user_to_group(**pool, Username="mara", GroupName=f"group-{number}")
    token = directory.srp("mara")["AuthenticationResult"][kind]
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


@pytest.mark.row("4.5 Preferred role is that of the best precedence")
def test_the_id_token_lists_the_roles_and_prefers_that_of_the_lowest_precedence(directory: Directory) -> None:
    """MiniStack's ID tokens have neither claim."""
    said = claims(directory, (OTHER, 5), (BEST, 0), (None, 0), (OTHER, None))
    assert sorted(said["cognito:roles"]) == [BEST, OTHER]
    assert said["cognito:preferred_role"] == BEST


def test_a_group_without_precedence_comes_after_every_other(directory: Directory) -> None:
    """MiniStack's ID tokens have neither claim."""
    assert claims(directory, (OTHER, None), (BEST, 900))["cognito:preferred_role"] == BEST


@pytest.mark.row("4.5 Preferred role is that of the best precedence")
def test_a_tie_of_different_roles_leaves_no_preferred_role(directory: Directory) -> None:
    """MiniStack's ID tokens have neither claim."""
    said = claims(directory, (OTHER, 1), (BEST, 1), (BEST, 2))
    assert sorted(said["cognito:roles"]) == [BEST, OTHER]
    assert "cognito:preferred_role" not in said


def test_a_tie_of_one_role_prefers_it(directory: Directory) -> None:
    """MiniStack's ID tokens have neither claim."""
    said = claims(directory, (BEST, 1), (BEST, 1), (OTHER, 2))
    assert said["cognito:preferred_role"] == BEST


def test_somebody_without_a_role_has_neither_claim(directory: Directory) -> None:
    assert not {"cognito:roles", "cognito:preferred_role"} & set(claims(directory, (None, 1)))


def test_the_access_token_says_nothing_of_roles(directory: Directory) -> None:
    said = claims(directory, (BEST, 1), kind="AccessToken")
    assert said["cognito:groups"] == ["group-0"]
    assert not {"cognito:roles", "cognito:preferred_role"} & set(said)


def test_an_address_that_nobody_verified_is_not_called_verified(directory: Directory) -> None:
    """MiniStack's ID token calls every address verified of which nothing is known."""
    pool = {"UserPoolId": directory.pool_id}
    directory.add("mara")
    directory.admin.admin_delete_user_attributes(**pool, Username="mara", UserAttributeNames=["email_verified"])
    token = directory.srp("mara")["AuthenticationResult"]["IdToken"]
    assert jwt.decode(token, options={"verify_signature": False})["email_verified"] is False
