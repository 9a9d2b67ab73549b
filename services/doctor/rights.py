"""The rights of the credential: what reads is tried, what changes is only named."""

from collections.abc import Callable

from services.aws_errors import is_missing_right, spoken
from services.clients import Clients
from services.doctor.case import Case
from services.doctor.values import Finding, listed, ok, problem
from services.errors import GatehouseError, Refused
from services.settings import Environment

Read = Callable[[Clients, Environment], object]

READS: dict[str, Read] = {
    "cognito-idp:DescribeUserPool": lambda at, here: at.user_pool.describe_user_pool(UserPoolId=here.user_pool_id),
    "cognito-idp:DescribeUserPoolClient": lambda at, here: at.user_pool.describe_user_pool_client(
        UserPoolId=here.user_pool_id, ClientId=here.client_id
    ),
    "cognito-idp:GetGroup": lambda at, here: at.user_pool.get_group(
        UserPoolId=here.user_pool_id, GroupName=here.admin_group
    ),
    "cognito-idp:ListGroups": lambda at, here: at.user_pool.list_groups(UserPoolId=here.user_pool_id, Limit=1),
    "cognito-idp:ListUsers": lambda at, here: at.user_pool.list_users(UserPoolId=here.user_pool_id, Limit=1),
    "cognito-idp:ListUsersInGroup": lambda at, here: at.user_pool.list_users_in_group(
        UserPoolId=here.user_pool_id, GroupName=here.admin_group, Limit=1
    ),
}
IDENTITY_POOL_READS: dict[str, Read] = {
    "cognito-identity:DescribeIdentityPool": lambda at, here: at.identity_pool.describe_identity_pool(
        IdentityPoolId=here.identity_pool_id
    ),
    "cognito-identity:GetIdentityPoolRoles": lambda at, here: at.identity_pool.get_identity_pool_roles(
        IdentityPoolId=here.identity_pool_id
    ),
}
CHANGES = (
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminCreateUser",
    "cognito-idp:AdminDeleteUser",
    "cognito-idp:AdminGetUser",
    "cognito-idp:AdminListGroupsForUser",
    "cognito-idp:AdminRemoveUserFromGroup",
    "cognito-idp:AdminResetUserPassword",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:CreateGroup",
    "cognito-idp:DeleteGroup",
    "cognito-idp:UpdateGroup",
    "iam:PassRole",
)
"""What the operator policy grants besides, and nothing harmless can prove."""


def reads(case: Case) -> Finding:
    """The reads that the pages need, each tried once."""
    here = case.environment
    wanted = READS | (IDENTITY_POOL_READS if here.identity_pool_id else {})
    refusals = {right: error for right, read in wanted.items() if (error := _refusal(case, read))}
    if unknown := next((each for each in refusals.values() if not is_missing_right(each.why)), None):
        return problem(unknown.code or "there is no credential", unknown.why, unknown.next_step)
    refused = list(refusals)
    for api in here.apis:
        if api.api_id:
            refused += [each.call for each in case.declared(api).unread if is_missing_right(each.why)]
    refused = list(dict.fromkeys(refused))
    if refused:
        return problem(
            f"missing: {listed(refused)}",
            "AWS refuses these to the credential; a viewer's own lacks what administrators alone need",
            "Attach the managed policies of the outputs OperatorPolicyArn and LabPolicyArn to the credential, or the"
            " rights one by one",
        )
    return ok(f"{len(wanted)} reads of Cognito tried, and those of AppSync and IAM for {len(here.apis)} APIs")


def changes(case: Case) -> Finding:
    """What can't be tried without changing something."""
    if case.environment.read_only:
        return ok("none is needed: the environment is read-only")
    return ok(f"not tried, since trying them changes something; needed are {listed(CHANGES)}")


def _refusal(case: Case, read: Read) -> Refused | None:
    try:
        with spoken("try a right"):
            read(case.clients, case.environment)
    except Refused as error:
        return error
    except GatehouseError:
        return None  # another check tells what doesn't exist or answer
    return None
