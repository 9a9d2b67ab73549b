"""Who may look at the directory and who may change it: the policies of people and of the dashboard itself."""

from collections.abc import Sequence

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from .reading_policy import read_policy

READS = ("DescribeUserPool", "ListGroups", "ListUsers", "ListUsersInGroup")
CHANGES = (
    "CreateGroup",
    "GetGroup",
    "UpdateGroup",
    "DeleteGroup",
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminSetUserPassword",
    "AdminResetUserPassword",
)
# Users that stand in for others while an API is tested, and are gone after it.
STAND_INS = ("AdminListGroupsForUser", "AdminCreateUser", "AdminGetUser", "AdminDeleteUser")

# What tells whether the settings fit the pool. An app client's secret is in the answer, so viewers don't have it.
CHECKS = ("DescribeUserPoolClient",)


def make_operator_policy(
    scope: Construct,
    *,
    user_pool: cognito.UserPool,
    passable: Sequence[iam.Role],
    operators: iam.Role,
    reading: Sequence[iam.PolicyStatement],
) -> iam.ManagedPolicy:
    """Return the managed policy for the credentials that the dashboard runs with; `operators` have it too.

    So people of that role may do themselves, with the AWS CLI say, what the dashboard does for them. `reading` is
    what it takes to read who may do what.
    """
    return iam.ManagedPolicy(
        scope,
        "OperatorPolicy",
        description="What the Gatehouse dashboard may do: this user pool and its group roles",
        roles=[operators],
        statements=[
            on_pool(user_pool, (*READS, *CHANGES, *STAND_INS, *CHECKS)),
            # Giving a group a role is passing that role.
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[role.role_arn for role in passable]),
            *reading,
            read_policy("OperatorPolicy"),
        ],
    )


def let_look(scope: Construct, *, user_pool: cognito.UserPool, viewers: iam.Role) -> None:
    """Let `viewers` read the directory and change nothing."""
    iam.Policy(scope, "ViewerPolicy", roles=[viewers], statements=[on_pool(user_pool, READS)])


def on_pool(user_pool: cognito.UserPool, actions: Sequence[str]) -> iam.PolicyStatement:
    """Return the leave for Cognito `actions` on this user pool alone."""
    return iam.PolicyStatement(
        actions=[f"cognito-idp:{action}" for action in actions], resources=[user_pool.user_pool_arn]
    )
