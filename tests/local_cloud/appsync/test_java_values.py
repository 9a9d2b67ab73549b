"""Literals in messages, as graphql-java prints them."""

import pytest
from graphql import parse_value

from local_cloud.appsync.java_values import java_value


@pytest.mark.parametrize(
    ("literal", "printed"),
    [
        ("10", "IntValue{value=10}"),
        ("1.50", "FloatValue{value=1.50}"),
        ('"x"', "StringValue{value='x'}"),
        ("true", "BooleanValue{value=true}"),
        ("RED", "EnumValue{name='RED'}"),
        ("$v", "VariableReference{name='v'}"),
        ("null", "null"),
        ("[1, RED]", "ArrayValue{values=[IntValue{value=1}, EnumValue{name='RED'}]}"),
        ("{a: 1}", "ObjectValue{objectFields=[ObjectField{name='a', value=IntValue{value=1}}]}"),
    ],
)
def test_a_literal_is_printed_by_its_kind(literal: str, printed: str) -> None:
    assert java_value(parse_value(literal)) == printed
