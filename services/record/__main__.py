"""`python -m services.record check`: whether the record is whole. Ends with 0 when it is, 1 when not, 3 when unread."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.errors import GatehouseError
from services.opening import open_journal
from services.record.acts import UNKNOWN, acts_of
from services.record.journal import Journal, SqliteJournal
from services.settings import common, keys, load

HOLDS, BROKEN, UNREAD = 0, 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the record of the configured environment, or the file that is named; the exit code."""
    parser = argparse.ArgumentParser("services.record", description="Prove the record of acts.")
    parser.add_argument("command", choices=["check"])
    parser.add_argument("--file", type=Path, help="the record's file; by default that of the configured environment")
    options = parser.parse_args(arguments)
    try:
        where, journal = _record(options.file)
        if journal is None:
            print(f"There is no record at {where}.", file=sys.stderr)
            return UNREAD
        faults, links = journal.faults(), tuple(journal.links())
    except GatehouseError as error:
        print(error, file=sys.stderr)
        return UNREAD
    acts = acts_of(links)
    unknown = sum(act.outcome == UNKNOWN for act in acts)
    print(f"{where}: {len(links)} entries, {len(acts)} acts, {unknown} of unknown outcome")
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
    return str(path), SqliteJournal(path) if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
