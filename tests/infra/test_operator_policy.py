"""What the dashboard's own credentials may do: the operations it needs, here, and nothing else."""

from tests.infra.template import actions, allowed, as_text

DIRECTORY = {
    "cognito-idp:DescribeUserPool",
    "cognito-idp:DescribeUserPoolClient",
    "cognito-idp:ListUsers",
    "cognito-idp:AdminGetUser",
    "cognito-idp:ListGroups",
    "cognito-idp:GetGroup",
    "cognito-idp:CreateGroup",
    "cognito-idp:UpdateGroup",
    "cognito-idp:DeleteGroup",
    "cognito-idp:ListUsersInGroup",
    "cognito-idp:AdminListGroupsForUser",
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminRemoveUserFromGroup",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:AdminResetUserPassword",
}
API = {"appsync:GetGraphqlApi", "appsync:GetIntrospectionSchema", "appsync:ListApiKeys"}


def test_the_operator_may_do_what_the_dashboard_does_and_nothing_else(backend, auth_modes):
    assert actions(backend.the("IAM::ManagedPolicy")["PolicyDocument"]) == DIRECTORY | API | {"iam:PassRole"}
    assert actions(auth_modes.the("IAM::ManagedPolicy")["PolicyDocument"]) == API


def test_the_operator_may_touch_this_user_pool_alone(backend):
    document = backend.the("IAM::ManagedPolicy")["PolicyDocument"]
    pool = {"Fn::GetAtt": [backend.id_of("Cognito::UserPool"), "Arn"]}
    for action in DIRECTORY:
        assert allowed(document, action) == [pool]


def test_the_operator_may_give_groups_their_own_two_roles_and_no_other(backend):
    document = backend.the("IAM::ManagedPolicy")["PolicyDocument"]
    roles = [group["RoleArn"] for group in backend.of_type("Cognito::UserPoolGroup").values()]
    assert sorted(map(str, allowed(document, "iam:PassRole"))) == sorted(map(str, roles))


def test_the_operator_may_read_the_stacks_own_api_alone(backend, auth_modes):
    for template in (backend, auth_modes):
        api = template.id_of("AppSync::GraphQLApi")
        by_path = "arn:{AWS::Partition}:appsync:{AWS::Region}:{AWS::AccountId}:/v1/apis/{" + api + ".ApiId}"
        for action in API:
            resources = allowed(template.the("IAM::ManagedPolicy")["PolicyDocument"], action)
            expected = {"{" + api + ".Arn}", by_path, f"{by_path}/*"}
            assert {as_text(resource) for resource in resources} == expected
