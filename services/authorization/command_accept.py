"""`accept` and `suppress`: what is agreed on, written into the baseline file."""

import argparse
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from services.authorization.agreed.agreement import Accepted, Agreement, lets_in
from services.authorization.agreed.assessment import Exit
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.comparison import in_words
from services.authorization.cells import CellId, Verdict
from services.authorization.command_stage import baseline_of, cell_of, history_of
from services.authorization.command_terminal import Terminal
from services.authorization.reports import run_file
from services.authorization.reports.record import RunRecord
from services.authorization.suite.model import Suite
from services.authorization.suite.reading import read_suite
from services.errors import Invalid
from services.settings import load


def accept(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """Agree on what cells showed in a run; raises `Invalid` where they proved nothing."""
    suite = read_suite(arguments.suite, variables)
    path = _path(suite)
    record = newest(suite, variables, arguments.run)
    accepted = _accepted(arguments)
    baseline = baseline_of(suite)
    cells = [cell_of(each) for each in arguments.cell] or list(_new(record, baseline))
    agreements = {cell: Agreement(_seen(record, cell), accepted) for cell in cells}
    if not agreements:
        terminal.say("Nothing is new: no cell lets somebody in who isn't listed.")
        return Exit.AGREED
    baseline.accepting(agreements).write(path)
    for cell, agreement in sorted(agreements.items()):
        declared = "  (as declared; the suite doesn't send it)" if cell in record.left_out else ""
        terminal.say(f"Accepted: {cell}  {in_words(agreement.verdict)}{declared}")
    return Exit.AGREED


def suppress(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """Put a finding aside; raises `Invalid` where its id is none."""
    suite = read_suite(arguments.suite, variables)
    path = _path(suite)
    baseline_of(suite).suppressing(arguments.finding, _accepted(arguments)).write(path)
    terminal.say(f"Put aside: {arguments.finding}")
    return Exit.AGREED


def newest(suite: Suite, variables: Mapping[str, str], path: Path | None) -> RunRecord:
    """The run of a file, else the newest one of the suite that was kept here; raises `Invalid` where there is none."""
    if path:
        record = run_file.read(path)
        if record.suite != suite.name:
            raise Invalid(f"{path} is a run of the suite {record.suite}", f"Wanted: {suite.name}", "Name another run")
        return record
    environment = load(variables)
    runs = history_of(environment).runs(suite.name, environment.name, 1)
    if not runs:
        raise Invalid(
            f"There is no run of the suite {suite.name} in {environment.name}",
            f"None is kept in {environment.data_folder}",
            "Run the suite first, or name a run file: --run FILE.json",
        )
    return runs[0]


def _new(record: RunRecord, baseline: Baseline) -> Iterator[CellId]:
    """The cells that let somebody in, without a line of the baseline, as it is now, that counts."""
    for cell in record.cells:
        line, shown = baseline.agreed.cells.get(cell), record.acceptable(cell)
        if shown and lets_in(shown) and not (line and line.counts(_today())):
            yield cell


def _seen(record: RunRecord, cell: CellId) -> Verdict:
    if cell not in record.cells:
        raise Invalid(
            f"The run has no cell {cell}", f"It began at {record.started_at:%Y-%m-%d %H:%M} UTC", "Run it first"
        )
    shown = record.acceptable(cell)
    if shown is None:
        why = record.cells[cell].seen.why
        raise Invalid(f"{cell} can't be accepted", f"Nothing is proven about it. {why}", "Run it again first")
    return shown


def _accepted(arguments: argparse.Namespace) -> Accepted:
    until: date | None = arguments.until
    if until and until < _today():
        raise Invalid(f"{until} is over already", "", "Give a day that is still to come, or none")
    return Accepted(arguments.reason, arguments.owner, until)


def _path(suite: Suite) -> Path:
    if suite.baseline_path is None:
        raise Invalid(f"{suite.path} names no baseline", "", "Add a line such as baseline: users.baseline")
    return suite.baseline_path


def _today() -> date:
    return datetime.now(UTC).date()
