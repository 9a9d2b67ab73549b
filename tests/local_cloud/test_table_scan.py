"""One page of a Scan: the same rows as MiniStack's own, in the same order, whatever came and went between."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from ministack.services import dynamodb

from local_cloud.table_scan import scanned

TABLE = "people"


@pytest.fixture(autouse=True)
def _table() -> Iterator[None]:
    made = dynamodb._create_table(
        {
            "TableName": TABLE,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
    )
    assert made[0] == 200
    yield
    dynamodb._delete_table({"TableName": TABLE})


def put(*ids: str, text: str = "x") -> None:
    for each in ids:
        assert dynamodb._put_item({"TableName": TABLE, "Item": {"id": {"S": each}, "name": {"S": text}}})[0] == 200


def delete(each: str) -> None:
    assert dynamodb._delete_item({"TableName": TABLE, "Key": {"id": {"S": each}}})[0] == 200


def ministack(**call: Any) -> dict[str, Any]:
    """Return MiniStack's answer to the same call."""
    status, _, body = dynamodb._scan({"TableName": TABLE, **call})
    assert status == 200
    answer: dict[str, Any] = json.loads(body)
    return answer


def ours(**call: Any) -> dict[str, Any]:
    """Return the page, which must be MiniStack's as well."""
    page = scanned({"TableName": TABLE, **call})
    assert page == ministack(**call)
    return page


def after(each: str) -> dict[str, Any]:
    return {"id": {"S": each}}


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
def test_a_walk_shows_every_row_once_and_ends(limit: int) -> None:
    put(*"dbca")
    seen, start = [], {}
    while True:
        page = ours(Limit=limit, **start)
        seen += [row["id"]["S"] for row in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert seen == list("abcd")


def test_a_page_that_ends_with_the_table_has_a_key_all_the_same() -> None:
    put("a", "b")
    assert ours(Limit=2)["LastEvaluatedKey"] == after("b")
    assert ours(Limit=2, ExclusiveStartKey=after("b"))["Items"] == []


def test_rows_that_come_change_and_go_between_two_pages_are_seen() -> None:
    put("b", "d")
    assert len(ours()["Items"]) == 2
    put("a", "c")
    delete("b")
    put("d", text="changed")
    assert [row["id"]["S"] for row in ours()["Items"]] == ["a", "c", "d"]
    assert ours(Limit=5, ExclusiveStartKey=after("c"))["Items"] == [{"id": {"S": "d"}, "name": {"S": "changed"}}]
    assert [row["id"]["S"] for row in ours(ExclusiveStartKey=after("b"))["Items"]] == ["c", "d"]


def test_a_row_replaced_by_another_is_seen_though_there_are_as_many() -> None:
    put("a", "b")
    ours()
    delete("a")
    put("c")
    assert [row["id"]["S"] for row in ours()["Items"]] == ["b", "c"]


def test_a_page_ends_at_one_megabyte() -> None:
    put(*"abcdef", text="x" * 300_000)
    assert len(ours()["Items"]) == 3


@given(some.sets(some.text(min_size=1, max_size=3), max_size=8), some.text(min_size=1, max_size=3))
def test_any_start_finds_the_rows_after_it(ids: set[str], start: str) -> None:
    for row in ours()["Items"]:
        delete(row["id"]["S"])
    put(*ids)
    ours(ExclusiveStartKey=after(start), Limit=2)


@pytest.mark.parametrize(
    "call",
    [
        {"Limit": 0},
        {"Limit": -1},
        {"Limit": True},
        {"Limit": "5"},
        {"FilterExpression": "attribute_exists(id)"},
        {"IndexName": "other"},
        {"ConsistentRead": True},
        {"ExclusiveStartKey": {"other": {"S": "a"}}},
        {"TableName": "none"},
    ],
)
def test_whatever_else_is_asked_is_left_to_ministack(call: dict[str, Any]) -> None:
    assert scanned({"TableName": TABLE, **call}) is None
