"""The users table, what fills it, and the AppSync API that lists it (S4 to S7)."""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from .functions import python_function

USERS_API = Path(__file__).parent.parent / "users_api"


def make_user_table(scope: Construct) -> dynamodb.Table:
    """Return the table of users, keyed by `userId`, paid by request, gone with the stack."""
    return dynamodb.Table(
        scope,
        "UserTable",
        partition_key=dynamodb.Attribute(name="userId", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        removal_policy=RemovalPolicy.DESTROY,
    )


def make_seed_function(scope: Construct, table: dynamodb.Table) -> lambda_.Function:
    """Return the function that adds a random person every five minutes, or the people it is handed."""
    function = python_function(
        scope,
        "SeedUsers",
        source="seed_users.py",
        environment={"TABLE_NAME": table.table_name},
        timeout=Duration.seconds(30),
    )
    table.grant(function, "dynamodb:BatchWriteItem")
    events.Rule(
        scope,
        "SeedSchedule",
        schedule=events.Schedule.rate(Duration.minutes(5)),
        targets=[targets.LambdaFunction(function)],
    )
    return function


def make_users_api(scope: Construct, user_pool: cognito.UserPool, table: dynamodb.Table) -> appsync.GraphqlApi:
    """Return the API: the user pool by default, IAM besides, `listUsers` read from the table by AppSync itself."""
    api = appsync.GraphqlApi(
        scope,
        "UsersApi",
        name="Users",
        definition=appsync.Definition.from_file(str(USERS_API / "schema.graphql")),
        authorization_config=appsync.AuthorizationConfig(
            default_authorization=appsync.AuthorizationMode(
                authorization_type=appsync.AuthorizationType.USER_POOL,
                user_pool_config=appsync.UserPoolConfig(user_pool=user_pool),
            ),
            additional_authorization_modes=[
                appsync.AuthorizationMode(authorization_type=appsync.AuthorizationType.IAM)
            ],
        ),
    )
    make_user_source(scope, api, table).create_resolver(
        "ListUsersResolver",
        type_name="Query",
        field_name="listUsers",
        request_mapping_template=appsync.MappingTemplate.from_file(str(USERS_API / "list_users.request.vtl")),
        response_mapping_template=appsync.MappingTemplate.from_file(str(USERS_API / "list_users.response.vtl")),
    )
    return api


def make_user_source(scope: Construct, api: appsync.GraphqlApi, table: dynamodb.Table) -> appsync.DynamoDbDataSource:
    """Return the users table as a data source of `api` that may scan it, and nothing else.

    Left to itself the construct grants every way of reading, so it gets a role that it can't add to.
    """
    role = iam.Role(scope, "UserTableSourceServiceRole", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
    table.grant(role, "dynamodb:Scan")
    return appsync.DynamoDbDataSource(
        scope,
        "UserTableSource",
        api=api,
        table=table,
        read_only_access=True,
        service_role=role.without_policy_updates(),
    )
