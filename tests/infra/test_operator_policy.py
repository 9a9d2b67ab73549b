"""What the dashboard's own credentials and the groups' people may do: what they need, here, and nothing else."""

from tests.infra.template import actions, allowed, as_text

READS = {
    "cognito-idp:DescribeUserPool",
    "cognito-idp:ListUsers",
    "cognito-idp:ListGroups",
    "cognito-idp:ListUsersInGroup",
}
DIRECTORY = READS | {
    "cognito-idp:CreateGroup",
    "cognito-idp:GetGroup",
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
    "cognito-idp:DescribeUserPoolClient",
}


API_READS = {"appsync:GetGraphqlApi", "appsync:GetIntrospectionSchema", "appsync:ListApiKeys"}
POLICY_READS = {"iam:GetPolicy", "iam:GetPolicyVersion"}
ROLE_READS = {"iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"}


def operator_policy(backend):
    """Return the policy that the dashboard and `admins` have."""
    (policy,) = [policy for policy in backend.of_type("IAM::ManagedPolicy").values() if policy.get("Roles")]
    return policy


def test_the_operator_may_do_what_the_dashboard_does_and_nothing_else(backend, auth_modes):
    own = {"iam:PassRole", "cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles"}
    assert actions(operator_policy(backend)["PolicyDocument"]) == (
        DIRECTORY | API_READS | POLICY_READS | ROLE_READS | own
    )
    assert actions(auth_modes.the("IAM::ManagedPolicy")["PolicyDocument"]) == API_READS | POLICY_READS


def test_the_operator_may_read_the_stacks_own_two_apis_four_roles_and_two_policies_and_no_other(backend, auth_modes):
    document = operator_policy(backend)["PolicyDocument"]
    roles = sorted(
        name for name in backend.of_type("IAM::Role") if name.startswith(("IdentityPool", "Admins", "Viewers"))
    )
    for action in ROLE_READS:
        assert sorted(as_text(role) for role in allowed(document, action)) == [f"{{{name}.Arn}}" for name in roles]
    assert len(roles) == 4
    for template, name in ((backend, "OperatorPolicy"), (auth_modes, "LabPolicy")):
        document = operator_policy(template)["PolicyDocument"]
        api = template.id_of("AppSync::GraphQLApi")
        prefix = "arn:{AWS::Partition}:appsync:{AWS::Region}:{AWS::AccountId}:/v1/apis/{" + api + ".ApiId}"
        assert [as_text(arn) for arn in allowed(document, "appsync:GetGraphqlApi")] == [f"{{{api}.Arn}}"]
        assert [as_text(arn) for arn in allowed(document, "appsync:ListApiKeys")] == [f"{prefix}/apikeys"]
        assert [as_text(arn) for arn in allowed(document, "appsync:GetIntrospectionSchema")] == [f"{prefix}/schema"]
        policy = "arn:{AWS::Partition}:iam::{AWS::AccountId}:policy/{AWS::StackName}-" + name + "*"
        for action in POLICY_READS:
            assert [as_text(arn) for arn in allowed(document, action)] == [policy]


def test_the_operator_may_touch_this_user_pool_alone(backend):
    document = operator_policy(backend)["PolicyDocument"]
    pool = {"Fn::GetAtt": [backend.id_of("Cognito::UserPool"), "Arn"]}
    for action in DIRECTORY:
        assert allowed(document, action) == [pool]


def test_the_operator_may_give_groups_their_own_two_roles_and_no_other(backend):
    document = operator_policy(backend)["PolicyDocument"]
    roles = [group["RoleArn"] for group in backend.of_type("Cognito::UserPoolGroup").values()]
    assert sorted(map(str, allowed(document, "iam:PassRole"))) == sorted(map(str, roles))


def test_people_in_admins_may_do_themselves_what_the_dashboard_does(backend, auth_modes):
    admins = role_of(backend, "admins")
    assert "AdminsRole" in as_text(auth_modes.the("IAM::ManagedPolicy")["Roles"][0])
    assert operator_policy(backend)["Roles"] == [admins]
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
