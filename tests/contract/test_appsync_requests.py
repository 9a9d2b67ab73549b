"""Requests as such: bodies, operations, validation, introspection, limits, and configuration that changes."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.appsync import IAM, KEY, Api
from tests.contract.workshop import Workshop

SDL = """
type Query {
  f: Int
  echo(text: String, must: ID): String
  required(id: ID!): String
  user: User
  fails: String
  event(n: Int, list: [String]): String
  unresolved: String
  shut: String @aws_iam
}
type User { name: String!  friend: User  picture: AWSURL }
type Mutation { change: Int }
"""
VALUES = {
    "f": 1,
    "user": {"name": "Ada", "friend": {"name": "Bo"}, "picture": "https://example.com/p.svg"},
    "change": 2,
}
FIELDS = ("Query.f", "Query.user", "Query.fails", "Query.event", "Mutation.change")
UNPARSABLE = (400, "MalformedHttpRequestException", "Unable to parse GraphQL query.")


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def api(workshop: Workshop) -> Api:
    return workshop.api(SDL, KEY, IAM, resolve=FIELDS, values=VALUES)


@pytest.fixture(scope="module")
def key(workshop: Workshop, api: Api) -> dict[str, str]:
    return workshop.key(api)


@pytest.mark.row("3.4 Empty body")
def test_an_empty_body_is_told_so(api: Api, key: dict[str, str]) -> None:
    assert api.send(b"", key).refusal == (400, "MalformedHttpRequestException", "Request body is empty.")


@pytest.mark.row("3.4 Body `meow`, `{}`, `{}}` or `[]`")
@pytest.mark.parametrize("body", [b"meow", b"{}", b"{}}", b"[]", b'{"query": "{ f"}'])
def test_a_body_without_a_query_is_unparsable(api: Api, key: dict[str, str], body: bytes) -> None:
    assert api.send(body, key).refusal == UNPARSABLE


@pytest.mark.row("3.4 Unknown field")
def test_an_unknown_field_is_the_captured_body(api: Api, key: dict[str, str]) -> None:
    reply = api.ask("{badfield}", key)
    assert reply.status == 200
    assert reply.text == (
        '{"data":null,"errors":[{"path":null,"locations":[{"line":1,"column":2,"sourceName":null}],'
        "\"message\":\"Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined"
        " @ 'badfield'\"}]}"
    )


@pytest.mark.row("3.4 Unknown argument")
def test_an_unknown_argument_is_named(api: Api, key: dict[str, str]) -> None:
    reply = api.ask("{ f(x: 1) }", key)
    assert reply.messages == ["Validation error of type UnknownArgument: Unknown field argument x @ 'f'"]


@pytest.mark.row("3.4 Missing required variables")
def test_a_missing_variable_is_told_with_status_200(api: Api, key: dict[str, str]) -> None:
    reply = api.ask("query($i: ID!) { required(id: $i) }", key)
    assert (reply.status, reply.data) == (200, None)
    assert reply.messages == ["Variable 'i' has coerced Null value for NonNull type 'ID!'"]


@pytest.mark.row("3.4 Several operations, no operationName")
def test_several_operations_need_a_name(api: Api, key: dict[str, str]) -> None:
    two = "query A { f } query B { __typename }"
    assert api.ask(two, key).refusal == (400, "BadRequestException", "Missing operation name.")
    assert api.ask(two, key, operation="B").data == {"__typename": "Query"}


@pytest.mark.row("3.4 No schema on the API")
def test_an_api_without_a_schema_says_so(workshop: Workshop) -> None:
    made = workshop.appsync.create_graphql_api(name="bare", **KEY)["graphqlApi"]
    bare = Api(workshop.cloud, made["apiId"], made["arn"])
    assert bare.ask("{ f }", workshop.key(bare)).refusal == (
        502,
        "GraphQLSchemaException",
        "No schema definition exists.",
    )


@pytest.mark.row("3.4 GET with query parameters")
def test_a_query_may_come_in_the_address(api: Api, key: dict[str, str]) -> None:
    address = f"{api.path}?{urlencode({'query': 'query Q { f }', 'operationName': 'Q'})}"
    assert wire.send(api.cloud, "GET", address, key).json() == {"data": {"f": 1}}
    address = f"{api.path}?{urlencode({'query': 'mutation { change }'})}"
    assert set(wire.send(api.cloud, "GET", address, key).json()["data"]) == {"change"}


@pytest.mark.row("3.4 Content types")
@pytest.mark.parametrize("kind", ["application/json", "application/graphql", "text/plain"])
def test_a_json_body_is_read_whatever_it_calls_itself(api: Api, key: dict[str, str], kind: str) -> None:
    body = json.dumps({"query": "{ f }"}).encode()
    assert api.send(body, {**key, "Content-Type": kind}).data == {"f": 1}


@pytest.mark.row("3.4 Field without resolver")
def test_a_field_without_a_resolver_is_null_without_an_error(api: Api, key: dict[str, str]) -> None:
    assert api.ask("{ unresolved }", key).body == {"data": {"unresolved": None}}


@pytest.mark.row("3.4 CORS pre-flight")
def test_a_preflight_needs_no_credentials(api: Api) -> None:
    reply = api.send(b"", method="OPTIONS")
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "*")


def test_a_function_s_exception_is_the_field_s_error(api: Api, key: dict[str, str]) -> None:
    reply = api.ask("{ f fails }", key)
    assert reply.data == {"f": 1, "fails": None}
    assert reply.errors == [
        {
            "path": ["fails"],
            "data": None,
            "errorType": "Lambda:Unhandled",
            "errorInfo": None,
            "locations": [{"line": 1, "column": 5, "sourceName": None}],
            "message": "no such page",
        }
    ]


def test_a_function_gets_the_event_of_a_direct_lambda_resolver(api: Api, key: dict[str, str]) -> None:
    query = 'query Q($n: Int) { told: event(n: $n, list: ["a"]) }'
    event = json.loads(api.ask(query, {**key, "X-Other": "o"}, variables={"n": 3}).data["told"])
    assert set(event) == {"arguments", "identity", "source", "request", "prev", "info", "stash"}
    assert event["arguments"] == {"n": 3, "list": ["a"]}
    assert event["request"]["headers"]["x-other"] == "o"
    assert event["info"] == {
        "selectionSetList": [],
        "selectionSetGraphQL": "",
        "parentTypeName": "Query",
        "fieldName": "event",
        "variables": {"n": 3},
    }


def test_aliases_fragments_and_directives_of_graphql_are_honoured(api: Api, key: dict[str, str]) -> None:
    query = """
    query Q($no: Boolean!) { ...F  left: f @include(if: $no) }
    fragment F on Query { me: user { ... on User { __typename name } } }
    """
    assert api.ask(query, key, variables={"no": False}).data == {"me": {"__typename": "User", "name": "Ada"}}


@pytest.mark.row("2.5 Introspection is not filtered by caller")
@pytest.mark.row("2.1 Introspection lists the directives")
def test_introspection_shows_everything_to_whoever_has_a_credential(api: Api, key: dict[str, str]) -> None:
    query = '{ __type(name: "Query") { fields { name } } __schema { directives { name locations } } }'
    reply = api.ask(query, key)
    assert "shut" in [field["name"] for field in reply.data["__type"]["fields"]]
    directives = {item["name"]: item["locations"] for item in reply.data["__schema"]["directives"]}
    both = ["OBJECT", "FIELD_DEFINITION"]
    for name in ("aws_api_key", "aws_iam", "aws_oidc", "aws_lambda", "aws_cognito_user_pools"):
        assert directives[name] == both
    assert directives["aws_auth"] == ["FIELD_DEFINITION"]


@pytest.mark.row("2.5 introspectionConfig DISABLED")
@pytest.mark.row("2.5 `__typename` still resolves when introspection is disabled")
def test_disabled_introspection_is_a_validation_error(workshop: Workshop) -> None:
    closed = workshop.api(SDL, KEY, introspectionConfig="DISABLED")
    key = workshop.key(closed)
    reply = closed.ask("{ __schema { types { name } } }", key)
    assert (reply.status, reply.data) == (200, None)
    assert reply.messages == [
        "Validation error of type FieldUndefined: Field 'types' in type '__Schema' is undefined @ '__schema/types'"
    ]
    around = "{ ...F } fragment F on Query { s: __schema { ...S } } fragment S on __Schema { types { name } }"
    assert closed.ask(around, key).data is None
    assert closed.ask("{ __typename }", key).data == {"__typename": "Query"}
    workshop.appsync.update_graphql_api(apiId=closed.api_id, name="api", introspectionConfig="ENABLED", **KEY)
    assert closed.ask("{ __schema { queryType { name } } }", key).errors == []


@pytest.mark.row("3.4 Query depth over queryDepthLimit")
def test_fields_too_deep_are_null_and_the_others_have_data(workshop: Workshop) -> None:
    shallow = workshop.api(SDL, KEY, resolve=("Query.user",), values=VALUES, queryDepthLimit=2)
    key = workshop.key(shallow)
    reply = shallow.ask("{ user { name } }", key)
    assert reply.body == {"data": {"user": {"name": "Ada"}}}
    reply = shallow.ask("{ user { name friend { picture } } }", key)
    assert reply.data == {"user": {"name": "Ada", "friend": {"picture": None}}}
    assert [error["errorType"] for error in reply.errors] == ["QueryDepthLimitReached"]
    assert shallow.ask("{ user { name friend { name } } }", key).data == {"user": {"name": "Ada", "friend": None}}


@pytest.mark.row("3.4 Resolvers over resolverCountLimit")
def test_resolvers_past_the_limit_fail_and_the_earlier_ones_keep_their_data(workshop: Workshop) -> None:
    counted = workshop.api(SDL, KEY, resolve=("Query.f",), values=VALUES, resolverCountLimit=2)
    reply = counted.ask("{ a: f b: f c: f }", workshop.key(counted))
    assert reply.data == {"a": 1, "b": 1, "c": None}
    assert [error["errorType"] for error in reply.errors] == ["ResolverExecutionLimitReached"]


@pytest.mark.row("3.4 Query over 15,000 tokens")
def test_a_query_of_too_many_tokens_is_refused(api: Api, key: dict[str, str]) -> None:
    assert "Maximum char length exceeded" in api.ask("{" + " f" * 15_001 + "}", key).text


# Answers whether the function of the other field came while this one waited for it.
MEETING = """
import os, pathlib, tempfile, time
def handler(event, context):
    field = event["info"]["fieldName"]
    place = pathlib.Path(tempfile.gettempdir())
    (place / (os.environ["NAME"] + field)).touch()
    other = place / (os.environ["NAME"] + {"a": "b", "b": "a"}[field])
    deadline = time.monotonic() + 20
    while not other.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return other.exists()
