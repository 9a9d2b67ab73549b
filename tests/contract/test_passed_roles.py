"""Giving a group a role takes leave to pass that role on."""

import json
import secrets
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.cloud import Cloud
from tests.contract.directories import Directory
from tests.contract.refusals import refusal


def role(cloud: Cloud) -> str:
    """Make a role; return its ARN."""
    name = f"role-{secrets.token_hex(4)}"
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    return str(cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])


@pytest.fixture
def passable(local_cloud: Cloud) -> str:
    return role(local_cloud)


@pytest.fixture
def limited(local_cloud: Cloud, directory: Directory, passable: str) -> Any:
    """A client that may make and change groups everywhere, and pass one role on."""
    iam = local_cloud.client("iam")
    name = f"user-{secrets.token_hex(4)}"
    iam.create_user(UserName=name)
    statements = [
        {"Effect": "Allow", "Action": ["cognito-idp:CreateGroup", "cognito-idp:UpdateGroup"], "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": passable},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.client(
        "cognito-idp",
        region_name="us-east-1",
        endpoint_url=local_cloud.endpoint,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_a_role_that_may_be_passed_on_is_given(directory: Directory, limited: Any, passable: str) -> None:
    group = {"UserPoolId": directory.pool_id, "GroupName": "one"}
    assert limited.create_group(**group, RoleArn=passable)["Group"]["RoleArn"] == passable
    assert limited.update_group(**group, RoleArn=passable)["Group"]["RoleArn"] == passable


def test_any_other_role_is_refused_before_the_group_is_touched(
    local_cloud: Cloud, directory: Directory, limited: Any
) -> None:
    other = role(local_cloud)
    limited.create_group(UserPoolId=directory.pool_id, GroupName="one")
    for call, name in ((limited.create_group, "two"), (limited.update_group, "one")):
        _, code, message = refusal(call, UserPoolId=directory.pool_id, GroupName=name, RoleArn=other)
        assert code == "AccessDeniedException"
        assert f"is not authorized to perform: iam:PassRole on resource: {other}" in message
    (held,) = directory.admin.list_groups(UserPoolId=directory.pool_id)["Groups"]
    assert (held["GroupName"], held.get("RoleArn")) == ("one", None)


def test_a_group_without_a_role_needs_no_such_leave(directory: Directory, limited: Any) -> None:
    assert limited.create_group(UserPoolId=directory.pool_id, GroupName="plain")["Group"]["GroupName"] == "plain"
