"""The runs that were kept: a folder for each suite and environment, a run file for each run, the newest so many."""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.authorization.cells import CellId, Observation
from services.authorization.reports import run_file
from services.authorization.reports.record import RunRecord
from services.errors import Invalid

KEPT = 50
_RUN = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{4}\.json")


@dataclass(frozen=True, slots=True)
class Moment:
    """One cell in one run: when the run began, and what the cell showed."""

    at: datetime
    seen: Observation


@dataclass(frozen=True, slots=True)
class History:
    """The runs of all suites below a folder.

    Attributes:
        folder: where; made at the first run that is kept, readable by its owner alone.
        kept: how many runs of a suite are kept; older ones are removed.
    """

    folder: Path
    kept: int = KEPT

    def keep(self, record: RunRecord, text: str | None = None) -> Path:
        """Keep a run and remove what is too old; returns its file. Raises `Invalid` where it can't be written.

        Args:
            record: the run.
            text: its run file, where it was made already.
        """
        folder = self._of(record.suite, record.environment)
        started = record.started_at.strftime("%Y%m%dT%H%M%S%fZ")
        path = folder / f"{started}-{secrets.token_hex(2)}.json"
        try:
            # One by one: the mode that is asked for is not that of the parents which are made on the way.
            for each in (self.folder.parent, self.folder, folder):
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = path.with_suffix(".part")
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(run_file.as_json(record) if text is None else text)
            beside.replace(path)
            for old in self._files(record.suite, record.environment)[self.kept :]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise Invalid(
                f"Could not keep the run in {folder}", type(error).__name__, "Check the folder and its rights"
            ) from None
        return path

    def runs(self, suite: str, environment: str, count: int = KEPT) -> tuple[RunRecord, ...]:
        """The newest runs of a suite, the newest first; files that can't be read are left out."""
        found = []
        for path in self._files(suite, environment)[:count]:
            try:
                found.append(run_file.read(path))
            except Invalid:
                continue  # half a file, or one of another version: it hides no other run
        return tuple(found)

    def timeline(self, suite: str, environment: str, cell: CellId, count: int = 10) -> tuple[Moment, ...]:
        """What a cell showed in the newest runs that had it, the newest first."""
        runs = self.runs(suite, environment, count)
        return tuple(Moment(run.started_at, run.cells[cell].seen) for run in runs if cell in run.cells)

    def _of(self, suite: str, environment: str) -> Path:
        # Names come from outside: the hash keeps apart what the readable part makes equal, and paths out.
        words = re.sub(r"[^a-z0-9]+", "-", f"{suite}-{environment}".lower()).strip("-")[:40]
        return self.folder / f"{words}-{hashlib.sha256(repr((suite, environment)).encode()).hexdigest()[:8]}"

    def _files(self, suite: str, environment: str) -> list[Path]:
        folder = self._of(suite, environment)
        if not folder.is_dir():
            return []
        return sorted((path for path in folder.iterdir() if _RUN.fullmatch(path.name)), reverse=True)
