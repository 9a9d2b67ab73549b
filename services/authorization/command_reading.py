"""`compare` and `explain`: what kept runs show."""

import argparse
from collections.abc import Iterator, Mapping

from services.authorization.agreed.agreement import Agreement
from services.authorization.agreed.assessment import Exit
from services.authorization.agreed.comparison import in_words
from services.authorization.cells import CellId, Reason
from services.authorization.command_accept import newest
from services.authorization.command_stage import baseline_of, cell_of
from services.authorization.command_summary import finding_lines
from services.authorization.command_terminal import Terminal
from services.authorization.reports import run_file
from services.authorization.reports.record import CellRecord
from services.authorization.reports.runs_compared import compared
from services.authorization.suite.reading import read_suite
from services.errors import Invalid


def compare(arguments: argparse.Namespace, _: Mapping[str, str], terminal: Terminal) -> Exit:
    """What the second run shows otherwise than the first. Cells without a verdict are equal to nothing."""
    found = compared(run_file.read(arguments.before), run_file.read(arguments.after))
    for change in found.changes:
        terminal.say(change.words)
    terminal.say(f"{len(found.changes)} changed, {found.equal} equal, {len(found.unproven)} not proven in both")
    if any(change.cell not in found.unproven for change in found.changes):
        return Exit.DISAGREEMENT
    return Exit.NO_VERDICT if found.unproven or not found.equal else Exit.AGREED


def explain(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """One cell in all three layers, as the newest run has it, with the lines that say so."""
    suite = read_suite(arguments.suite, variables)
    record = newest(suite, variables, arguments.run)
    cell = cell_of(arguments.cell)
    if cell not in record.cells:
        raise Invalid(f"The run has no cell {cell}", "", "Name an operation and an identity of the suite")
    agreement = baseline_of(suite).agreed.cells.get(cell)
    for line in _explained(cell, record.cells[cell], agreement):
        terminal.say(line)
    findings = record.of_cell(cell)
    for finding in findings:
        for line in finding_lines(finding):
            terminal.say(line)
    if any(finding.disagrees for finding in findings):
        return Exit.DISAGREEMENT
    return Exit.AGREED if record.proven(cell) else Exit.NO_VERDICT


def _explained(cell: CellId, each: CellRecord, agreement: Agreement | None) -> Iterator[str]:
    seen = each.seen
    yield str(cell)
    yield f"Observed: {in_words(seen.verdict)}. {seen.why} {seen.next_step}".rstrip()
    yield f"Declared: {in_words(each.declared)}" if each.declared else "Declared: nothing can be predicted"
    for reason in each.reasons:
        yield f"  {reason.words}{_place(reason)}"
    if agreement is None:
        yield "Agreed: refused, since the baseline doesn't list it"
        return
    accepted = agreement.accepted
    until = f", until {accepted.until}" if accepted.until else ""
    said = f" ({accepted.owner}{until}: {accepted.reason})" if accepted.reason else ""
    yield f"Agreed: {in_words(agreement.verdict)}{said}"


def _place(reason: Reason) -> str:
    if not reason.place:
        return ""
    return f" [{reason.place}: {reason.line}]" if reason.line else f" [{reason.place}]"
