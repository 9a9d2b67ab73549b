"""What is to be run, and the buttons that do it."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._matrix_findings import finding_opens
from pages._matrix_open import opened
from pages._matrix_person import is_searching
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


def suites(folder: Path) -> list[Path]:
    """The suite files of a folder, by name."""
    return sorted(path for path in folder.glob("*.y*ml") if path.is_file()) if folder.is_dir() else []


def choose(folder: Path) -> tuple[Path | None, DeltaGenerator]:
    """The choice of a suite; None where the folder holds none. Returns also the place of the buttons."""
    found = suites(folder)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Suite", [path.name for path in found], key="matrix_suite", bind="query-params", width=240,
        )  # fmt: skip
        place = st.container(horizontal=True, width="content", vertical_alignment="bottom")
    return (folder / name if name else None), place


def own_columns(session: Session) -> SignedIn | None:
    """The operator's own sign-in, where they want columns of it."""
    mine = st.toggle(
        "My own columns", key="matrix_mine", bind="query-params", help="By your ID token, access token and IAM."
    )
    return SignedIn(session.operator, lambda: session.tokens) if mine else None


def wanted_of(
    app: Application, prepared: Prepared, person: str, me: SignedIn | None, session: Session
) -> Wanted | None:
    """What a run is asked for; None while production's questions are unanswered.

    Args:
        app: the environment's services.
        prepared: the suite, as far as it is known before any call.
        person: whom to test as, beside the suite's identities; empty for nobody.
        me: the operator's own sign-in, for columns of it.
        session: the operator's.
    """
    environment = app.environment
    choices = prepared.suite.identities
    if person:
        everybody = choices or offered(app, session.operator)[0]
        choices = (*everybody, IdentityChoice(IdentityKind.PERSON, name=person))
    typed = reason = ""
    if environment.production:
        changing = [each.id for each in prepared.operations if each.changes_data and each.safety is Safety.FULL]
        what = f" It sends {', '.join(changing)}, which changes data." if changing else ""
        st.text(f"This is a production environment. The run makes stand-ins in the user pool and removes them.{what}")
        with st.container(horizontal=True):
            typed = st.text_input(plain(f"Type {environment.name}, the environment's name"), key="matrix_typed")
            reason = st.text_input("Reason", key="matrix_reason", help="It is kept in the record of acts.")
        if typed != environment.name or not reason.strip():
            return None
    return Wanted(choices=choices, person=person, me=me, typed_name=typed, reason=reason)


def buttons(here: Matrix, place: DeltaGenerator, wanted: Wanted | None, session: Session) -> None:
    """Run everything, or what fails; or stop what runs."""
    if here.running:
        if place.button("Cancel", key="matrix_cancel", icon=":material/stop:"):
            here.running.cancel()
        return
    if here.concluded:
        record = here.concluded.record
        failing = [cell for cell in record.cells if _fails(record, cell)]
        if failing and place.button(
            f"Run {len(failing)} failing again",
            key="matrix_failing",
            icon=":material/replay:",
            help="What disagrees, and what came to no verdict",
        ):
            here.again(failing, session.operator)
            st.rerun()
    if place.button(
        "Run all",
        key="matrix_run",
        type="primary",
        icon=":material/play_arrow:",
        shortcut=None if _is_covered(here) else "Ctrl+Enter",
        disabled=wanted is None or here.prepared is None,
    ):
        here.begin(wanted or Wanted(), session.operator)
        st.rerun()


def _is_covered(here: Matrix) -> bool:
    """Whether this run opens a drawer or a dialog: a shortcut would reach through it, also from a field of its form."""
    record = here.concluded.record if here.concluded else here.kept
    return (record is not None and opened() in record.cells) or finding_opens() or is_searching()


def _fails(record: RunRecord, cell: CellId) -> bool:
    return record.disagrees(cell) or not record.cells[cell].seen.verdict.outcome.is_evidence
