"""`python -m services.record check`: whether the record is whole. Ends with 0 when it is, 1 when not, 3 when unread."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.errors import GatehouseError
from services.record.acts import UNKNOWN, acts_of
from services.record.journal import SqliteJournal
from services.settings import load

HOLDS, BROKEN, UNREAD = 0, 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the record of the configured environment, or the file that is named; the exit code."""
    parser = argparse.ArgumentParser("services.record", description="Prove the record of acts.")
    parser.add_argument("command", choices=["check"])
    parser.add_argument("--file", type=Path, help="the record's file; by default that of the configured environment")
    options = parser.parse_args(arguments)
    try:
        path = options.file or Path(load().data_folder) / "audit.sqlite"
        if not path.exists():
            print(f"There is no record at {path}.", file=sys.stderr)
            return UNREAD
        journal = SqliteJournal(path)
        faults, links = journal.faults(), tuple(journal.links())
    except GatehouseError as error:
        print(error, file=sys.stderr)
        return UNREAD
    acts = acts_of(links)
    unknown = sum(act.outcome == UNKNOWN for act in acts)
    print(f"{path}: {len(links)} entries, {len(acts)} acts, {unknown} of unknown outcome")
    if not faults:
        print(f"The chain holds; its newest hash is {links[-1].hash if links else 'none'}.")
        return HOLDS
    print("\n".join(faults))
    return BROKEN


if __name__ == "__main__":
    sys.exit(main())