"""


def test_root_fields_are_resolved_side_by_side(workshop: Workshop) -> None:
    api = workshop.api("type Query { a: Boolean  b: Boolean }", KEY)
    for name in ("a", "b"):
        workshop.appsync.create_data_source(
            apiId=api.api_id,
            name=name,
            type="AWS_LAMBDA",
            serviceRoleArn=workshop.source_role,
            lambdaConfig={"lambdaFunctionArn": workshop.function(MEETING, NAME=f"met-{api.api_id}-")},
        )
        workshop.appsync.create_resolver(apiId=api.api_id, typeName="Query", fieldName=name, dataSourceName=name)
    assert api.ask("{ a b }", workshop.key(api)).data == {"a": True, "b": True}


def test_a_broken_schema_is_failed_and_the_one_before_it_stays(
    workshop: Workshop, api: Api, key: dict[str, str]
) -> None:
    for broken in ("type Query {", "type Query { f: Nowhere }", "type Mutation { change: Int }"):
        status = workshop.schema(api, broken)
        assert status["status"] == "FAILED"
        assert status["details"]
    assert api.ask("{ f }", key).data == {"f": 1}


def test_types_are_told_as_the_schema_has_them(workshop: Workshop) -> None:
    """MiniStack tells none of a schema's, and keeps those that nothing reads."""
    api = workshop.api('"Asked for" type Query @aws_iam { f(n: Int = 1): [E!] @aws_api_key } enum E { A }', KEY)
    types = workshop.appsync.list_types(apiId=api.api_id, format="SDL")["types"]
    assert {each["name"]: each["definition"] for each in types} == {
        "Query": '"Asked for"\ntype Query @aws_iam {\n  f(n: Int = 1): [E!] @aws_api_key\n}',
        "E": "enum E {\n  A\n}",
    }
    told = workshop.appsync.get_type(apiId=api.api_id, typeName="Query", format="JSON")["type"]
    assert (told["description"], told["arn"]) == ("Asked for", f"{api.arn}/types/Query")
    assert json.loads(told["definition"])["fields"][0]["name"] == "f"
    with pytest.raises(workshop.appsync.exceptions.NotFoundException):
        workshop.appsync.get_type(apiId=api.api_id, typeName="Int", format="SDL")
    with pytest.raises(workshop.appsync.exceptions.BadRequestException, match="StartSchemaCreation"):
        workshop.appsync.create_type(apiId=api.api_id, definition="enum F { A }", format="SDL")
    bare = workshop.appsync.create_graphql_api(name="bare", authenticationType="API_KEY")["graphqlApi"]["apiId"]
    assert workshop.appsync.list_types(apiId=bare, format="SDL")["types"] == []


