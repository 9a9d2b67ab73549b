"""`run SUITE`: everybody's calls, held against what was agreed, and the reports of it."""

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from services.authorization import part
from services.authorization.agreed.assessment import Exit
from services.authorization.callers.caller import Caller
from services.authorization.callers.cast import callers
from services.authorization.cells import CellId, Progress
from services.authorization.command_secrets import Watched, configured_secrets
from services.authorization.command_stage import history_of, operator_of, prepared_of
from services.authorization.command_summary import summary
from services.authorization.command_terminal import Terminal
from services.authorization.examination import Concluded, Prepared, conclude
from services.authorization.lab.job import LabRun
from services.authorization.lab.plan import Plan
from services.authorization.lab.result import Result
from services.authorization.reports.record import RunRecord
from services.authorization.reports.sarif import Places
from services.authorization.reports.writing import Format, Writer
from services.errors import Invalid
from services.settings import Environment

POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command.

    Attributes:
        prepared: the suite on its environment.
        arguments: what was asked for.
        watched: notes every credential that is sent.
        terminal: where progress is told.
    """

    prepared: Prepared
    arguments: argparse.Namespace
    watched: Watched
    terminal: Terminal

    def conclude(self) -> Concluded:
        """Make the calls, remove the stand-ins, and hold what came against what was declared and agreed."""
        prepared, arguments, operator = self.prepared, self.arguments, operator_of(self._environment)
        self.terminal.progress("Gathering the identities")
        # On the main thread, which alone hears signals: whoever ends this process has the stand-ins removed.
        with callers(
            prepared.application,
            prepared.api,
            prepared.suite.identities,
            operator=operator,
            typed_name=arguments.environment_name_typed,
            reason=arguments.because,
        ) as cast:
            if left := sum(removal.proven for removal in cast.swept):
                self.terminal.note(f"Stand-ins that a killed run had left, removed first: {left}")
            chosen = self._cells(cast.callers)
            who = part.taking_part(cast.callers, chosen)
            what = part.rows(prepared.suite, who, chosen)
            declarations = prepared.declarations(who)
            plan = Plan.of(prepared.suite, self._environment, what, self.watched.all(who), declarations)
            self.terminal.note(f"Operations: {len(what)}, identities: {len(who)}")
            result = self._called(plan)
            self.terminal.progress("Removing the stand-ins")
        self.terminal.clear()
        removals = (*cast.swept, *cast.removals)
        return conclude(
            prepared, cast.callers, declarations, result, operator=operator, removals=removals, cells=chosen
        )

    def _called(self, plan: Plan) -> Result:
        started = LabRun.start(
            plan,
            self.prepared.doors,
            self.prepared.application.identify.keys.for_key,
            operator=operator_of(self._environment),
            typed_name=self.arguments.environment_name_typed,
            reason=self.arguments.because,
        )
        try:
            return self._watch(started)
        except (KeyboardInterrupt, SystemExit):
            self.terminal.note("Cancelled: nothing more is sent, and what was changed is taken back")
            started.cancel()
            return started.wait()

    def _watch(self, started: LabRun) -> Result:
        while True:
            try:
                return started.wait(POLL_SECONDS)
            except TimeoutError:
                shown = started.snapshot()
                ended = shown.counts[Progress.DONE] + shown.counts[Progress.NOT_RUN]
                self.terminal.progress(f"{shown.activity}: {ended} of {len(shown.states)} cells")

    def _cells(self, found: Sequence[Caller]) -> frozenset[CellId] | None:
        """The cells that were asked for; None for all."""
        operations, identities = self.arguments.operation, self.arguments.identity
        if not operations and not identities:
            return None
        rows = _known(operations, [each.id for each in self.prepared.operations], "operation")
        columns = _known(identities, [each.id for each in found], "identity")
        return frozenset(CellId(row, column) for row in rows for column in columns)

    @property
    def _environment(self) -> Environment:
        return self.prepared.application.environment


def run(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """Run a suite, keep the run, write its reports, and say what it comes to.

    Raises:
        GatehouseError: the suite, the settings or the arguments are no good, or a report can't be written.
    """
    prepared, watched = prepared_of(arguments.suite, variables), Watched()
    record = _shown(Run(prepared, arguments, watched, terminal).conclude().record)
    environment, suite = prepared.application.environment, prepared.suite
    secrets = (*watched.secrets, *configured_secrets(environment, suite))
    places = Places(arguments.suite, suite.baseline_path, prepared.baseline.line_of, Path.cwd())
    writer = Writer(record, places, secrets, only_disagreements=arguments.only_disagreements)
    history_of(environment).keep(record, writer.text(Format.JSON))
    writer.write([(what, path) for what in Format if (path := getattr(arguments, what.value))])
    for line in summary(record, secrets):
        terminal.say(line)
    return record.assessment.exit


def _shown(record: RunRecord) -> RunRecord:
    """The run without rows and columns that none of its cells is in."""
    rows, columns = ({getattr(cell, name) for cell in record.cells} for name in ("operation", "identity"))
    return replace(
        record,
        operations=tuple(each for each in record.operations if each.id in rows),
        identities=tuple(each for each in record.identities if each.id in columns),
    )


def _known(wanted: Collection[str], there_is: Sequence[str], what: str) -> frozenset[str]:
    """The names that were asked for, all where none was; raises `Invalid` for one that isn't there."""
    if strange := sorted(frozenset(wanted) - set(there_is)):
        raise Invalid(f"There is no {what} {strange[0]}", f"There are {', '.join(there_is)}", "Choose one of them")
    return frozenset(wanted or there_is)
