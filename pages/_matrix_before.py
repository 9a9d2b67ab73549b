"""Before a run of one's own: what schema and settings say by themselves, and the last run that was kept."""

import streamlit as st

from pages._matrix_findings import show_findings
from pages._matrix_kept import show_kept
from pages._matrix_state import Matrix, history_of
from pages._matrix_summary import show_unread
from pages._reading import amount
from pages._ui import caption
from services.authorization.agreed.traps import as_findings
from services.permissions import Operator


def show_before(here: Matrix, operator: Operator) -> None:
    """What is known before any call."""
    prepared = here.prepared
    if prepared is None:
        return
    baseline = len(prepared.baseline.agreed.cells)
    operations, agreed = len(prepared.operations), f"{amount(baseline, 'cell', 'cells')} agreed on"
    run = "nothing was run in this tab yet" if here.kept else "nothing was run yet"
    caption(f"{amount(operations, 'operation', 'operations')} · {agreed} · {run}")
    show_unread(prepared)
    found = as_findings(prepared.static)
    if not found and prepared.declared.unread:
        found_nothing = "What could not be read could not be searched for faults. Read again to try once more."
    else:
        found_nothing = "Schema, modes, policies and groups show no fault by themselves."
    if here.kept is None:
        st.subheader("Found without a call", anchor=False)
        show_findings(here, found, operator, found_nothing)
        return
    last, static = st.tabs(["Last run", f"Found without a call {len(found)}"])
    with last:
        show_kept(here.kept, history_of(prepared))
    with static:
        show_findings(here, found, operator, found_nothing)
