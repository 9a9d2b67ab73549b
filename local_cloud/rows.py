"""Rows of a DynamoDB table, written past the door.

A hundred thousand rows are four thousand BatchWriteItem calls. MiniStack's own operation is called
for each of them, with all that it checks, but without a connection, a signature and a policy decision.
"""

# ruff: noqa: SLF001 - MiniStack has no public names for these

from collections.abc import Iterable, Mapping
from itertools import islice

from ministack.services import dynamodb

from local_cloud.held import require

require(dynamodb, "_batch_write_item")

ROWS_A_CALL = 25
"""What one BatchWriteItem takes."""


class RowsRefused(Exception):
    """DynamoDB turned rows away; the message is its own answer."""


def put(table: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Store rows of texts in a table of the account that the start works in (BatchWriteItem).

    Rows with the key of an earlier one replace it. Raises RowsRefused.
    """
    waiting = iter(rows)
    while batch := list(islice(waiting, ROWS_A_CALL)):
        requests = [{"PutRequest": {"Item": {name: {"S": text} for name, text in row.items()}}} for row in batch]
        status, _, body = dynamodb._batch_write_item({"RequestItems": {table: requests}})
        if status != 200:
            raise RowsRefused(f"{table}: {body.decode() if isinstance(body, bytes) else body}")
