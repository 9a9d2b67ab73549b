"""The check command says whether the record is whole, and its exit code says it to machines."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import audit
from services.permissions import Operator, Role
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


def test_a_record_of_which_only_the_note_is_left_is_missing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in path.parent.glob("audit.sqlite*"):
        file.unlink()

    assert main(["check", "--file", str(path)]) == BROKEN
    assert "ends at entry 0, but entry 1 was written" in capsys.readouterr().out


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """What a dashboard logged of its acts, among other lines and under its own times."""
    kept = tmp_path / "kept-elsewhere.log"
    handler = logging.FileHandler(kept)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.getLogger("gatehouse")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    yield kept
    logger.setLevel(level)
    logger.removeHandler(handler)
    handler.close()


def act(path: Path, target: str) -> None:
    """Record an act at that place."""
    audit.use(SqliteJournal(path))
    logging.getLogger("gatehouse").info("Something else")
    with audit.recorded(Operator("ada", "1", (), Role.ADMIN), "group.delete", target):
        pass


def test_a_log_kept_elsewhere_shows_a_record_that_was_made_anew_note_and_all(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    true, false = tmp_path / "true" / "audit.sqlite", tmp_path / "false" / "audit.sqlite"
    act(true, "billing")
    assert main(["check", "--file", str(true), "--log", str(log)]) == HOLDS
    assert "tells of 2 entries" in capsys.readouterr().out
    told = log.read_text()

    act(false, "finance")
    log.write_text(told)
    assert main(["check", "--file", str(false)]) == HOLDS  # by itself it is as good as any
    assert main(["check", "--file", str(false), "--log", str(log)]) == BROKEN
    assert "Entry 1 is another than the one that the log tells of" in capsys.readouterr().out


def test_a_log_that_tells_of_no_act_proves_nothing(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.log").write_text("GET / 200\n")
    assert main(["check", "--file", str(path), "--log", str(tmp_path / "other.log")]) == UNREAD
    assert main(["check", "--file", str(path), "--log", str(tmp_path / "none.log")]) == UNREAD
    assert "tells of no entry" in capsys.readouterr().err
