"""What the dashboard's own AWS credentials may do, and nothing more."""

from aws_cdk import Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

DIRECTORY_ACTIONS = [
    "DescribeUserPool",
    "DescribeUserPoolClient",
    "ListUsers",
    "AdminGetUser",
    "ListGroups",
    "GetGroup",
    "CreateGroup",
    "UpdateGroup",
    "DeleteGroup",
    "ListUsersInGroup",
    "AdminListGroupsForUser",
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminSetUserPassword",
    "AdminResetUserPassword",
]
API_ACTIONS = ["GetGraphqlApi", "GetIntrospectionSchema", "ListApiKeys"]


def make_operator_policy(
    scope: Construct, *, user_pool: cognito.UserPool, group_roles: list[iam.Role], api: appsync.GraphqlApi
) -> iam.ManagedPolicy:
    """Return the managed policy for the credentials that the dashboard runs with."""
    return iam.ManagedPolicy(
        scope,
        "OperatorPolicy",
        description="What the Gatehouse dashboard may do: this user pool, its group roles, its API",
        statements=[
            iam.PolicyStatement(
                actions=[f"cognito-idp:{action}" for action in DIRECTORY_ACTIONS],
                resources=[user_pool.user_pool_arn],
            ),
            # Giving a group a role is passing that role.
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[role.role_arn for role in group_roles]),
            read_api(api),
        ],
    )


def read_api(api: appsync.GraphqlApi) -> iam.PolicyStatement:
    """Return the permission to read how `api` is configured.

    AppSync names an API in two ways: `apis/ID` as a resource, `/v1/apis/ID/…` after its control-plane path.
    """
    stack = Stack.of(api)
    return iam.PolicyStatement(
        actions=[f"appsync:{action}" for action in API_ACTIONS],
        resources=[
            api.arn,
            *(stack.format_arn(service="appsync", resource=f"/v1/apis/{api.api_id}{below}") for below in ("", "/*")),
        ],
    )
