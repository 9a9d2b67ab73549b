"""What the dashboard's own credentials and the groups' people may do: what they need, here, and nothing else."""

from tests.infra.template import actions, allowed

READS = {
    "cognito-idp:DescribeUserPool",
    "cognito-idp:ListUsers",
    "cognito-idp:ListGroups",
    "cognito-idp:ListUsersInGroup",
}
DIRECTORY = READS | {
    "cognito-idp:CreateGroup",
    "cognito-idp:UpdateGroup",
    "cognito-idp:DeleteGroup",
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminRemoveUserFromGroup",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:AdminResetUserPassword",
    "cognito-idp:AdminListGroupsForUser",
    "cognito-idp:AdminCreateUser",
    "cognito-idp:AdminGetUser",
    "cognito-idp:AdminDeleteUser",
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


def test_people_in_admins_may_do_themselves_what_the_dashboard_does(backend):
    admins = role_of(backend, "admins")
    assert backend.the("IAM::ManagedPolicy")["Roles"] == [admins]
    own = [policy for policy in backend.of_type("IAM::Policy").values() if admins in policy["Roles"]]
    assert [actions(policy["PolicyDocument"]) for policy in own] == [{"appsync:GraphQL"}]


def test_people_in_viewers_may_read_this_user_pool_and_change_nothing(backend):
    pool = "{" + backend.id_of("Cognito::UserPool") + ".Arn}"
    for action in DIRECTORY | {"iam:PassRole"}:
        expected = [pool] if action in READS else []
        assert backend.granted(role_of(backend, "viewers"), action) == expected, action


def role_of(backend, group):
    """Return the reference to a group's role."""
    return {"Ref": backend.the("Cognito::UserPoolGroup", GroupName=group)["RoleArn"]["Fn::GetAtt"][0]}
