"""What is to be run, and the buttons that do it."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._matrix_state import Matrix
from pages._ui import plain
from services.application import Application
from services.authorization.callers.offered import offered
from services.authorization.callers.signed_in import SignedIn
from services.authorization.cells import CellId
from services.authorization.examination import Prepared
from services.authorization.examining import Wanted
from services.authorization.reports.record import RunRecord
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.authorization.suite.saved import Safety
from services.sessions import Session


@dataclass(frozen=True, slots=True)
class Asked:
    """What the toolbar says: the suite file, and whom to test as; an empty name for nobody."""

    suite: Path
    person: str


def suites(folder: Path) -> list[Path]:
    """The suite files of a folder, by name."""
    return sorted(path for path in folder.glob("*.y*ml") if path.is_file()) if folder.is_dir() else []


def choose(folder: Path) -> tuple[Asked | None, DeltaGenerator]:
    """The controls; None where the folder holds no suite. Returns also the place of the buttons."""
    found = suites(folder)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Suite", [path.name for path in found], key="matrix_suite", bind="query-params", width=200,
        )  # fmt: skip
        person = st.text_input(
            "Test as this person",
            key="matrix_person",
            bind="query-params",
            placeholder="user name",
            width=200,
            help="Adds columns by a stand-in with the same groups, made for the run and removed after it.",
        )
        place = st.container(horizontal=True, width="content", vertical_alignment="bottom")
    if name is None:
        return None, place
    return Asked(folder / name, (person or "").strip()), place


def wanted_of(app: Application, prepared: Prepared, asked: Asked, session: Session) -> Wanted | None:
    """What a run is asked for; None while production's questions are unanswered."""
    environment = app.environment
    choices = prepared.suite.identities
    if asked.person:
        everybody = choices or offered(app, session.operator)[0]
        choices = (*everybody, IdentityChoice(IdentityKind.PERSON, name=asked.person))
    mine = st.toggle(
        "My own columns", key="matrix_mine", bind="query-params", help="By your ID token, access token and IAM."
    )
    me = SignedIn(session.operator, lambda: session.tokens) if mine else None
    typed = reason = ""
    if environment.production:
        changing = [each.id for each in prepared.operations if each.changes_data and each.safety is Safety.FULL]
        what = f" It sends {', '.join(changing)}, which changes data." if changing else ""
        st.text(f"This is a production environment. The run makes stand-ins in the user pool and removes them.{what}")
        with st.container(horizontal=True):
            typed = st.text_input(plain(f"Type {environment.name}"), key="matrix_typed")
            reason = st.text_input("Reason", key="matrix_reason")
        if typed != environment.name or not reason.strip():
            return None
    return Wanted(choices=choices, person=asked.person, me=me, typed_name=typed, reason=reason)


def buttons(here: Matrix, place: DeltaGenerator, wanted: Wanted | None, session: Session) -> None:
    """Run everything, or what fails; or stop what runs."""
    if here.running:
        if place.button("Cancel", key="matrix_cancel", icon=":material/stop:"):
            here.running.cancel()
        return
    if here.concluded:
        record = here.concluded.record
        failing = [cell for cell in record.cells if _fails(record, cell)]
        if place.button(
            f"Run {len(failing)} failing again", key="matrix_failing", icon=":material/replay:", disabled=not failing
        ):
            here.again(failing, session.operator)
            st.rerun()
    if place.button(
        "Run all", key="matrix_run", type="primary", icon=":material/play_arrow:", shortcut="Ctrl+Enter",
        disabled=wanted is None or here.prepared is None,
    ):  # fmt: skip
        here.begin(wanted or Wanted(), session.operator)
        st.rerun()


def _fails(record: RunRecord, cell: CellId) -> bool:
    return record.disagrees(cell) or not record.cells[cell].seen.verdict.outcome.is_evidence
