"""Requests as such: bodies, operations, variables, limits, and the order of the checks."""

import json
from dataclasses import replace
from typing import Any

import pytest

from local_cloud.appsync.model import HttpRequest, Mode
from tests.local_cloud.appsync.fakes import NOW, Client, FakeCloud, Reply, make_api, request

KEY = {"x_api_key": "k"}
SDL = """
type Query { f(n: Int, must: ID): Int  user(id: ID!): User  all: [User]  search(input: Filter): Int }
type User { name: String  friend: User  sure: User! }
input Filter { name: String! }
type Mutation { set: Int }
type Subscription { onSet: Int @aws_subscribe(mutations: ["set"]) }
"""
UNPARSABLE = (400, "MalformedHttpRequestException", "Unable to parse GraphQL query.")


def cloud(**changes: Any) -> FakeCloud:
    made = FakeCloud(make_api(Mode.API_KEY, **changes), SDL, keys={"k": int(NOW) + 7200})
    made.resolve("Query", "f", lambda event: event["arguments"].get("n", 0))
    made.resolve("Query", "user", lambda _event: {"name": "Ada", "friend": {"name": "Bo", "friend": None}})
    made.resolve("Query", "all", lambda _event: [{"name": "Ada"}, {"name": "Bo"}])
    made.resolve("Mutation", "set", lambda _event: 1)
    return made


def ask(query: str, variables: Any = None, operation: str | None = None, **changes: Any) -> Reply:
    return Client(cloud(**changes)).ask(query, variables=variables, operation=operation, **KEY)


def send(body: Any) -> Reply:
    return Client(cloud()).send(request(body, {"x-api-key": "k"}))


def test_an_empty_body_is_told_so() -> None:
    assert send(b"").refusal == (400, "MalformedHttpRequestException", "Request body is empty.")


