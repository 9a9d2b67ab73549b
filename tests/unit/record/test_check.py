"""The check command says whether the record is whole, and its exit code says it to machines."""

import sqlite3
from pathlib import Path

import pytest

from services.record.__main__ import BROKEN, HOLDS, UNREAD, main
from services.record.entries import Entry, Phase
from services.record.journal import SqliteJournal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record of one act that never ended."""
    path = tmp_path / "audit.sqlite"
    SqliteJournal(path).append(
        Entry("a1", Phase.BEGUN, "2030-06-01T12:00:00.000+00:00", "test", "ada", "1111", "group.delete", "billing")
    )
    return path


def test_a_whole_record_holds(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--file", str(path)]) == HOLDS
    assert "1 entries, 1 acts, 1 of unknown outcome" in capsys.readouterr().out


def test_an_altered_record_is_told_by_entry(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(path) as file:
        file.execute("update entries set content = replace(content, 'billing', 'finance')")

    assert main(["check", "--file", str(path)]) == BROKEN
    assert "Entry 1 is not what was recorded" in capsys.readouterr().out


def test_a_record_that_is_not_there_is_not_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--file", str(tmp_path / "none.sqlite")]) == UNREAD
    assert "There is no record" in capsys.readouterr().err
