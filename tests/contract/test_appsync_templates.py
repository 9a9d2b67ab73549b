"""Unit resolvers with mapping templates, on DynamoDB tables, functions and nothing at all."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import KEY, REGION, Api
from tests.contract.workshop import Workshop

SDL = """
type Thing { id: ID!  name: String  size: Int }
type Things { items: [Thing]  nextToken: String }
type Query {
    get(id: ID!): Thing
    list(limit: Int, nextToken: String): Things
    other(limit: Int, nextToken: String): Things
    named(name: String!): Things
    byId(id: ID!): Things
    local(say: String): AWSJSON
    run(say: String): AWSJSON
    refused: String
    failing(kind: String): String
    broken: String
    garbage: String
    fails: String
    forgiven: String
}
type Mutation {
    put(id: ID!, name: String, size: Int): Thing
    rename(id: ID!, name: String!): Thing
    remove(id: ID!): Thing
    create(id: ID!): Thing
}
"""
RESULT = "$util.toJson($ctx.result)"
BAD_TOKEN = "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: Invalid pagination token given."
KEYED = '"key": {"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)}'
SCAN = """
#set($limit = $util.defaultIfNull($ctx.args.limit, 10))
{"version": "2018-05-29", "operation": "Scan", "limit": $limit, "nextToken": $util.toJson($ctx.args.nextToken)}
"""
PUT = """
#set($values = {})
#foreach($entry in $ctx.args.entrySet())
  #if($entry.key != "id")$util.qr($values.put($entry.key, $entry.value))#end
#end
{"version": "2018-05-29", "operation": "PutItem", %s,
 "attributeValues": $util.dynamodb.toMapValuesJson($values) %s}
