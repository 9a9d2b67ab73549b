"""Destroying the stacks (S13) leaves nothing of them."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud import Cloud, running_cloud
from tests.contract.refusals import refusal

LISTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "apigateway": ("get_rest_apis", "items", {}),
    "appsync": ("list_graphql_apis", "graphqlApis", {}),
    "cognito-identity": ("list_identity_pools", "IdentityPools", {"MaxResults": 60}),
    "cognito-idp": ("list_user_pools", "UserPools", {"MaxResults": 60}),
    "dynamodb": ("list_tables", "TableNames", {}),
    "events": ("list_rules", "Rules", {}),
    "iam": ("list_roles", "Roles", {}),
    "lambda": ("list_functions", "Functions", {}),
}
"""What the stacks are made of: how each service lists it."""


def held(cloud: Cloud) -> dict[str, int]:
    """Return how many there are of each."""
    counts = {}
    for service, (call, key, parameters) in LISTS.items():
        counts[service] = len(getattr(cloud.client(service), call)(**parameters)[key])
    return counts


def test_the_stacks_go_in_the_order_that_aws_asks_for_and_leave_nothing(tmp_path: Path) -> None:
    with running_cloud(tmp_path / "folder", users=3) as cloud:
        assert all(held(cloud).values())
        guests = cloud.backend["IdentityPoolId"]
        stacks = cloud.client("cloudformation")
        _, code, message = refusal(stacks.delete_stack, StackName="GuestUserBackendStack")
        assert (code, "is imported by stack AuthModesStack" in message) == ("ValidationError", True)
        for name in ("AuthModesStack", "GuestUserBackendStack"):
            stacks.delete_stack(StackName=name)
            stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
        assert not any(held(cloud).values())
        with pytest.raises(ClientError):
            cloud.unsigned("cognito-identity").get_id(IdentityPoolId=guests)
