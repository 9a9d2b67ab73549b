"""Schemas: what AppSync adds to the SDL, and what no API can be served from."""

from typing import Any

import pytest
from graphql import GraphQLError

from local_cloud.appsync.scalars import SCALARS
from local_cloud.appsync.schema import UNPARSABLE_SDL, SchemaFault, build_schema


@pytest.mark.row("2.1 Where the directives are allowed")
def test_directives_and_scalars_of_appsync_need_no_declaration() -> None:
    schema = build_schema(
        "type Query @aws_iam { u: AWSURL @aws_api_key } "
        'type Subscription { s: Int @aws_subscribe(mutations: ["m"]) } type Mutation { m: AWSEmail }'
    )
    assert {"AWSURL", "AWSEmail"} <= set(schema.type_map)


ELSEWHERE = {
    "interface": "interface I {at} {{ a: Int }} type Query {{ i: I }}",
    "union": "union U {at} = Query type Query {{ u: U }}",
    "enum": "enum E {at} {{ A }} type Query {{ e: E }}",
    "scalar": "scalar S {at} type Query {{ s: S }}",
    "input object": "input I {at} {{ a: Int }} type Query {{ a(i: I): Int }}",
    "input field definition": "input I {{ a: Int {at} }} type Query {{ a(i: I): Int }}",
    "argument definition": "type Query {{ a(x: Int {at}): Int }}",
    "schema": "schema {at} {{ query: Query }} type Query {{ a: Int }}",
}
"""An SDL with a directive at each place that none is allowed at."""


@pytest.mark.row("2.1 Where the directives are allowed")
@pytest.mark.parametrize("place", ELSEWHERE)
@pytest.mark.parametrize("name", ["api_key", "iam", "oidc", "lambda", "cognito_user_pools", "auth"])
def test_directives_are_for_object_types_and_their_fields_alone(name: str, place: str) -> None:
    with pytest.raises(SchemaFault, match=f"'@aws_{name}' may not be used on {place}"):
        build_schema(ELSEWHERE[place].format(at=f"@aws_{name}"))


def test_a_declaration_of_its_own_does_not_let_a_directive_in_elsewhere() -> None:
    for name, place in (("aws_iam", "interface I @aws_iam"), ("aws_auth", "type T @aws_auth")):
        declared = f"directive @{name}(cognito_groups: [String]) on OBJECT | INTERFACE | FIELD_DEFINITION "
        with pytest.raises(SchemaFault, match=f"'@{name}' may not be used on"):
            build_schema(f"{declared} {place} {{ a: Int }} type Query {{ a: Int }}")


def test_a_schema_that_is_nested_without_end_is_unparsable() -> None:
    with pytest.raises(SchemaFault, match=UNPARSABLE_SDL):
        build_schema("type Query { a: " + "[" * 20_000 + "Int" + "]" * 20_000 + " }")


def test_a_schema_that_declares_them_itself_is_taken_as_well() -> None:
    schema = build_schema(
        "scalar AWSURL directive @aws_iam on OBJECT | FIELD_DEFINITION type Query @aws_iam { u: AWSURL }"
    )
    scalar: Any = schema.type_map["AWSURL"]
    with pytest.raises(GraphQLError):
        scalar.serialize("not a url")


def test_the_same_text_is_built_once() -> None:
    assert build_schema("type Query { a: Int }") is build_schema("type Query { a: Int " + "}")


@pytest.mark.row("2.1 `@aws_auth` on FIELD_DEFINITION only")
@pytest.mark.row("2.1 `@aws_auth` beside `@aws_cognito_user_pools` is refused by the schema")
@pytest.mark.parametrize(
    ("sdl", "text"),
    [
        ("type Query {", UNPARSABLE_SDL),
        ("", UNPARSABLE_SDL),
        ("type Query { a: Nowhere }", "Unknown type 'Nowhere'"),
        ("type Query { a: Int @nowhere }", "Unknown directive '@nowhere'"),
        ("type Query { a: Int } type Query { b: Int }", "There can be only one type named 'Query'"),
        ("type Mutation { a: Int }", "Query root type must be provided"),
        ("scalar Money type Query { a: Money }", "There is no scalar Money"),
        ("type AWSThing { a: Int } type Query { a: AWSThing }", "AWSThing must not begin with AWS"),
        ("type Query { a: Int @aws_iam @aws_iam }", "can only be used once"),
        ("interface I @aws_iam { a: Int } type Query { i: I }", "may not be used on interface"),
        ("type Query @aws_auth { a: Int }", "may not be used on object"),
        (
            "type Query { i: I } interface I { a: Int } type T implements I { b: Int }",
            "expected but T does not provide",
        ),
        ("type Query { a: Int @aws_auth @aws_cognito_user_pools }", "@aws_auth and @aws_cognito_user_pools"),
    ],
)
def test_a_broken_schema_is_told_what_is_wrong_with_it(sdl: str, text: str) -> None:
    with pytest.raises(SchemaFault) as raised:
        build_schema(sdl)
    assert text in str(raised.value)


GOOD = {
    "AWSDate": ["1970-01-01", "1970-01-01Z", "1970-01-01-07:00", "1970-01-01+05:30:15"],
    "AWSTime": ["12:30", "12:30Z", "12:30:24-07:00", "12:30:24.500Z"],
    "AWSDateTime": ["1970-01-01T12:30:00Z", "1970-01-01T12:30:00.123+05:30"],
    "AWSTimestamp": [0, -10, 1_800_000_000],
    "AWSEmail": ["username@example.com"],
    "AWSURL": ["https://www.amazon.com/dp/1?q=%20", "mailto:a@example.com", "http://127.0.0.1:4566/p.svg"],
    "AWSPhone": ["+1 206 555 0100", "206-555-0100", "+44 20 7946 0958"],
    "AWSIPAddress": ["123.12.34.56", "123.45.67.89/16", "1a2b:3c4b::1234:4567"],
}
BAD = {
    "AWSDate": ["1970-13-01", "1970-1-1", "today", 1],
    "AWSTime": ["24:00", "1230", 5],
    "AWSDateTime": ["1970-01-01", "1970-01-01T12:30:00", "1970-02-30T12:30:00Z"],
    "AWSTimestamp": ["0", 1.5, True],
    "AWSEmail": ["nobody", "a@b", "a b@c.d"],
    "AWSURL": ["www.amazon.com", "not a url", "javascript:alert(1)", "https://[", 1],
    "AWSPhone": ["call me", "", "1110004444", "555-0100", 5],
    "AWSIPAddress": ["999.1.1.1", "host"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_a_scalar_takes_what_appsync_takes(name: str, value: Any) -> None:
    assert SCALARS[name].serialize(value) == value
    assert SCALARS[name].parse_value(value) == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_scalar_refuses_the_rest_both_ways(name: str, value: Any) -> None:
    for convert in (SCALARS[name].serialize, SCALARS[name].parse_value):
        with pytest.raises(GraphQLError):
            convert(value)


def test_json_is_text_outside_and_a_value_inside() -> None:
    json_scalar = SCALARS["AWSJSON"]
    assert json_scalar.serialize({"a": [1, None]}) == '{"a":[1,null]}'
    assert json_scalar.serialize('{"a":1}') == '{"a":1}'
    assert json_scalar.parse_value('{"a": 1}') == {"a": 1}
    for bad in ("{", {"a": 1}, "NaN", '{"a": -Infinity}', "[" * 100_000):
        with pytest.raises(GraphQLError):
            json_scalar.parse_value(bad)