@pytest.mark.parametrize(
    "body",
    [
        b"meow",
        b"{}",
        b"{}}",
        b"[]",
        b'"{ f }"',
        b"\xff",
        b"[" * 100_000,
        {"query": ""},
        {"query": 1},
        {"query": "{ f"},
        {"query": "meow"},
        {"query": "fragment F on Query { f }"},
        {"query": "{ f }", "variables": "{}"},
        {"query": "{ f }", "variables": []},
        {"query": "{ f }", "operationName": 1},
        {"query": "{ f }", "variables": {"n": float("nan")}},
        b'{"query": "{ f }", "variables": {"n": -Infinity}}',
        {"query": "{" + " friend {" * 250 + "name" + "}" * 250 + "}"},
        {"query": "query($n: " + "[" * 5_000 + "Int" + "]" * 5_000 + ") { f(n: $n) }"},
        {"query": "{ search(input: " + "[" * 300 + "]" * 300 + ") }"},
        {"query": "{ ...F0 }" + "".join(f" fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(1_500))},
    ],
)
def test_a_body_without_a_graphql_query_is_unparsable(body: Any) -> None:
    assert send(body).refusal == UNPARSABLE


def test_a_long_query_is_told_by_its_length_and_not_by_its_words() -> None:
    assert ask("tokens").refusal == UNPARSABLE
    assert ask('"Syntax Error: Document contains more than 15000 tokens"').refusal == UNPARSABLE


def test_what_is_nested_less_deep_is_read() -> None:
    assert ask("{" + " ... {" * 190 + "f" + "}" * 190 + "}").data == {"f": 0}


def test_credentials_are_judged_before_the_body() -> None:
    assert Client(cloud()).send(request(b"")).refusal[1] == "UnauthorizedException"


def test_an_api_without_a_schema_says_so() -> None:
    made = cloud()
    made.sdl = None
    assert Client(made).ask("{ f }", **KEY).refusal == (
        502,
        "GraphQLSchemaException",
        "No schema definition exists.",
    )


def test_an_api_with_a_broken_schema_fails_as_a_service() -> None:
    made = cloud()
    made.sdl = "type Query { f: Nowhere }"
    assert Client(made).ask("{ f }", **KEY).refusal[:2] == (502, "GraphQLSchemaException")


def test_an_unknown_api_is_not_found() -> None:
    made = cloud()
    made.the_api = replace(made.the_api, api_id="another")
    assert Client(made).ask("{ f }", **KEY).refusal[:2] == (404, "NotFoundException")


def test_a_change_of_the_configuration_takes_effect_at_once() -> None:
    made = cloud()
    client = Client(made)
    assert client.ask("{ f }", **KEY).data == {"f": 0}
    made.sdl = "type Query { f: Int @aws_iam }"
    assert client.ask("{ f }", **KEY).errors[0]["errorType"] == "Unauthorized"
    made.keys.clear()
    assert client.ask("{ f }", **KEY).status == 401


TWO = "query A { f } query B { f(n: 2) }"


def test_several_operations_need_a_name() -> None:
    assert ask(TWO).refusal == (400, "BadRequestException", "Missing operation name.")
    assert ask(TWO, operation="B").data == {"f": 2}
    assert ask(TWO, operation="C").refusal[:2] == (400, "BadRequestException")


def test_a_get_request_is_served_too() -> None:
    variables = json.dumps({"n": 3}).replace('"', "%22")
    query = f"query=query($n:Int){{f(n:$n)}}&variables={variables}"
    http = HttpRequest("GET", "/v1/apis/api1/graphql", query, (("x-api-key", "k"),), b"")
    assert Client(cloud()).send(http).data == {"f": 3}


def test_a_subscription_over_http_is_a_bad_request() -> None:
    assert ask("subscription { onSet }").refusal[:2] == (400, "BadRequestException")


def test_a_kind_of_operation_that_the_schema_lacks_is_told() -> None:
    made = cloud()
    made.sdl = "type Query { f: Int }"
    for query, text in (("mutation { set }", "mutations"), ("mutation { __typename }", "mutations")):
        reply = Client(made).ask(query, **KEY)
        assert (reply.status, reply.data) == (200, None)
        assert [error["message"] for error in reply.errors] == [f"Schema is not configured for {text}."]


@pytest.mark.parametrize(
    ("query", "variables", "text"),
    [
        ("query($n: Int!) { f(n: $n) }", None, "Variable 'n' has coerced Null value for NonNull type 'Int!'"),
        ("query($n: Int!) { f(n: $n) }", {"n": None}, "Variable 'n' has coerced Null value for NonNull type 'Int!'"),
        ("query($n: Int) { f(n: $n) }", {"n": "x"}, "Variable 'n' has an invalid value."),
        ("query($i: Filter) { search(input: $i) }", {"i": {"name": 1}}, "Variable 'i' has an invalid value."),
        (
            "query($i: Filter) { search(input: $i) }",
            {"i": {}},
            "Variable 'i' has coerced Null value for NonNull type 'String!'",
        ),
        (
            "query($i: Filter) { search(input: $i) }",
            {"i": {"name": None}},
            "Variable 'i' has coerced Null value for NonNull type 'String!'",
        ),
    ],
)
def test_variables_that_do_not_fit_are_told_with_status_200(query: str, variables: Any, text: str) -> None:
    reply = ask(query, variables)
    assert (reply.status, reply.data) == (200, None)
    assert reply.errors[0]["message"].startswith(text)
    assert set(reply.errors[0]) == {"path", "locations", "message"}


def depth_errors(reply: Reply) -> list[list[Any]]:
    assert {error["errorType"] for error in reply.errors} <= {"QueryDepthLimitReached"}
    return [error["path"] for error in reply.errors]


def test_fields_below_the_depth_limit_are_null_and_the_others_have_data() -> None:
    reply = ask('{ user(id: "1") { name friend { name } } }', depth_limit=2)
    assert reply.data == {"user": {"name": "Ada", "friend": {"name": None}}}
    assert depth_errors(reply) == [["user", "friend", "name"]]


def test_leaves_count_as_a_level_and_list_indices_do_not() -> None:
    assert depth_errors(ask("{ all { name } }", depth_limit=2)) == []
    assert depth_errors(ask("{ all { name } }", depth_limit=1)) == [["all", 0, "name"], ["all", 1, "name"]]


def test_a_null_by_the_depth_limit_travels_up_from_a_non_null_field() -> None:
    reply = ask('{ user(id: "1") { sure { name } } }', depth_limit=1)
    assert reply.data == {"user": None}


def test_resolvers_past_the_limit_fail_and_the_earlier_ones_keep_their_data() -> None:
    reply = ask("{ a: f b: f c: f }", resolver_limit=2)
    assert reply.data == {"a": 0, "b": 0, "c": None}
    assert [error["errorType"] for error in reply.errors] == ["ResolverExecutionLimitReached"]


def test_a_query_of_over_15000_tokens_is_too_long() -> None:
    assert ask("{" + " f" * 15_000 + "}").refusal[2] == "Maximum char length exceeded"


INTROSPECTION = "{ __schema { queryType { name } types { name } } }"


def test_introspection_shows_fields_that_the_caller_may_not_read() -> None:
    made = cloud()
    made.sdl = "type Query { open: Int  shut: Int @aws_iam }"
    reply = Client(made).ask('{ __type(name: "Query") { fields { name } } }', **KEY)
    assert reply.data == {"__type": {"fields": [{"name": "open"}, {"name": "shut"}]}}


def test_introspection_needs_a_credential() -> None:
    assert Client(cloud()).ask("{ __typename }").status == 401


def test_introspection_tells_directives_and_scalars_of_appsync() -> None:
    reply = ask("{ __schema { directives { name locations } types { name } } }")
    found = {item["name"]: item["locations"] for item in reply.data["__schema"]["directives"]}
    assert found["aws_lambda"] == ["OBJECT", "FIELD_DEFINITION"]
    assert found["aws_auth"] == ["FIELD_DEFINITION"]


def test_disabled_introspection_is_a_validation_error_about_fields_of_the_schema_type() -> None:
    reply = ask(INTROSPECTION, introspection=False)
    assert (reply.status, reply.data) == (200, None)
    assert [error["message"] for error in reply.errors] == [
        f"Validation error of type FieldUndefined: Field '{name}' in type '__Schema' is undefined @ '__schema/{name}'"
        for name in ("queryType", "types")
    ]


@pytest.mark.parametrize(
    "query",
    [
        '{ __type(name: "Query") { name } }',
        "{ ... on Query { x: __schema { types { name } } } }",
        "query { ...F } fragment F on Query { __schema { types { name } } }",
        "{ __schema { ...S } } fragment S on __Schema { types { name } }",
        "{ __schema { ... on __Schema { types { name } } } }",
    ],
)
def test_no_way_of_asking_gets_around_disabled_introspection(query: str) -> None:
    reply = ask(query, introspection=False)
    assert reply.data is None
    assert reply.errors


def test_typename_is_there_though_introspection_is_disabled() -> None:
    assert ask("{ __typename all { __typename } }", introspection=False).data["__typename"] == "Query"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("{ bad }", "FieldUndefined: Field 'bad' in type 'Query' is undefined @ 'bad'"),
        ("{ all { bad } }", "FieldUndefined: Field 'bad' in type 'User' is undefined @ 'all/bad'"),
        ("{ f(x: 1) }", "UnknownArgument: Unknown field argument x @ 'f'"),
        ("{ user { name } }", "MissingFieldArgument: Missing field argument id @ 'user'"),
        ("{ all }", "SubSelectionRequired: Sub selection required for type [User] of field all @ 'all'"),
        ("{ f { x } }", "SubSelectionNotAllowed: Sub selection not allowed on leaf type Int of field f @ 'f'"),
        ('{ f(n: "x") }', "WrongType: argument 'n' with value 'StringValue{value='x'}' is not a valid 'Int' @ 'f'"),
        (
            "query($n: String) { f(n: $n) }",
            "VariableTypeMismatch: Variable type 'String' doesn't match expected type 'Int' @ 'f'",
        ),
        ("{ f(n: $n) }", "UndefinedVariable: Undefined variable n @ 'f'"),
        ("query($n: Int) { f }", "UnusedVariable: Unused variable n"),
        ("{ ...F }", "UndefinedFragment: Undefined fragment F"),
        ("{ f } fragment F on Query { f }", "UnusedFragment: Unused fragment F"),
        ("query($n: Nowhere) { f(n: $n) }", "UnknownType: Unknown type Nowhere"),
        ("{ f @nowhere }", "UnknownDirective: Unknown directive nowhere @ 'f'"),
        ("query @skip(if: true) { f }", "MisplacedDirective: Directive skip not allowed here"),
    ],
)
def test_a_document_that_does_not_fit_the_schema_is_told_in_appsync_s_words(query: str, text: str) -> None:
    reply = ask(query)
    assert (reply.status, reply.data) == (200, None)
    assert f"Validation error of type {text}" in [error["message"] for error in reply.errors]
    assert all(set(error) == {"path", "locations", "message"} for error in reply.errors)


def test_a_validation_error_is_the_very_body_that_appsync_sends() -> None:
    assert ask("{badfield}").text == (
        '{"data":null,"errors":[{"path":null,"locations":[{"line":1,"column":2,"sourceName":null}],'
        "\"message\":\"Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined"
        " @ 'badfield'\"}]}"
    )


def test_a_refusal_is_printed_as_appsync_prints_it() -> None:
    reply = Client(cloud()).ask("{ f }")
    assert reply.text == (
        '{\n  "errors" : [ {\n    "errorType" : "UnauthorizedException",\n'
        '    "message" : "Valid authorization header not provided."\n  } ]\n}'
    )
    assert reply.headers["x-amzn-errortype"] == "UnauthorizedException"


def test_every_answer_has_a_request_id_of_its_own_and_its_tokens() -> None:
    client = Client(cloud())
    answers = [client.ask("{ f }", **KEY), client.ask("{ f }", **KEY), client.ask("{ f }")]
    assert len({answer.headers["x-amzn-requestid"] for answer in answers}) == 3
    assert {answer.headers["x-amzn-appsync-tokensconsumed"] for answer in answers} == {"1"}
