"""A data source is reached under its service role, as on AWS: what the role may not do, no resolver does."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import KEY, REGION, Api
from tests.contract.workshop import Workshop, document

SDL = """
type Query { get: Thing  list: Things  query: Things  indexed: Things }
type Mutation { put: Thing  rename: Thing  remove: Thing }
type Thing { id: ID }
type Things { items: [Thing] }
"""
ANSWER = "#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type)#end$util.toJson($ctx.result)"
REQUESTS = {
    "Query.get": '"GetItem", %(key)s',
    "Query.list": '"Scan"',
    "Query.query": '"Query", "query": {"expression": "id = :v", %(value)s}',
    "Query.indexed": '"Query", "index": "by-name", "query": {"expression": "#n = :v", %(name)s, %(value)s}',
    "Mutation.put": '"PutItem", %(key)s',
    "Mutation.rename": '"UpdateItem", %(key)s, "update": {"expression": "SET #n = :v", %(name)s, %(value)s}',
    "Mutation.remove": '"DeleteItem", %(key)s',
}
PARTS = {
    "key": '"key": {"id": {"S": "1"}}',
    "name": '"expressionNames": {"#n": "name"}',
    "value": '"expressionValues": {":v": {"S": "1"}}',
}
FIELDS = {
    "get": "{ get { id } }",
    "list": "{ list { items { id } } }",
    "query": "{ query { items { id } } }",
    "indexed": "{ indexed { items { id } } }",
    "put": "mutation { put { id } }",
    "rename": "mutation { rename { id } }",
    "remove": "mutation { remove { id } }",
}
INVOKE = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def role(workshop: Workshop) -> str:
    return workshop.service_role()


@pytest.fixture(scope="module")
def table(workshop: Workshop) -> str:
    """The ARN of a table with an index."""
    keys = [("id", "HASH")], [("name", "HASH")]
    by_id, by_name = ([{"AttributeName": name, "KeyType": kind} for name, kind in key] for key in keys)
    made = workshop.cloud.client("dynamodb").create_table(
        TableName=f"roles-{uuid4().hex}",
        KeySchema=by_id,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "name")],
        GlobalSecondaryIndexes=[
            {"IndexName": "by-name", "KeySchema": by_name, "Projection": {"ProjectionType": "ALL"}}
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return str(made["TableDescription"]["TableArn"])


@pytest.fixture(scope="module")
def api(workshop: Workshop, table: str, role: str) -> Api:
    """An API whose fields each run one operation on the table."""
    made = workshop.api(SDL, KEY)
    workshop.appsync.create_data_source(
        apiId=made.api_id,
        name="table",
        type="AMAZON_DYNAMODB",
        serviceRoleArn=role,
        dynamodbConfig={"tableName": table.rpartition("/")[2], "awsRegion": REGION},
    )
    for field, request in REQUESTS.items():
        parent, _, name = field.partition(".")
        workshop.appsync.create_resolver(
            apiId=made.api_id,
            typeName=parent,
            fieldName=name,
            dataSourceName="table",
            requestMappingTemplate='{"version": "2018-05-29", "operation": ' + request % PARTS + "}",
            responseMappingTemplate=ANSWER,
        )
    return made


@pytest.fixture(scope="module")
def key(workshop: Workshop, api: Api) -> dict[str, str]:
    return workshop.key(api)


def answered(api: Api, key: Mapping[str, str]) -> set[str]:
    """Return the fields that give no error."""
    return {field for field, query in FIELDS.items() if not api.ask(query, key).errors}


def allow(action: str, resource: str, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def session(role: str) -> str:
    """Return the ARN of the session in which AppSync has a role."""
    return role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/APPSYNC_ASSUME_ROLE"


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("GetItem", {"get"}),
        ("Scan", {"list"}),
        ("Query", {"query"}),
        ("PutItem", {"put"}),
        ("UpdateItem", {"rename"}),
        ("DeleteItem", {"remove"}),
        ("*", set(FIELDS) - {"indexed"}),
    ],
)
def test_an_operation_needs_the_right_of_its_name(
    workshop: Workshop, api: Api, key: dict[str, str], *, role: str, table: str, action: str, fields: set[str]
) -> None:
    workshop.allow(role, allow(f"dynamodb:{action}", table))
    assert answered(api, key) == fields


def test_a_refused_scan_says_who_may_not_do_what(
    workshop: Workshop, api: Api, key: dict[str, str], role: str, table: str
) -> None:
    workshop.allow(role, allow("dynamodb:Scan", table))
    assert api.ask(FIELDS["list"], key).errors == []
    workshop.allow(role, allow("dynamodb:GetItem", table))
    reply = api.ask(FIELDS["list"], key)
    assert (reply.status, reply.data) == (200, {"list": None})
    (error,) = reply.errors
    assert (error["errorType"], error["path"]) == ("DynamoDB:DynamoDbException", ["list"])
    assert error["message"].startswith(
        f"User: {session(role)} is not authorized to perform: dynamodb:Scan on resource: {table}"
        " because no identity-based policy allows the dynamodb:Scan action (Service: DynamoDb, Status Code: 400,"
    )
    workshop.allow(role, allow("dynamodb:Scan", table))
    assert api.ask(FIELDS["list"], key).errors == []


def test_an_index_is_a_resource_of_its_own(
    workshop: Workshop, api: Api, key: dict[str, str], role: str, table: str
) -> None:
    workshop.allow(role, allow("dynamodb:Query", f"{table}/index/*"))
    assert answered(api, key) == {"indexed"}
    workshop.allow(role, allow("dynamodb:Query", table))
    (told,) = api.ask(FIELDS["indexed"], key).messages
    assert f"on resource: {table}/index/by-name " in told


def test_denials_boundaries_and_attached_policies_count(
    workshop: Workshop, api: Api, key: dict[str, str], role: str, table: str
) -> None:
    every = allow("dynamodb:*", "*")
    name = role.rpartition("/")[2]
    workshop.allow(role, every, allow("dynamodb:Scan", table, "Deny"))
    assert answered(api, key) == set(FIELDS) - {"list"}
    (told,) = api.ask(FIELDS["list"], key).messages
    assert "with an explicit deny in an identity-based policy" in told
    made = workshop.iam.create_policy(
        PolicyName=f"p-{uuid4().hex}", PolicyDocument=document(allow("dynamodb:Scan", "*"))
    )
    attached = made["Policy"]["Arn"]
    workshop.allow(role, every)
    workshop.iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=attached)
    assert answered(api, key) == {"list"}
    workshop.iam.delete_role_permissions_boundary(RoleName=name)
    workshop.iam.delete_role_policy(RoleName=name, PolicyName="p")
    assert answered(api, key) == set()
    workshop.iam.attach_role_policy(RoleName=name, PolicyArn=attached)
    assert answered(api, key) == {"list"}
    narrower = document(allow("dynamodb:Query", table))
    workshop.iam.create_policy_version(PolicyArn=attached, PolicyDocument=narrower, SetAsDefault=True)
    assert answered(api, key) == {"query"}
    workshop.iam.detach_role_policy(RoleName=name, PolicyArn=attached)
    assert answered(api, key) == set()


def test_a_condition_is_asked_anew_with_every_call(
    workshop: Workshop, api: Api, key: dict[str, str], role: str, table: str
) -> None:
    tagged = {"StringEquals": {"aws:PrincipalTag/may": "yes"}}
    workshop.allow(role, allow("dynamodb:Scan", table, Condition=tagged))
    name = role.rpartition("/")[2]
    assert answered(api, key) == set()
    workshop.iam.tag_role(RoleName=name, Tags=[{"Key": "may", "Value": "yes"}])
    assert answered(api, key) == {"list"}
    workshop.iam.untag_role(RoleName=name, TagKeys=["may"])
    assert answered(api, key) == set()


def test_a_function_is_invoked_only_with_the_right_to(workshop: Workshop) -> None:
    api = workshop.api("type Query { open: String  must: String! }", KEY)
    role = workshop.service_role(INVOKE)
    attach(workshop, api, role, "open", "must")
    key = workshop.key(api)
    assert api.ask("{ open must }", key).data == {"open": "open", "must": "must"}
    workshop.allow(role, allow("lambda:InvokeFunction", f"{workshop.echo}-other"))
    reply = api.ask("{ open }", key)
    assert (reply.status, reply.data) == (200, {"open": None})
    (error,) = reply.errors
    assert error["errorType"] == "Lambda:LambdaException"
    assert error["message"].startswith(
        f"User: {session(role)} is not authorized to perform: lambda:InvokeFunction on resource: {workshop.echo}"
        " because no identity-based policy allows the lambda:InvokeFunction action (Service: Lambda, Status Code: 403,"
    )
    strict = api.ask("{ open must }", key)
    assert (strict.status, strict.data, len(strict.errors)) == (200, None, 2)
    workshop.allow(role, allow("lambda:InvokeFunction", workshop.echo))
    assert api.ask("{ open }", key).data == {"open": "open"}


OWN = {"StringEquals": {"aws:SourceAccount": "{account}"}, "ArnLike": {"aws:SourceArn": "{api}"}}
FOREIGN = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
OTHER_API = {"ArnLike": {"aws:SourceArn": "{api}-other"}}


@pytest.mark.parametrize(
    ("trust", "trusted"),
    [
        ({"Principal": {"Service": ["lambda.amazonaws.com", "appsync.amazonaws.com"]}}, True),
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, False),
        ({"Principal": {"AWS": "{account}"}}, False),
        ({"Action": "sts:AssumeRoleWithWebIdentity"}, False),
        ({"Effect": "Deny"}, False),
        ({"Condition": OWN}, True),
        ({"Condition": FOREIGN}, False),
        ({"Condition": OTHER_API}, False),
    ],
)
def test_the_role_has_to_trust_appsync(workshop: Workshop, trust: dict[str, Any], trusted: bool) -> None:
    api = workshop.api("type Query { open: String }", KEY)
    places = {"account": api.arn.split(":")[4], "api": api.arn}
    role = workshop.service_role(INVOKE, **filled(trust, places))
    attach(workshop, api, role, "open")
    reply = api.ask("{ open }", workshop.key(api))
    if trusted:
        assert reply.body == {"data": {"open": "open"}}
        return
    assert (reply.status, reply.data) == (200, {"open": None})
    (error,) = reply.errors
    assert (error["errorType"], error["message"]) == ("Lambda:LambdaException", f"Unable to assume role {role}.")


def test_trust_and_the_role_itself_count_from_the_next_call(workshop: Workshop) -> None:
    api = workshop.api("type Query { open: String }", KEY)
    role = workshop.service_role(INVOKE)
    attach(workshop, api, role, "open")
    key, name = workshop.key(api), role.rpartition("/")[2]
    assert api.ask("{ open }", key).data == {"open": "open"}
    foreign = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    workshop.iam.update_assume_role_policy(RoleName=name, PolicyDocument=document(foreign))
    assert api.ask("{ open }", key).messages == [f"Unable to assume role {role}."]
    settings = {"apiId": api.api_id, "name": "source", "type": "AWS_LAMBDA"}
    config = {"lambdaConfig": {"lambdaFunctionArn": workshop.echo}}
    workshop.appsync.update_data_source(**settings, **config, serviceRoleArn=workshop.source_role)
    assert api.ask("{ open }", key).data == {"open": "open"}
    gone = re.sub("/.*", "/no-such-role", role)
    workshop.appsync.update_data_source(**settings, **config, serviceRoleArn=gone)
    assert api.ask("{ open }", key).messages == [f"Unable to assume role {gone}."]


def attach(workshop: Workshop, api: Api, role: str, *fields: str) -> None:
    """Resolve root fields with a function, under a role."""
    workshop.appsync.create_data_source(
        apiId=api.api_id,
        name="source",
        type="AWS_LAMBDA",
        serviceRoleArn=role,
        lambdaConfig={"lambdaFunctionArn": workshop.echo},
    )
    for field in fields:
        workshop.appsync.create_resolver(apiId=api.api_id, typeName="Query", fieldName=field, dataSourceName="source")


def filled(value: Any, places: Mapping[str, str]) -> Any:
    """Return a value with the names in its texts filled in."""
    if isinstance(value, dict):
        return {name: filled(each, places) for name, each in value.items()}
    return value.format(**places) if isinstance(value, str) else value
