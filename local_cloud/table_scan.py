"""One page of a DynamoDB Scan without a look at the whole table, for what resolvers ask most.

MiniStack sorts and copies all rows for every page. Here the order is kept from one page to the next,
and sorted again only when keys came or went.
"""

# ruff: noqa: SLF001 - MiniStack has no public names for these

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from math import inf
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import dynamodb

from local_cloud.held import require

require(dynamodb, "_build_key", "_extract_key_val", "_paginate_evaluated_items", "_tables", "_DDB_PAGE_SIZE_BYTES")

_PLAIN = {"TableName", "Limit", "ExclusiveStartKey"}


class _Order:
    """The keys of one table, in the order in which a Scan reads them."""

    def __init__(self) -> None:
        self._known: list[str] = []
        self._sorted: list[str] = []

    def of(self, keys: Iterable[str]) -> list[str]:
        """Return the keys in order."""
        there = list(keys)
        if there != self._known:
            self._known, self._sorted = there, sorted(there)
        return self._sorted


_orders: dict[tuple[str, str, str], _Order] = {}


def scanned(call: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the page of a Scan with a limit or a start at most, or None for a call that MiniStack has to judge.

    The rows are those of the table itself: whoever gets them must not change them. As on AWS, a page that
    ends at its limit has a LastEvaluatedKey, even where no row follows.
    """
    table = dynamodb._tables.get(call.get("TableName"))
    if table is None or table["sk_name"] or not call.keys() <= _PLAIN or not _is_limit(call.get("Limit")):
        return None
    start = call.get("ExclusiveStartKey")
    if start is not None and table["pk_name"] not in start:
        return None
    page, more = _page(table, start, call.get("Limit"))
    answer = {"Items": page, "Count": len(page), "ScannedCount": len(page)}
    return answer | ({"LastEvaluatedKey": dynamodb._build_key(page[-1], table["pk_name"], None)} if more else {})


def _page(
    table: Mapping[str, Any], start: Mapping[str, Any] | None, limit: int | None
) -> tuple[list[dict[str, Any]], bool]:
    """Return a page and whether it ends for a limit rather than with the table."""
    if limit is not None:
        few = list(islice(_rows(table, start), limit))
        if sum(map(_at_most, few)) < dynamodb._DDB_PAGE_SIZE_BYTES:
            return few, len(few) == limit
    page: tuple[list[dict[str, Any]], bool] = dynamodb._paginate_evaluated_items(_rows(table, start), limit, table)
    return page


def _at_most(row: Mapping[str, Mapping[str, Any]]) -> float:
    """Return a number of bytes that a row of texts can't be larger than; without end for any other row."""
    try:
        return 4 * sum(len(name) + len(value["S"]) for name, value in row.items())
    except KeyError:
        return inf


def _is_limit(limit: object) -> bool:
    return limit is None or (type(limit) is int and limit >= 1)


def _rows(table: Mapping[str, Any], start: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    items = table["items"]
    order = _orders.setdefault((get_account_id(), get_region(), table["TableName"]), _Order()).of(items)
    first = 0 if start is None else bisect_right(order, dynamodb._extract_key_val(start[table["pk_name"]]))
    for key in islice(order, first, None):
        yield from items[key].values()
