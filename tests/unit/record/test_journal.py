"""The record on disk: private, complete, and proof against what is done to the file."""

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.record.acts import UNKNOWN, acts_of
from services.record.entries import Entry, Phase
from services.record.journal import RecordError, SqliteJournal


def entry(target: str, phase: Phase = Phase.BEGUN) -> Entry:
    return Entry(target, phase, "2030-06-01T12:00:00.000+00:00", "test", "ada", "1111", "group.delete", target)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "audit.sqlite"


@pytest.fixture
def journal(path: Path) -> SqliteJournal:
    """A record of three acts."""
    kept = SqliteJournal(path)
    for target in ("a", "b", "c"):
        kept.append(entry(target))
    return kept


def change(path: Path, statement: str) -> None:
    """Do something to the file behind the record's back."""
    with sqlite3.connect(path) as file:
        file.execute(statement)


def test_an_untouched_record_holds(journal: SqliteJournal) -> None:
    assert journal.faults() == ()
    assert [link.number for link in journal.links()] == [1, 2, 3]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update entries set content = replace(content, 'ada', 'eve') where number = 2", "Entry 2 is not what"),
        ("delete from entries where number = 2", "Entry 2 is missing"),
        ("delete from entries where number = 3", "ends at entry 2, but entry 3 was written"),
        ("delete from entries", "ends at entry 0, but entry 3 was written"),
        ("update entries set number = -number where number = 3", "the order was changed"),
    ],
)
def test_what_is_done_to_the_file_shows(journal: SqliteJournal, path: Path, statement: str, words: str) -> None:
    change(path, statement)
    assert words in " ".join(journal.faults())


def test_without_its_note_the_record_says_what_would_not_show(journal: SqliteJournal, path: Path) -> None:
    path.with_suffix(".head").unlink()
    assert "would not show" in " ".join(journal.faults())


def test_nobody_else_can_read_it(journal: SqliteJournal, path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    journal.close()


def test_many_threads_and_a_second_process_write_one_chain(journal: SqliteJournal, path: Path) -> None:
    other = SqliteJournal(path)  # its own connection, as another process has
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda n: (journal, other)[n % 2].append(entry(f"t{n}")), range(40)))

    assert len(list(journal.links())) == 43
    assert journal.faults() == ()


def test_a_process_that_is_killed_in_an_act_leaves_an_act_of_unknown_outcome(path: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from services import audit
from services.permissions import Operator, Role
from services.record.journal import SqliteJournal
audit.use(SqliteJournal(Path({str(path)!r})))
with audit.recorded(Operator("ada", "1", (), Role.ADMIN), "group.delete", "billing"):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False)

    assert ended.returncode == -9
    journal = SqliteJournal(path)
    (act,) = acts_of(journal.links())
    assert (act.begun.target, act.outcome) == ("billing", UNKNOWN)
    assert journal.faults() == ()


def test_a_record_that_cannot_be_opened_says_which_file_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(RecordError) as refused:
        SqliteJournal(tmp_path / "data" / "audit.sqlite")
    assert "audit.sqlite" in refused.value.why
    assert "GATEHOUSE_DATA_FOLDER" in refused.value.next_step
