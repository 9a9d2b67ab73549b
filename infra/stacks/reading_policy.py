"""What it takes to read who may do what: an API's configuration, schema and keys, roles and their policies."""

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito_identitypool as identitypool
from aws_cdk import aws_iam as iam
from constructs import Construct

ROLE_READS = ("GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies")


def make_lab_policy(scope: Construct, api: appsync.GraphqlApi, *, operators: iam.IRole) -> iam.ManagedPolicy:
    """Return the managed policy for reading `api`, which the dashboard's own credentials and `operators` have."""
    return iam.ManagedPolicy(
        scope,
        "LabPolicy",
        description="What the Gatehouse dashboard reads of the all-modes API",
        roles=[operators],
        statements=[*read_api(api), read_policy("LabPolicy")],
    )


def read_api(api: appsync.GraphqlApi) -> list[iam.PolicyStatement]:
    """Return the leave to read an API. AppSync names its schema and its keys by the path of the call."""
    prefix = f"arn:{Aws.PARTITION}:appsync:{Aws.REGION}:{Aws.ACCOUNT_ID}:/v1/apis/{api.api_id}"
    return [
        iam.PolicyStatement(actions=["appsync:GetGraphqlApi"], resources=[api.arn]),
        iam.PolicyStatement(actions=["appsync:GetIntrospectionSchema"], resources=[f"{prefix}/schema"]),
        iam.PolicyStatement(actions=["appsync:ListApiKeys"], resources=[f"{prefix}/apikeys"]),
    ]


def read_policy(name: str) -> iam.PolicyStatement:
    """Return the leave to read the managed policy of this stack whose construct has that name.

    A policy can't name itself, and CloudFormation makes its full name up: what it begins with is known.
    """
    arn = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:policy/{Aws.STACK_NAME}-{name}*"
    return iam.PolicyStatement(actions=["iam:GetPolicy", "iam:GetPolicyVersion"], resources=[arn])


def read_roles(pool: identitypool.IdentityPool, roles: Sequence[iam.IRole]) -> list[iam.PolicyStatement]:
    """Return the leave to read an identity pool, which roles it gives, and what these roles may do."""
    return [
        iam.PolicyStatement(
            actions=[f"iam:{action}" for action in ROLE_READS], resources=[role.role_arn for role in roles]
        ),
        iam.PolicyStatement(
            actions=["cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles"],
            resources=[pool.identity_pool_arn],
        ),
    ]
