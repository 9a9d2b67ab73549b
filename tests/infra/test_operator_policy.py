"""What the dashboard's own credentials may do: the operations it needs, here, and nothing else."""

from tests.infra.template import actions, allowed

DIRECTORY = {
    "cognito-idp:DescribeUserPool",
    "cognito-idp:ListUsers",
    "cognito-idp:ListGroups",
    "cognito-idp:CreateGroup",
    "cognito-idp:UpdateGroup",
    "cognito-idp:DeleteGroup",
    "cognito-idp:ListUsersInGroup",
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminRemoveUserFromGroup",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:AdminResetUserPassword",
}


def test_the_operator_may_do_what_the_dashboard_does_and_nothing_else(backend, auth_modes):
    assert actions(backend.the("IAM::ManagedPolicy")["PolicyDocument"]) == DIRECTORY | {"iam:PassRole"}
    assert auth_modes.of_type("IAM::ManagedPolicy") == {}


def test_the_operator_may_touch_this_user_pool_alone(backend):
    document = backend.the("IAM::ManagedPolicy")["PolicyDocument"]
    pool = {"Fn::GetAtt": [backend.id_of("Cognito::UserPool"), "Arn"]}
    for action in DIRECTORY:
        assert allowed(document, action) == [pool]


def test_the_operator_may_give_groups_their_own_two_roles_and_no_other(backend):
    document = backend.the("IAM::ManagedPolicy")["PolicyDocument"]
    roles = [group["RoleArn"] for group in backend.of_type("Cognito::UserPoolGroup").values()]
    assert sorted(map(str, allowed(document, "iam:PassRole"))) == sorted(map(str, roles))