def test_a_new_schema_and_a_new_mode_count_at_once(workshop: Workshop) -> None:
    api = workshop.api("type Query { f: Int }", KEY, resolve=("Query.f",), values=VALUES)
    key = workshop.key(api)
    assert api.ask("{ f }", key).data == {"f": 1}
    assert workshop.schema(api, "type Query { f: Int @aws_iam }")["status"] == "SUCCESS"
    assert api.ask("{ f }", key).data == {"f": None}
    workshop.appsync.update_graphql_api(apiId=api.api_id, name="api", **IAM)
    assert api.ask("{ f }", key).refusal[2] == "Valid authorization header not provided."
    assert api.signed("{ f }", workshop.iam_user(f"{api.arn}/*")).data == {"f": 1}


@pytest.mark.parametrize(
    ("resolver", "kind"),
    [
        (
            {"code": "export function request() {}", "runtime": {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}},
            "JavaScript",
        ),
        ({"kind": "PIPELINE", "pipelineConfig": {"functions": []}}, "PIPELINE"),
    ],
)
def test_a_resolver_that_is_not_run_here_is_refused_when_it_is_made(
    workshop: Workshop, api: Api, resolver: dict[str, Any], kind: str
) -> None:
    with pytest.raises(workshop.appsync.exceptions.BadRequestException, match=kind):
        workshop.appsync.create_resolver(
            apiId=api.api_id, typeName="Query", fieldName="unresolved", dataSourceName="values", **resolver
        )


