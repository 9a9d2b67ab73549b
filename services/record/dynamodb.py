"""The record in a DynamoDB table, for several dashboards: one chain, whoever writes to it."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from services.record.chain import Head, Link, faults, hash_of
from services.record.entries import Entry
from services.record.journal import BUSY_SECONDS, RecordError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ENTRIES, HEAD = "entries", "head"
_HEAD_KEY: dict[str, Any] = {"chain": {"S": HEAD}, "number": {"N": "0"}}
_LOST = {"TransactionCanceledException", "TransactionConflictException", "TransactionInProgressException"}


class DynamoDbJournal:
    """The record in a table; safe for threads, and for dashboards on any number of machines.

    An entry and the note of the newest one are written in one transaction, which holds only where the note still says
    what the entry follows. So two writers never make two entries of one number, and no entry is without its note.

    Args:
        client: DynamoDB, under the dashboard's own credential.
        table: its name; its keys are `chain` (text) and `number`.
        pause: waits for so many seconds.
    """

    def __init__(self, client: "DynamoDBClient", table: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def append(self, entry: Entry) -> Head:
        """Keep one more entry and note its hash (TransactWriteItems); both are there when this returns."""
        content = entry.content()
        deadline = time.monotonic() + BUSY_SECONDS
        with self._told("written"):
            while True:
                newest = self._newest() or Head()
                head = Head(newest.number + 1, hash_of(newest.hash, newest.number + 1, content))
                try:
                    self._client.transact_write_items(TransactItems=self._writes(newest, head, content))
                except ClientError as error:
                    if error.response["Error"]["Code"] not in _LOST or time.monotonic() > deadline:
                        raise
                    self._pause(random.uniform(0.005, 0.05))  # noqa: S311 - spreads writers, guards nothing
                else:
                    return head

    def links(self) -> Iterator[Link]:
        """Every entry, oldest first (Query)."""
        with self._told("read"):
            pages = self._client.get_paginator("query").paginate(**self._all_entries())
            return iter([_link(item) for page in pages for item in page["Items"]])

    def newest(self, count: int) -> tuple[Link, ...]:
        """So many of the newest entries, oldest first (Query, backwards)."""
        with self._told("read"):
            pages = self._client.get_paginator("query").paginate(
                **self._all_entries(), ScanIndexForward=False, PaginationConfig={"MaxItems": count}
            )
            found = [_link(item) for page in pages for item in page["Items"]]
        return tuple(reversed(found))

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the chain, the note of its newest hash included."""
        with self._told("read"):
            noted = self._newest()  # before the entries: one that is written meanwhile is no fault
        links = tuple(self.links())
        found = list(faults(links, noted))
        if noted is None and links:
            found.append("The note of the newest entry is missing, so an end that was cut off would not show.")
        return tuple(found)

    def _newest(self) -> Head | None:
        """What the note says; `None` when there is none."""
        item = self._client.get_item(TableName=self._table, Key=_HEAD_KEY, ConsistentRead=True).get("Item")
        return Head(int(item["newest"]["N"]), item["hash"]["S"]) if item else None

    def _writes(self, newest: Head, head: Head, content: str) -> list[Any]:
        number, digest = {"N": str(head.number)}, {"S": head.hash}
        entry = {"chain": {"S": ENTRIES}, "number": number, "content": {"S": content}, "hash": digest}
        follows: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(chain)"}
        if newest.number:
            follows = {
                "ConditionExpression": "newest = :number and #hash = :hash",
                "ExpressionAttributeNames": {"#hash": "hash"},
                "ExpressionAttributeValues": {":number": {"N": str(newest.number)}, ":hash": {"S": newest.hash}},
            }
        absent = "attribute_not_exists(chain)"
        return [
            {"Put": {"TableName": self._table, "Item": entry, "ConditionExpression": absent}},
            {"Put": {"TableName": self._table, "Item": {**_HEAD_KEY, "newest": number, "hash": digest}, **follows}},
        ]

    def _all_entries(self) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "KeyConditionExpression": "chain = :entries",
            "ExpressionAttributeValues": {":entries": {"S": ENTRIES}},
            "ConsistentRead": True,
        }

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            response = getattr(error, "response", {})
            detail = response.get("Error", {})
            raise RecordError(
                f"The record of acts can't be {what}",
                f"The table {self._table}: {detail.get('Message') or 'AWS did not answer'}",
                "Check record_table, the Region, and that the dashboard's credential has the policy of the output"
                " SharedTablesPolicyArn",
                detail.get("Code") or type(error).__name__,
                response.get("ResponseMetadata", {}).get("RequestId", ""),
            ) from None


def _link(item: Any) -> Link:
    return Link(int(item["number"]["N"]), item["content"]["S"], item["hash"]["S"])
