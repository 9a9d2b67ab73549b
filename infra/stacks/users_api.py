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
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from .functions import python_function

SCHEMA = Path(__file__).parent.parent / "users_api" / "schema.graphql"


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
    """Return the API: the user pool by default, IAM besides, `listUsers` answered by a Python function."""
    api = appsync.GraphqlApi(
        scope,
        "UsersApi",
        name="Users",
        definition=appsync.Definition.from_file(str(SCHEMA)),
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
    function = make_list_function(scope, table)
    source = api.add_lambda_data_source("ListUsersSource", function)
    source.create_resolver("ListUsersResolver", type_name="Query", field_name="listUsers")
    return api


def make_list_function(scope: Construct, table: dynamodb.Table) -> lambda_.Function:
    """Return the resolver of `listUsers`, with the key that seals its page tokens.

    Secrets Manager makes the key at deployment: nobody has to invent one, and no template holds it.
    """
    token_key = secretsmanager.CfnSecret(
        scope,
        "PageTokenKey",
        description="Seals the page tokens of listUsers",
        generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
            password_length=64, exclude_punctuation=True
        ),
    )
    token_key.apply_removal_policy(RemovalPolicy.DESTROY)
    function = python_function(
        scope,
        "ListUsers",
        source="list_users.py",
        environment={"TABLE_NAME": table.table_name, "TOKEN_KEY_ARN": token_key.attr_id},
    )
    table.grant(function, "dynamodb:Scan")
    function.add_to_role_policy(
        iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[token_key.attr_id])
    )
    return function