"""
NEW = ', "condition": {"expression": "attribute_not_exists(id)"}'
ERROR = "#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type)#end$util.toJson($ctx.result)"
TABLE_RESOLVERS = {
    "Query.get": ('{"version": "2018-05-29", "operation": "GetItem", ' + KEYED + "}", RESULT),
    "Query.list": (SCAN, RESULT),
    "Query.other": (SCAN, ERROR),
    "Query.named": (
        (
            '{"version": "2018-05-29", "operation": "Scan", "filter": {"expression": "#n = :n",'
            ' "expressionNames": {"#n": "name"},'
            ' "expressionValues": {":n": $util.dynamodb.toStringJson($ctx.args.name)}}}'
        ),
        RESULT,
    ),
    "Query.byId": (
        (
            '{"version": "2018-05-29", "operation": "Query", "query": {"expression": "id = :id",'
            ' "expressionValues": {":id": $util.dynamodb.toDynamoDBJson($ctx.args.id)}}}'
        ),
        RESULT,
    ),
    "Mutation.put": (PUT % (KEYED, ""), RESULT),
    "Mutation.create": (PUT % (KEYED, NEW), ERROR),
    "Mutation.rename": (
        '{"version": "2018-05-29", "operation": "UpdateItem", ' + KEYED + ', "update": {"expression": "SET #n = :n",'
        ' "expressionNames": {"#n": "name"}, "expressionValues": {":n": {"S": "$ctx.args.name"}}}}',
        RESULT,
    ),
    "Mutation.remove": ('{"version": "2018-05-29", "operation": "DeleteItem", ' + KEYED + "}", RESULT),
}
LOCAL = (
    '{"version": "2018-05-29", "payload": {"said": $util.toJson($ctx.args.say), "who": $util.toJson($ctx.identity)}}'
)
NONE_RESOLVERS = {
    "Query.local": (LOCAL, RESULT),
    "Query.refused": ("$util.unauthorized()", RESULT),
    "Query.failing": ('$util.error("No such $ctx.args.kind", "NoSuchThing", {"a": 1}, {"b": 2})', RESULT),
    "Query.broken": ("#if(", RESULT),
    "Query.garbage": ('{"version": "2018-05-29", "payload": }', RESULT),
}
INVOKE = '{"version": "%s", "operation": "Invoke", "payload": {"info": {"fieldName": "%s"}, "said": "$!ctx.args.say"}}'
FUNCTION_RESOLVERS = {
    "Query.run": (INVOKE % ("2018-05-29", "event"), "$util.toJson($util.parseJson($ctx.result))"),
    "Query.fails": (INVOKE % ("2017-02-28", "fails"), '"never"'),
    "Query.forgiven": (INVOKE % ("2018-05-29", "fails"), '"instead of: $ctx.error.message"'),
}


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def api(workshop: Workshop) -> Api:
    """An API on a table with six things."""
    table = f"things-{uuid4().hex}"
    tables = workshop.cloud.client("dynamodb")
    tables.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(6):
        item = {"id": {"S": f"t{number}"}, "name": {"S": "odd" if number % 2 else "even"}, "size": {"N": str(number)}}
        tables.put_item(TableName=table, Item=item)
    api = workshop.api(SDL, KEY)
    config = {"dynamodbConfig": {"tableName": table, "awsRegion": REGION}}
    source(workshop, api, "table", "AMAZON_DYNAMODB", serviceRoleArn=workshop.source_role, **config)
    source(workshop, api, "nothing", "NONE")
    source(
        workshop,
        api,
        "function",
        "AWS_LAMBDA",
        serviceRoleArn=workshop.source_role,
        lambdaConfig={"lambdaFunctionArn": workshop.echo},
    )
    for name, resolvers in (
        ("table", TABLE_RESOLVERS),
        ("nothing", NONE_RESOLVERS),
        ("function", FUNCTION_RESOLVERS),
    ):
        for field, templates in resolvers.items():
            resolver(workshop, api, field, name, templates)
    return api


@pytest.fixture(scope="module")
def key(workshop: Workshop, api: Api) -> dict[str, str]:
    return workshop.key(api)


def source(workshop: Workshop, api: Api, name: str, kind: str, **config: Any) -> None:
    workshop.appsync.create_data_source(apiId=api.api_id, name=name, type=kind, **config)


def resolver(workshop: Workshop, api: Api, field: str, source: str, templates: tuple[str, str]) -> None:
    parent, _, name = field.partition(".")
    request, response = templates
    workshop.appsync.create_resolver(
        apiId=api.api_id,
        typeName=parent,
        fieldName=name,
        dataSourceName=source,
        requestMappingTemplate=request,
        responseMappingTemplate=response,
    )


def test_a_row_is_read_by_its_key(api: Api, key: dict[str, str]) -> None:
    query = 'query { one: get(id: "t1") { id name size } none: get(id: "t9") { id } }'
    assert api.ask(query, key).data == {"one": {"id": "t1", "name": "odd", "size": 1}, "none": None}


@pytest.mark.row("6 `nextToken` is opaque")
def test_pages_walk_over_every_row_once(api: Api, key: dict[str, str]) -> None:
    seen: list[str] = []
    token = None
    for _ in range(10):
        query = "query($t: String) { list(limit: 4, nextToken: $t) { items { id } nextToken } }"
        page = api.ask(query, key, variables={"t": token}).data["list"]
        seen += [item["id"] for item in page["items"]]
        token = page["nextToken"]
        if token is None:
            break
        assert seen[-1] not in token
        assert "LastEvaluatedKey" not in token
    assert sorted(seen) == [f"t{number}" for number in range(6)]


@pytest.mark.row("6 `nextToken` of another resolver")
def test_a_token_of_another_resolver_or_of_nobody_is_refused(api: Api, key: dict[str, str]) -> None:
    token = api.ask("{ list(limit: 2) { nextToken } }", key).data["list"]["nextToken"]
    for wrong in (token, "abc", token[:-4] + "AAAA"):
        reply = api.ask("query($t: String) { other(nextToken: $t) { nextToken } }", key, variables={"t": wrong})
        assert (reply.data, reply.messages) == ({"other": None}, [BAD_TOKEN])
        assert reply.errors[0]["errorType"] == "DynamoDB:UserIllegalArgumentException"
    tampered = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    reply = api.ask("query($t: String) { list(nextToken: $t) { items { id } } }", key, variables={"t": tampered})
    assert reply.data == {"list": None}


def test_rows_are_filtered_and_queried(api: Api, key: dict[str, str]) -> None:
    data = api.ask('{ named(name: "odd") { items { id } } byId(id: "t2") { items { size } } }', key).data
    assert sorted(item["id"] for item in data["named"]["items"]) == ["t1", "t3", "t5"]
    assert data["byId"] == {"items": [{"size": 2}]}


def test_rows_are_put_changed_and_removed(api: Api, key: dict[str, str]) -> None:
    put = 'mutation { put(id: "new", name: "n", size: 7) { id name size } }'
    assert api.ask(put, key).data == {"put": {"id": "new", "name": "n", "size": 7}}
    rename = 'mutation { rename(id: "new", name: "m") { name size } }'
    assert api.ask(rename, key).data == {"rename": {"name": "m", "size": 7}}
    assert api.ask('mutation { remove(id: "new") { name } }', key).data == {"remove": {"name": "m"}}
    assert api.ask('{ get(id: "new") { id } }', key).data == {"get": None}


def test_a_condition_that_fails_is_an_error_of_dynamodb(api: Api, key: dict[str, str]) -> None:
    reply = api.ask('mutation { create(id: "t1") { id } }', key)
    assert reply.data == {"create": None}
    assert reply.errors[0]["errorType"] == "DynamoDB:ConditionalCheckFailedException"
    assert api.ask('{ get(id: "t1") { name } }', key).data == {"get": {"name": "odd"}}


def test_a_local_resolver_gives_its_payload(api: Api, key: dict[str, str]) -> None:
    said = 'a "quoted" word'
    data = api.ask("query($s: String) { local(say: $s) }", key, variables={"s": said}).data
    assert json.loads(data["local"]) == {"said": said, "who": None}


def test_a_function_gets_the_payload_of_the_template(api: Api, key: dict[str, str]) -> None:
    event = json.loads(api.ask('{ run(say: "hi") }', key).data["run"])
    assert event == {"info": {"fieldName": "event"}, "said": "hi"}


def test_a_failed_function_is_the_response_template_s_business_since_2018(api: Api, key: dict[str, str]) -> None:
    reply = api.ask("{ fails forgiven }", key)
    assert reply.data == {"fails": None, "forgiven": "instead of: no such page"}
    assert [(error["path"], error["errorType"]) for error in reply.errors] == [(["fails"], "Lambda:Unhandled")]


@pytest.mark.row("2.3 `util.unauthorized()` in a resolver")
def test_a_template_may_refuse(api: Api, key: dict[str, str]) -> None:
    reply = api.ask("{ refused }", key)
    assert (reply.status, reply.data, reply.errors[0]["errorType"]) == (200, {"refused": None}, "Unauthorized")


def test_a_template_s_own_error_has_all_that_it_says(api: Api, key: dict[str, str]) -> None:
    (error,) = api.ask('{ failing(kind: "cat") }', key).errors
    assert (error["message"], error["errorType"]) == ("No such cat", "NoSuchThing")
    assert (error["data"], error["errorInfo"]) == ({"a": 1}, {"b": 2})


@pytest.mark.row("3.4 Mapping template fault")
@pytest.mark.parametrize("field", ["broken", "garbage"])
def test_a_faulty_template_fails_its_field(api: Api, key: dict[str, str], field: str) -> None:
    reply = api.ask(f"{{ {field} }}", key)
    assert (reply.status, reply.data, reply.errors[0]["errorType"]) == (200, {field: None}, "MappingTemplate")


@pytest.mark.row("6 Sizes of templates and of the schema")
@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("#return", "#return"),
        ("$ctx.__class__", "underscore"),
        ("${ctx.args._private}", "underscore"),
        ("#" * 65_537, "65536"),
    ],
)
def test_a_template_that_is_not_run_here_is_refused_when_it_is_made(
    workshop: Workshop, api: Api, template: str, kind: str
) -> None:
    for templates in ((template, RESULT), (LOCAL, template)):
        with pytest.raises(workshop.appsync.exceptions.BadRequestException, match=kind):
            resolver(workshop, api, "Query.local", "nothing", templates)


def test_a_data_source_without_templates_is_refused_unless_it_is_a_function(workshop: Workshop, api: Api) -> None:
    for name in ("table", "nothing"):
        with pytest.raises(workshop.appsync.exceptions.BadRequestException, match="without both mapping templates"):
            workshop.appsync.create_resolver(apiId=api.api_id, typeName="Query", fieldName="local", dataSourceName=name)
