"""Where the record is kept: an SQLite file that only its owner can read, and a note of its newest hash beside it."""

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from services.errors import GatehouseError
from services.record.chain import START, Head, Link, faults, hash_of
from services.record.entries import Entry

_TABLE = """
create table if not exists entries (
  number integer primary key,
  content text not null,
  hash text not null
)
"""
BUSY_SECONDS = 5


class RecordError(GatehouseError):
    """The record can't be written or read."""


class Journal(Protocol):
    """Keeps the record."""

    def append(self, entry: Entry) -> Head:
        """Keep one more entry for good; raises `RecordError` when that can't be done."""

    def links(self) -> Iterator[Link]:
        """Every entry, oldest first; raises `RecordError`."""

    def newest(self, count: int) -> tuple[Link, ...]:
        """So many of the newest entries, oldest first; raises `RecordError`."""

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the chain; empty when it holds. Raises `RecordError`."""


class SqliteJournal:
    """The record in a file; safe for threads, and for several processes on one machine."""

    def __init__(self, path: Path) -> None:
        """Open or create the record; raises `RecordError` where that is not possible."""
        self._path = path
        self._note = path.with_suffix(".head")
        self._lock = threading.Lock()
        with self._told("opened"):
            self._open()

    def append(self, entry: Entry) -> Head:
        """Keep one more entry and note its hash; on disk when this returns.

        It follows what the note says was written, not what is left of it: so what was taken away or rewritten shows
        from then on too, when the note has become another.
        """
        content = entry.content()
        with self._told("written"), self._lock:
            self._reopen_if_replaced()
            self._connection.execute("begin immediate")
            try:
                newest = self._to_be_followed()
                number = newest.number + 1
                head = Head(number, hash_of(newest.hash, number, content))
                self._connection.execute("insert into entries values (?, ?, ?)", (number, content, head.hash))
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
            # After the commit: a note that is older than the record is harmless, one that is newer looks like a theft.
            self._write_note(head)
        return head

    def links(self) -> Iterator[Link]:
        """Every entry, oldest first."""
        with self._told("read"), self._lock:
            self._reopen_if_replaced()
            rows = self._connection.execute("select number, content, hash from entries order by rowid").fetchall()
        return (Link(*row) for row in rows)

    def newest(self, count: int) -> tuple[Link, ...]:
        """So many of the newest entries, oldest first."""
        with self._told("read"), self._lock:
            self._reopen_if_replaced()
            rows = self._connection.execute(
                "select number, content, hash from entries order by rowid desc limit ?", (count,)
            ).fetchall()
        return tuple(Link(*row) for row in reversed(rows))

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the chain, the note of its newest hash included."""
        noted = self._read_note()
        links = tuple(self.links())
        found = list(faults(links, noted))
        if noted is None and links:
            found.append("The note of the newest entry is missing, so an end that was cut off would not show.")
        return tuple(found)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        self._inode = self._path.stat().st_ino
        self._connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")  # what was recorded outlives a power cut
        self._connection.execute(_TABLE)

    def _reopen_if_replaced(self) -> None:
        """Open what lies at the path now: a deleted file takes writes as before, and nobody ever reads them."""
        with suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                return
        self._connection.close()
        self._open()

    def _to_be_followed(self) -> Head:
        """What the next entry follows: the newest one, unless the note tells of another that should be there."""
        newest, noted = self._newest(), self._read_note()
        if noted is None or (noted.number <= newest.number and self._hash_at(noted.number) == noted.hash):
            return newest
        return Head(max(noted.number, newest.number), noted.hash)

    def _newest(self) -> Head:
        row = self._connection.execute("select number, hash from entries order by number desc limit 1").fetchone()
        return Head(*row) if row else Head(0, START)

    def _hash_at(self, number: int) -> str | None:
        row = self._connection.execute("select hash from entries where number = ?", (number,)).fetchone()
        return str(row[0]) if row else None

    def _write_note(self, head: Head) -> None:
        # A name of its own: another process may be writing its note at this moment.
        fresh = self._note.with_suffix(f".head.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{head.number} {head.hash}\n")
        fresh.replace(self._note)

    def _read_note(self) -> Head | None:
        try:
            number, _, digest = self._note.read_text(encoding="ascii").strip().partition(" ")
            return Head(int(number), digest)
        except (OSError, ValueError):
            return None

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise RecordError(
                f"The record of acts can't be {what}",
                f"{self._path}: {error}",
                "Try again; if it stays, make the file writable, or name another folder in GATEHOUSE_DATA_FOLDER",
                type(error).__name__,
            ) from None
