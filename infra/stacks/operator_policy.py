"""What the dashboard's own AWS credentials may do, and nothing more."""

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

DIRECTORY_ACTIONS = [
    "DescribeUserPool",
    "ListUsers",
    "ListGroups",
    "CreateGroup",
    "UpdateGroup",
    "DeleteGroup",
    "ListUsersInGroup",
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminSetUserPassword",
    "AdminResetUserPassword",
]


def make_operator_policy(
    scope: Construct, *, user_pool: cognito.UserPool, group_roles: list[iam.Role]
) -> iam.ManagedPolicy:
    """Return the managed policy for the credentials that the dashboard runs with."""
    return iam.ManagedPolicy(
        scope,
        "OperatorPolicy",
        description="What the Gatehouse dashboard may do: this user pool and its group roles",
        statements=[
            iam.PolicyStatement(
                actions=[f"cognito-idp:{action}" for action in DIRECTORY_ACTIONS],
                resources=[user_pool.user_pool_arn],
            ),
            # Giving a group a role is passing that role.
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[role.role_arn for role in group_roles]),
        ],
    )
