"""`python -m services.record check`: whether the record is whole. Ends with 0 when it is, 1 when not, 3 when unread.

With `--log`, whether it also agrees with a log of the dashboard that was kept elsewhere.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.errors import GatehouseError
from services.opening import open_journal
from services.record.acts import UNKNOWN, acts_of
from services.record.chain import Head
from services.record.journal import Journal, RecordError, SqliteJournal
from services.record.log import contradictions, heads_in
from services.settings import common, keys, load

HOLDS, BROKEN, UNREAD = 0, 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the record of the configured environment, or the file that is named; the exit code."""
    parser = argparse.ArgumentParser("services.record", description="Prove the record of acts.")
    parser.add_argument("command", choices=["check"])
    parser.add_argument("--file", type=Path, help="the record's file; by default that of the configured environment")
    parser.add_argument(
        "--log", type=Path, help="a log of the dashboard, kept elsewhere, that the record has to agree with"
    )
    options = parser.parse_args(arguments)
    try:
        where, journal = _record(options.file)
        if journal is None:
            print(f"There is no record at {where}.", file=sys.stderr)
            return UNREAD
        faults, links = journal.faults(), tuple(journal.links())
        heads = _heads(options.log)
    except GatehouseError as error:
        print(error, file=sys.stderr)
        return UNREAD
    faults += contradictions(links, heads)
    acts = acts_of(links)
    unknown = sum(act.outcome == UNKNOWN for act in acts)
    print(f"{where}: {len(links)} entries, {len(acts)} acts, {unknown} of unknown outcome")
    if heads:
        print(f"{options.log}: tells of {len(heads)} entries")
    if not faults:
        print(f"The chain holds; its newest hash is {links[-1].hash if links else 'none'}.")
        return HOLDS
    print("\n".join(faults))
    return BROKEN


def _record(file: Path | None) -> tuple[str, Journal | None]:
    """Where the record is, and the record; `None` where there is no such file."""
    if file is None and (table := common("record_table")):
        return f"The table {table}", open_journal(load(key=next(iter(keys()), "")))
    path = file or Path(common("data_folder")) / "audit.sqlite"
    # Where only the note of its newest entry is left, there was a record, and it is missing.
    return str(path), SqliteJournal(path) if path.exists() or path.with_suffix(".head").exists() else None


def _heads(log: Path | None) -> tuple[Head, ...]:
    """The entries that a log tells of; `RecordError` where it tells of none."""
    if log is None:
        return ()
    failed, next_step = "The log can't be held against the record", "Name a file that the dashboard's log was kept in"
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            heads = heads_in(lines)
    except OSError as error:
        raise RecordError(failed, f"{log}: {error.strerror}", next_step) from None
    if not heads:
        raise RecordError(failed, f"{log} tells of no entry", next_step)
    return heads


if __name__ == "__main__":
    sys.exit(main())
