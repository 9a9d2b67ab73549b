"""Accepting what a cell shows, and putting a finding aside: with a reason, by a person, until a day."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from pages._acting import close_with
from pages._matrix_open import close
from pages._matrix_state import Matrix
from pages._news import tell
from pages._ui import caption, plain
from services.authorization.accepting import accept, put_aside
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Class, Finding, Kind
from services.authorization.cells import CellId
from services.permissions import Operator, Permission, may


def show_accept(here: Matrix, cell: CellId, operator: Operator) -> None:
    """The form that makes what was seen, or is declared of a call that the suite doesn't send, what is agreed on."""
    concluded = here.concluded
    verdict = concluded.record.acceptable(cell) if concluded else None
    if concluded is None or verdict is None or not concluded.record.disagrees(cell):
        return
    suite = concluded.prepared.suite
    if suite.baseline_path is None:
        caption("The suite names no baseline, so nothing can be agreed on.")
        return
    if cell.identity in concluded.beside:
        caption("This column stands beside the suite's identities: agree on what its groups get, in their own columns.")
        return
    told = "is declared" if cell in concluded.record.left_out else "was seen"

    def act(reason: str, owner: str, until: date | None) -> Baseline:
        return accept(concluded.prepared, {cell: verdict}, reason, owner, until, operator=operator)

    with st.expander(plain(f"Accept {verdict.outcome}, with a reason")):
        caption(f"What {told} becomes a line of the baseline: from then on it is what is agreed on.")
        _form(here, operator, f"cell_{cell}", f"Accept {verdict.outcome} for {cell}", act)


def show_accept_declared(here: Matrix, operator: Operator) -> None:
    """The form that agrees at once on every cell that is let in just as it was declared."""
    concluded = here.concluded
    if concluded is None or concluded.prepared.suite.baseline_path is None:
        return
    record = concluded.record
    cells = {
        cell: verdict
        for cell, each in record.cells.items()
        if (verdict := record.acceptable(cell))
        and record.disagrees(cell)
        and cell.identity not in concluded.beside
        and each.agreed is None
        and all(finding.kind is Kind.LET_IN_UNLISTED for finding in record.of_cell(cell) if finding.disagrees)
    }
    if not cells:
        return

    def act(reason: str, owner: str, until: date | None) -> Baseline:
        return accept(concluded.prepared, cells, reason, owner, until, operator=operator)

    with st.expander(f"Accept the {len(cells)} cells that are let in as declared and not listed yet"):
        caption("Each becomes a line of the baseline with this reason. Review the file as you review code.")
        _form(here, operator, "declared", f"Accept {len(cells)} cells", act)


def show_put_aside(here: Matrix, finding: Finding, operator: Operator) -> None:
    """The form that puts a finding aside."""
    concluded = here.concluded
    if concluded is None or finding.suppressed or finding.weight is Class.NO_VERDICT:
        return

    def act(reason: str, owner: str, until: date | None) -> Baseline:
        return put_aside(concluded.prepared, finding, reason, owner, until, operator=operator)

    st.markdown("**Put it aside**")
    caption(
        "It stays in the baseline file with your reason, and disagrees no longer. To agree on a cell, accept it there."
    )
    _form(here, operator, f"finding_{finding.id}", f"Put finding {finding.id} aside", act)


def _form(
    here: Matrix, operator: Operator, key: str, label: str, act: Callable[[str, str, date | None], Baseline]
) -> None:
    if not may(operator, Permission.ACCEPT_RESULTS):
        caption("Accepting takes the admin role.")
        return
    with st.form(f"matrix_accept_{key}", border=False):
        reason = st.text_input("Reason", key=f"matrix_reason_{key}", max_chars=300)
        owner_field, until_field = st.columns(2)
        owner = owner_field.text_input("Owner", value=operator.username, key=f"matrix_owner_{key}", max_chars=100)
        until = until_field.date_input(
            "Until",
            value=None,
            format="YYYY-MM-DD",
            key=f"matrix_until_{key}",
            help="The last day on which it counts, in UTC; empty for no end",
        )
        if not st.form_submit_button(plain(label), key=f"matrix_accept_{key}_go", icon=":material/check:"):
            return

    def agree() -> None:
        here.agreed(act(reason, owner, until), operator)
        close()
        tell(f"{label}: it is in the baseline now. Commit the file, and the command agrees as well.")

    close_with(agree)
