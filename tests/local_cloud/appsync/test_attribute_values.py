"""Plain values and DynamoDB's typed ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from local_cloud.appsync.attribute_values import plain, plain_item, typed

LEAVES = (
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text()
)
VALUES = some.recursive(LEAVES, lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner))


@given(VALUES)
def test_a_value_comes_back_from_dynamodb_as_it_went_in(value: Any) -> None:
    assert plain(typed(value)) == value


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ({"SS": ["a", "b"]}, ["a", "b"]),
        ({"NS": ["1", "2.5"]}, [1, 2.5]),
        ({"N": "-7"}, -7),
        ({"B": "AAE="}, "AAE="),
    ],
)
def test_sets_and_binary_values_are_read(stored: dict[str, Any], value: Any) -> None:
    assert plain_item({"field": stored}) == {"field": value}


@pytest.mark.parametrize("stored", [{"SS": ["a"]}, {"BS": ["AAE="]}, {"L": [{"S": "a"}]}, {"M": {"a": {"S": "b"}}}])
def test_what_is_read_is_a_copy_so_that_nobody_changes_the_row(stored: dict[str, Any]) -> None:
    before = repr(stored)
    plain(stored).clear()
    assert repr(stored) == before
