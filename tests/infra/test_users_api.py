"""S4 to S7: the users API, its schema, who may query it, and the table behind it."""

from pathlib import Path

import pytest

from tests.infra.template import as_text

USERS_API = Path(__file__).parents[2] / "infra" / "users_api"


def test_s4_the_user_pool_is_the_default_mode_and_iam_the_only_other(backend):
    api = backend.the("AppSync::GraphQLApi")
    assert api["AuthenticationType"] == "AMAZON_COGNITO_USER_POOLS"
    assert api["UserPoolConfig"]["UserPoolId"] == {"Ref": backend.id_of("Cognito::UserPool")}
    assert api["AdditionalAuthenticationProviders"] == [{"AuthenticationType": "AWS_IAM"}]


def test_s4_no_api_key_exists(backend):
    assert backend.of_type("AppSync::ApiKey") == {}


@pytest.mark.parametrize(
    "declaration",
    [
        "listUsers(limit: Int, nextToken: String): UserConnection @aws_iam @aws_cognito_user_pools",
        "type UserConnection @aws_iam @aws_cognito_user_pools {",
        "type User @aws_iam @aws_cognito_user_pools {",
    ],
)
def test_s5_the_query_and_both_types_admit_both_modes(backend, declaration):
    schema = backend.the("AppSync::GraphQLSchema")["Definition"]
    assert declaration in [line.strip() for line in schema.splitlines()]


def test_s5_a_user_has_the_four_fields(backend):
    schema = backend.the("AppSync::GraphQLSchema")["Definition"]
    body = schema.partition("type User @")[2].partition("{")[2].partition("}")[0]
    assert body.split("\n")[1:-1] == [
        "  userId: ID!",
        "  firstname: String!",
        "  lastname: String!",
        "  picture: AWSURL!",
    ]


def test_s6_the_guest_role_may_run_that_one_query(backend):
    assert queries_of(backend, identity_pool_role(backend, "unauthenticated")) == ["listUsers"]


def test_s6_signing_in_does_not_take_the_query_away(backend):
    assert queries_of(backend, identity_pool_role(backend, "authenticated")) == ["listUsers"]
    for group in backend.of_type("Cognito::UserPoolGroup").values():
        assert queries_of(backend, {"Ref": group["RoleArn"]["Fn::GetAtt"][0]}) == ["listUsers"]


def test_s7_the_table_is_keyed_by_user_id_paid_by_request_and_gone_with_the_stack(backend):
    name = named(backend, "DynamoDB::Table", "UserTable")
    table = backend.of_type("DynamoDB::Table")[name]
    assert table["KeySchema"] == [{"AttributeName": "userId", "KeyType": "HASH"}]
    assert table["AttributeDefinitions"] == [{"AttributeName": "userId", "AttributeType": "S"}]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert backend.body["Resources"][name]["DeletionPolicy"] == "Delete"


def test_s7_a_rule_runs_the_seeding_function_every_five_minutes(backend):
    rule = backend.the("Events::Rule")
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(5 minutes)", "ENABLED")
    (target,) = rule["Targets"]
    assert as_text(target["Arn"]).startswith("{SeedUsers")
    permission = backend.the("Lambda::Permission", Principal="events.amazonaws.com")
    assert permission["FunctionName"] == target["Arn"]
    assert permission["SourceArn"] == {"Fn::GetAtt": [backend.id_of("Events::Rule"), "Arn"]}


@pytest.mark.parametrize(
    ("role", "action"),
    [("SeedUsersServiceRole", "dynamodb:BatchWriteItem"), ("UserTableSourceServiceRole", "dynamodb:Scan")],
)
def test_s7_whoever_fills_or_reads_the_table_may_do_that_one_thing_with_it(backend, role, action):
    reference = {"Ref": named(backend, "IAM::Role", role)}
    attached = [policy for policy in backend.of_type("IAM::Policy").values() if reference in policy["Roles"]]
    statements = [statement for policy in attached for statement in policy["PolicyDocument"]["Statement"]]
    on_table = [(statement["Action"], as_text(statement["Resource"])) for statement in statements]
    assert on_table == [(action, "{" + named(backend, "DynamoDB::Table", "UserTable") + ".Arn}")]


def test_list_users_is_read_from_the_table_by_the_templates_of_the_checkout(backend):
    resolver = backend.the("AppSync::Resolver")
    assert (resolver["TypeName"], resolver["FieldName"], resolver["Kind"]) == ("Query", "listUsers", "UNIT")
    assert not {"Code", "Runtime"} & set(resolver)
    for kind in ("Request", "Response"):
        assert resolver[f"{kind}MappingTemplate"] == (USERS_API / f"list_users.{kind.lower()}.vtl").read_text()


def test_the_table_is_the_one_data_source_and_read_with_a_role_of_its_own(backend):
    source = backend.the("AppSync::DataSource")
    assert source["Name"] == backend.the("AppSync::Resolver")["DataSourceName"]
    assert source["Type"] == "AMAZON_DYNAMODB"
    assert source["DynamoDBConfig"]["TableName"] == {"Ref": named(backend, "DynamoDB::Table", "UserTable")}
    role = named(backend, "IAM::Role", "UserTableSourceServiceRole")
    assert source["ServiceRoleArn"] == {"Fn::GetAtt": [role, "Arn"]}
    trust = backend.of_type("IAM::Role")[role]["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Principal"] for statement in trust] == [{"Service": "appsync.amazonaws.com"}]


def test_no_secret_is_kept_for_page_tokens_that_appsync_seals(backend):
    assert backend.of_type("SecretsManager::Secret") == {}


def named(template, kind, name):
    """Return the logical id of the one resource of that type whose id is `name` and the CDK's hash."""
    (found,) = [key for key in template.of_type(kind) if key[:-8] == name]
    return found


def identity_pool_role(backend, kind):
    """Return the reference to the identity pool's role for `kind` of people."""
    role = backend.the("Cognito::IdentityPoolRoleAttachment")["Roles"][kind]
    return {"Ref": role["Fn::GetAtt"][0]}


def queries_of(backend, role):
    """Return the queries of the users API that `role` may run over IAM, and anything else by its full name."""
    api = "{" + backend.id_of("AppSync::GraphQLApi") + ".ApiId}"
    queries = "arn:{AWS::Partition}:appsync:{AWS::Region}:{AWS::AccountId}:apis/" + api + "/types/Query/fields/"
    return [resource.removeprefix(queries) for resource in backend.granted(role, "appsync:GraphQL")]
