"""What several dashboards share: their sessions and the record of acts, each in a table of its own."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

BY_PERSON = "ByPerson"


def make_sessions_table(scope: Construct) -> dynamodb.Table:
    """Return the table of sessions, sealed by the dashboards themselves; DynamoDB drops those that are over."""
    table = dynamodb.Table(
        scope,
        "SessionsTable",
        partition_key=text("id"),
        time_to_live_attribute="expires",
        encryption=dynamodb.TableEncryption.AWS_MANAGED,
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        removal_policy=RemovalPolicy.DESTROY,
    )
    table.add_global_secondary_index(
        index_name=BY_PERSON, partition_key=text("person"), projection_type=dynamodb.ProjectionType.KEYS_ONLY
    )
    return table


def make_record_table(scope: Construct) -> dynamodb.Table:
    """Return the table of the record of acts, which can be put back to any second of the last 35 days."""
    return dynamodb.Table(
        scope,
        "RecordTable",
        partition_key=text("chain"),
        sort_key=dynamodb.Attribute(name="number", type=dynamodb.AttributeType.NUMBER),
        encryption=dynamodb.TableEncryption.AWS_MANAGED,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        removal_policy=RemovalPolicy.DESTROY,
    )


def make_shared_tables_policy(
    scope: Construct, *, sessions: dynamodb.Table, record: dynamodb.Table
) -> iam.ManagedPolicy:
    """Return the managed policy for the dashboards' own credentials, and for nobody else's.

    No person has it: who could write these tables could sign others out and forge the record. The dashboards
    themselves can add to the record, but not delete from it.
    """
    return iam.ManagedPolicy(
        scope,
        "SharedTablesPolicy",
        description="What several Gatehouse dashboards share: sessions and the record of acts",
        statements=[
            leave(sessions.table_arn, "GetItem", "PutItem", "DeleteItem"),
            leave(f"{sessions.table_arn}/index/{BY_PERSON}", "Query"),
            leave(record.table_arn, "GetItem", "PutItem", "Query"),
        ],
    )


def leave(resource: str, *actions: str) -> iam.PolicyStatement:
    """Return the leave for DynamoDB `actions` on one table or index."""
    return iam.PolicyStatement(actions=[f"dynamodb:{action}" for action in actions], resources=[resource])


def text(name: str) -> dynamodb.Attribute:
    """Return a key attribute that holds text."""
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