def test_a_data_source_that_is_not_run_here_is_refused_when_it_is_made(workshop: Workshop, api: Api) -> None:
    web = {"type": "HTTP", "httpConfig": {"endpoint": "https://web.example"}}
    for call in (workshop.appsync.create_data_source, workshop.appsync.update_data_source):
        with pytest.raises(workshop.appsync.exceptions.BadRequestException, match="HTTP data sources"):
            call(apiId=api.api_id, name="values", **web)


@pytest.mark.parametrize("kind", ["AWS_LAMBDA", "AMAZON_DYNAMODB"])
def test_a_data_source_needs_its_settings_and_a_role(workshop: Workshop, api: Api, kind: str) -> None:
    whole = {
        "serviceRoleArn": workshop.source_role,
        "lambdaConfig": {"lambdaFunctionArn": workshop.echo},
        "dynamodbConfig": {"tableName": "t", "awsRegion": "us-east-1"},
    }
    needed = {"AWS_LAMBDA": "lambdaConfig", "AMAZON_DYNAMODB": "dynamodbConfig"}[kind]
    for missing, said in (("serviceRoleArn", "Service role arn not specified."), (needed, f"{kind} needs {needed}")):
        given = {name: value for name, value in whole.items() if name != missing}
        with pytest.raises(workshop.appsync.exceptions.BadRequestException, match=said):
            workshop.appsync.create_data_source(apiId=api.api_id, name="half", type=kind, **given)


def test_a_name_and_a_field_are_given_once(workshop: Workshop) -> None:
    """MiniStack takes a second one for the first one's replacement."""
    api = workshop.api("type Query { f: Int }", KEY, resolve=("Query.f",), values=VALUES)
    bad_request = workshop.appsync.exceptions.BadRequestException
    with pytest.raises(bad_request, match="already exists"):
        workshop.appsync.create_data_source(apiId=api.api_id, name="values", type="NONE")
    field = {"apiId": api.api_id, "typeName": "Query", "fieldName": "f", "dataSourceName": "values"}
    with pytest.raises(bad_request, match="Only one resolver"):
        workshop.appsync.create_resolver(**field)
    workshop.appsync.update_resolver(**field)
    assert api.ask("{ f }", workshop.key(api)).data == {"f": 1}


@pytest.mark.parametrize(("parent", "name"), [("Nowhere", "f"), ("Query", "nowhere")])
def test_a_resolver_for_a_field_that_no_type_has_is_not_found(
    workshop: Workshop, api: Api, parent: str, name: str
) -> None:
    with pytest.raises(workshop.appsync.exceptions.NotFoundException, match=r"[Nn]owhere"):
        workshop.appsync.create_resolver(apiId=api.api_id, typeName=parent, fieldName=name, dataSourceName="values")


def test_a_resolver_on_a_data_source_that_is_not_there_is_not_found(workshop: Workshop, api: Api) -> None:
    with pytest.raises(workshop.appsync.exceptions.NotFoundException):
        workshop.appsync.create_resolver(
            apiId=api.api_id, typeName="Query", fieldName="unresolved", dataSourceName="nowhere"
        )


def test_a_template_with_a_broken_schema_does_not_deploy(workshop: Workshop) -> None:
    formation = workshop.cloud.client("cloudformation")
    template = {
        "Resources": {
            "Api": {"Type": "AWS::AppSync::GraphQLApi", "Properties": {"Name": "a", "AuthenticationType": "API_KEY"}},
            "Schema": {
                "Type": "AWS::AppSync::GraphQLSchema",
                "Properties": {"ApiId": {"Fn::GetAtt": ["Api", "ApiId"]}, "Definition": "type Query { f: Nowhere }"},
            },
        }
    }
    formation.create_stack(StackName="broken-schema", TemplateBody=json.dumps(template))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        (stack,) = formation.describe_stacks(StackName="broken-schema")["Stacks"]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            break
        time.sleep(0.05)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = formation.describe_stack_events(StackName="broken-schema")["StackEvents"]
    assert any("Unknown type 'Nowhere'" in event.get("ResourceStatusReason", "") for event in events)
