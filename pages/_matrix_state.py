"""What the page Matrix holds for one browser session: a suite, the run that is under way, and the one that is shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from services.authorization.agreed.baseline import Baseline
from services.authorization.cells import CellId
from services.authorization.examination import Concluded, Prepared, conclude
from services.authorization.examining import Examining, Wanted
from services.authorization.reports.history import History
from services.authorization.reports.record import RunRecord
from services.permissions import Operator
from services.secret import Secret
from services.sessions import Session

_KEY = "matrix_lab"


@dataclass(frozen=True, slots=True)
class Shelved:
    """What the page held of a suite when another one was chosen."""

    prepared: Prepared
    wanted: Wanted
    concluded: Concluded | None
    kept: RunRecord | None


@dataclass(slots=True)
class Matrix:
    """The state of the page; kept in the tab's own memory and nowhere else.

    Attributes:
        session_id: whose it is; somebody else's sign-in in the same tab starts anew.
        asked: the suite file that `prepared` is for.
        prepared: what is known before any call.
        wanted: what the run that is shown was asked for.
        running: the examination that is under way.
        concluded: the run that is shown.
        kept: the newest run of the suite that was kept, for as long as none was made here; None where there is none.
        person: whom to test as, by user name; empty for nobody.
        shelf: what was known and shown of the suites that were looked at before.
    """

    session_id: Secret
    asked: Path | None = None
    prepared: Prepared | None = None
    wanted: Wanted = field(default_factory=Wanted)
    running: Examining | None = None
    concluded: Concluded | None = None
    kept: RunRecord | None = None
    person: str = ""
    shelf: dict[Path, "Shelved"] = field(default_factory=dict)

    def take_up(self, suite: Path) -> bool:
        """Go to a suite that was read in this tab before, with the run that was shown of it; whether it was."""
        if self.asked == suite:
            return True
        if self.asked and self.prepared:
            self.shelf[self.asked] = Shelved(self.prepared, self.wanted, self.concluded, self.kept)
        if suite not in self.shelf:
            return False
        found = self.shelf.pop(suite)
        self.asked, self.prepared, self.wanted = suite, found.prepared, found.wanted
        self.running, self.concluded, self.kept = None, found.concluded, found.kept
        return True

    def read(self, suite: Path, prepared: Prepared) -> None:
        """A suite that was not read yet, or the same read again: what was shown of it goes."""
        self.asked, self.prepared, self.running, self.concluded = suite, prepared, None, None
        newest = history_of(prepared).runs(prepared.suite.name, prepared.application.environment.name, 1)
        self.kept = newest[0] if newest else None

    def forget(self) -> None:
        """Nothing is prepared; the next look reads again."""
        self.asked = self.prepared = self.concluded = None

    def begin(self, wanted: Wanted, operator: Operator) -> None:
        """Run the whole suite anew."""
        if self.prepared:
            self.wanted, self.concluded = wanted, None
            self.running = Examining.start(self.prepared, wanted, operator=operator)

    def again(self, cells: Iterable[CellId], operator: Operator) -> None:
        """Run some cells of the shown run once more."""
        if self.prepared and self.concluded:
            wanted = self.wanted.only(cells)
            self.running = Examining.start(self.prepared, wanted, operator=operator, earlier=self.concluded)

    def finish(self) -> None:
        """Show the run that has ended; raises what broke it off, and keeps what was shown before."""
        running, self.running = self.running, None
        if running:
            self.concluded = running.wait()

    def agreed(self, baseline: Baseline, operator: Operator) -> None:
        """Hold the shown run against another baseline."""
        if self.prepared and self.concluded:
            self.prepared = self.prepared.agreeing(baseline)
            shown = self.concluded
            self.concluded = conclude(
                self.prepared,
                shown.callers,
                shown.declarations,
                shown.result,
                operator=operator,
                removals=shown.removals,
                beside=shown.beside,
                secrets=shown.secrets,
            )


def history_of(prepared: Prepared) -> History:
    """The runs that the environment keeps."""
    return History(Path(prepared.application.environment.data_folder) / "runs")


def matrix(session: Session) -> Matrix:
    """This tab's state; a fresh one for another sign-in."""
    held = st.session_state.get(_KEY)
    if not isinstance(held, Matrix) or held.session_id != session.id:
        held = st.session_state[_KEY] = Matrix(session.id)
    return held
