"""The record in the stack's table: the same promises as in a file, under the dashboard's own credential."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from services.record.acts import UNKNOWN, acts_of
from services.record.dynamodb import DynamoDbJournal
from services.record.journal import RecordError
from tests.cloud import Cloud
from tests.journal_promises import JournalPromises, entry


@dataclass(frozen=True)
class Table:
    """A table of the record, in the hands of an administrator of the account."""

    client: Any
    name: str

    def alter(self, number: int, old: str, new: str) -> None:
        item = self._item(number)
        item["content"]["S"] = item["content"]["S"].replace(old, new)
        self.client.put_item(TableName=self.name, Item=item)

    def remove(self, number: int) -> None:
        self.client.delete_item(TableName=self.name, Key=_key("entries", number))

    def remove_all(self) -> None:
        for page in self.client.get_paginator("scan").paginate(TableName=self.name):
            for item in page["Items"]:
                if item["chain"]["S"] == "entries":
                    self.remove(int(item["number"]["N"]))

    def renumber(self, number: int, new: int) -> None:
        item = self._item(number)
        self.remove(number)
        self.client.put_item(TableName=self.name, Item={**item, **_key("entries", new)})

    def forge(self, number: int, content: str, digest: str) -> None:
        item = {**_key("entries", number), "content": {"S": content}, "hash": {"S": digest}}
        self.client.put_item(TableName=self.name, Item=item)

    def remove_note(self) -> None:
        self.client.delete_item(TableName=self.name, Key=_key("head", 0))

    def _item(self, number: int) -> Any:
        return self.client.get_item(TableName=self.name, Key=_key("entries", number))["Item"]


def _key(chain: str, number: int) -> dict[str, Any]:
    return {"chain": {"S": chain}, "number": {"N": str(number)}}


@pytest.fixture
def table(local_cloud: Cloud) -> Table:
    """The stack's own table, empty."""
    own = Table(local_cloud.client("dynamodb"), local_cloud.backend["RecordTableName"])
    own.remove_all()
    own.remove_note()
    return own


@pytest.fixture
def another(local_cloud: Cloud, table: Table, monkeypatch: pytest.MonkeyPatch) -> Callable[[], DynamoDbJournal]:
    """Opens the record anew, as another dashboard has it, under the dashboards' own credential."""
    monkeypatch.setattr("services.record.dynamodb.BUSY_SECONDS", 60)
    return lambda: DynamoDbJournal(local_cloud.client("dynamodb", "gatehouse"), table.name)


@pytest.fixture
def journal(another: Callable[[], DynamoDbJournal]) -> DynamoDbJournal:
    """A record of three acts."""
    kept = another()
    for target in ("a", "b", "c"):
        kept.append(entry(target))
    return kept


class TestDynamoDbJournal(JournalPromises):
    """What every journal promises, of the one in a table."""

    @pytest.fixture
    def tamper(self, table: Table) -> Table:
        return table


def test_several_processes_write_one_chain(local_cloud: Cloud, another: Callable[[], DynamoDbJournal]) -> None:
    script = f"""
import boto3
from services.record import dynamodb
from services.record.dynamodb import DynamoDbJournal
from tests.journal_promises import entry
dynamodb.BUSY_SECONDS = 60
key = {local_cloud.access_key("gatehouse")!r}
client = boto3.client("dynamodb", region_name="us-east-1", endpoint_url={local_cloud.endpoint!r},
    aws_access_key_id=key["aws_access_key_id"], aws_secret_access_key=key["aws_secret_access_key"])
journal = DynamoDbJournal(client, {local_cloud.backend["RecordTableName"]!r})
for number in range(10):
    journal.append(entry(str(number)))
"""
    writers = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(list(another().links())) == 30
    assert another().faults() == ()


def test_a_process_that_is_killed_in_an_act_leaves_an_act_of_unknown_outcome(
    local_cloud: Cloud, another: Callable[[], DynamoDbJournal]
) -> None:
    script = f"""
import boto3, os, signal
from services import audit
from services.permissions import Operator, Role
from services.record.dynamodb import DynamoDbJournal
key = {local_cloud.access_key("gatehouse")!r}
client = boto3.client("dynamodb", region_name="us-east-1", endpoint_url={local_cloud.endpoint!r},
    aws_access_key_id=key["aws_access_key_id"], aws_secret_access_key=key["aws_secret_access_key"])
audit.use(DynamoDbJournal(client, {local_cloud.backend["RecordTableName"]!r}))
with audit.recorded(Operator("ada", "1", (), Role.ADMIN), "group.delete", "billing"):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9

    (act,) = acts_of(another().links())
    assert (act.begun.target, act.outcome) == ("billing", UNKNOWN)
    assert another().faults() == ()


def test_a_record_of_many_pages_is_read_whole(another: Callable[[], DynamoDbJournal]) -> None:
    journal = another()
    for number in range(12):
        journal.append(entry(f"{number} {'x' * 200_000}"))  # a page of a query ends at 1 MB

    assert [link.number for link in journal.links()] == list(range(1, 13))
    assert [link.number for link in journal.newest(9)] == list(range(4, 13))
    assert journal.faults() == ()


def test_a_table_that_is_not_there_says_which_and_what_to_do(local_cloud: Cloud) -> None:
    journal = DynamoDbJournal(local_cloud.client("dynamodb", "gatehouse"), "no-such-table")
    with pytest.raises(RecordError) as refused:
        journal.append(entry("a"))
    assert "no-such-table" in refused.value.why
    assert "record_table" in refused.value.next_step


def test_the_dashboards_can_not_delete_from_the_record(local_cloud: Cloud, journal: DynamoDbJournal) -> None:
    client = local_cloud.client("dynamodb", "gatehouse")
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        client.delete_item(TableName=local_cloud.backend["RecordTableName"], Key=_key("entries", 3))
