"""The record on disk: private, complete, and proof against what is done to the file."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.record.acts import UNKNOWN, acts_of
from services.record.journal import RecordError, SqliteJournal
from tests.journal_promises import JournalPromises, entry


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


@dataclass(frozen=True)
class File:
    """The record's file, in the hands of somebody who shouldn't have it."""

    path: Path

    def alter(self, number: int, old: str, new: str) -> None:
        self._run("update entries set content = replace(content, ?, ?) where number = ?", old, new, number)

    def remove(self, number: int) -> None:
        self._run("delete from entries where number = ?", number)

    def remove_all(self) -> None:
        self._run("delete from entries")

    def renumber(self, number: int, new: int) -> None:
        self._run("update entries set number = ? where number = ?", new, number)

    def forge(self, number: int, content: str, digest: str) -> None:
        self._run("update entries set content = ?, hash = ? where number = ?", content, digest, number)

    def remove_note(self) -> None:
        self.path.with_suffix(".head").unlink()

    def _run(self, statement: str, *values: object) -> None:
        with sqlite3.connect(self.path) as file:
            file.execute(statement, values)


class TestSqliteJournal(JournalPromises):
    """What every journal promises, of the one in a file."""

    @pytest.fixture
    def tamper(self, path: Path) -> File:
        return File(path)

    @pytest.fixture
    def another(self, path: Path) -> Callable[[], SqliteJournal]:
        return lambda: SqliteJournal(path)


def test_nobody_else_can_read_it(journal: SqliteJournal, path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    journal.close()


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


@pytest.mark.parametrize("open_anew", [False, True])
def test_a_file_that_was_deleted_or_replaced_is_missed_whatever_is_written_afterwards(
    journal: SqliteJournal, path: Path, tmp_path: Path, open_anew: bool
) -> None:
    journal.append(entry("d"))
    old = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as now, closing(sqlite3.connect(old)) as copy:
        now.backup(copy)
    journal.append(entry("e"))
    for there, missing in ((old, "Entry 5 is missing"), (None, "Entries 1 to 6 are missing")):
        for file in path.parent.glob("audit.sqlite*"):  # its log of writes too, which would bring them back
            file.unlink()
        if there:
            there.rename(path)
        now_open = SqliteJournal(path) if open_anew else journal
        assert "was written" in " ".join(now_open.faults())
        now_open.append(entry("f"))
        assert missing in " ".join(now_open.faults())
        assert list(now_open.links())[-1].content == entry("f").content()
        journal = now_open


def test_a_disk_that_is_full_keeps_an_act_from_being_done(path: Path) -> None:
    script = f"""
import resource, signal
from pathlib import Path
from services import audit
from services.permissions import Operator, Role
from services.record.journal import RecordError, SqliteJournal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
audit.use(SqliteJournal(Path({str(path)!r})))
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
done = 0
try:
    while True:
        with audit.recorded(Operator("ada", "1", (), Role.ADMIN), "group.delete", "billing"):
            done += 1
except RecordError as error:
    print(done, error)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    done = int(ended.stdout.split()[0])
    assert "can't be written" in ended.stdout
    assert done > 0
    journal = SqliteJournal(path)
    assert len([link for link in journal.links() if '"phase":"begun"' in link.content]) >= done
    journal.append(entry("room again"))
    assert journal.faults() == ()
