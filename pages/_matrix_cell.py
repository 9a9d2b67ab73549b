"""The drawer of one cell: its three layers with the lines that say so, the exchange, and what can be done about it."""

from collections.abc import Callable

import streamlit as st

from pages._app import still_signed_in
from pages._matrix_accept import show_accept
from pages._matrix_copies import show_copies
from pages._matrix_evidence import show_claims, show_difference, show_exchange, show_fields
from pages._matrix_grid import Shown
from pages._matrix_history import show_history
from pages._matrix_layers import show_badges, show_disagreements, show_layers, show_links, show_reasons
from pages._matrix_open import show
from pages._matrix_state import Matrix, history_of
from pages._ui import caption, plain
from services.authorization.callers.caller import Caller
from services.authorization.cells import CellId
from services.authorization.examination import Concluded
from services.permissions import Operator


def show_cell(here: Matrix, cell: CellId, shown: Shown, operator: Operator, on_dismiss: Callable[[], None]) -> None:
    """Open the drawer of a cell of the shown run.

    Args:
        here: the page's state.
        cell: which.
        shown: the part of the matrix that the filters leave, for the way to the cell beside this one.
        operator: who looks.
        on_dismiss: what is done when it is closed.
    """
    if here.concluded and cell in here.concluded.record.cells:
        title = plain(f"{cell.operation} · {_caller(here.concluded, cell).label}")
        drawer = st.dialog(title, position="right", width="large", on_dismiss=on_dismiss)
        drawer(still_signed_in(_content))(here, here.concluded, cell, shown, operator)


def _content(here: Matrix, concluded: Concluded, cell: CellId, shown: Shown, operator: Operator) -> None:
    record, held = concluded.record, concluded.record.cells[cell]
    caller = _caller(concluded, cell)
    show_badges(record, cell)
    earlier = concluded.result.history.get(cell, ())
    if earlier:
        caption(f"Run {len(earlier) + 1} times; what it showed before stands under History.")
    why, exchange, fields, claims, compare, before, copy = st.tabs(
        ["Why", "Exchange", "Fields", "Claims", "Compare", "History", "Copy"]
    )
    with why:
        show_disagreements(record, cell)
        show_layers(held, _accepted(concluded, cell))
        show_links(held.reasons, caller.group, caller.person)
        show_accept(here, cell, operator)
        show_reasons(held)
    with exchange:
        show_exchange(concluded, cell)
    with fields:
        show_fields(concluded, cell)
    with claims:
        show_claims(concluded, cell)
    with compare:
        show_difference(concluded, cell)
    with before:
        show_history(record, cell, history_of(concluded.prepared), earlier)
    with copy:
        show_copies(concluded, cell)
    _again(here, concluded, cell, operator)
    _neighbours(cell, shown)


def _accepted(concluded: Concluded, cell: CellId) -> str:
    """Who agreed to the cell, why and until when; empty where nobody did."""
    agreement = concluded.prepared.baseline.agreed.cells.get(cell)
    if agreement:
        accepted = agreement.accepted
        until = f", until {accepted.until}" if accepted.until else ""
        return f"{accepted.reason or 'No reason was given'} ({accepted.owner or 'nobody'}{until})"
    held = concluded.record.cells[cell]
    return "As agreed for everybody in the same groups." if held.agreed and cell.identity in concluded.beside else ""


def _again(here: Matrix, concluded: Concluded, cell: CellId, operator: Operator) -> None:
    """Run this cell, its row or its column once more; the drawer opens again on what it shows then."""
    cells = concluded.record.cells
    choices = {
        "cell": [cell],
        "row": [each for each in cells if each.operation == cell.operation],
        "column": [each for each in cells if each.identity == cell.identity],
    }
    with st.container(horizontal=True):
        for name, wanted in choices.items():
            label = f"Run this {name} again"
            if st.button(label, key=f"matrix_again_{name}", icon=":material/replay:", disabled=bool(here.running)):
                here.again(wanted, operator)
                st.rerun()


def _neighbours(cell: CellId, shown: Shown) -> None:
    """The way to the same operation by the identity before and after this one."""
    if cell.identity not in shown.identities:
        return
    place = shown.identities.index(cell.identity)
    with st.container(horizontal=True):
        for name, step, icon, shortcut in (
            ("Previous identity", -1, ":material/chevron_left:", "P"),
            ("Next identity", 1, ":material/chevron_right:", "N"),
        ):
            there = place + step
            if st.button(
                name, key=f"matrix_step_{step}", icon=icon, shortcut=shortcut, type="tertiary",
                disabled=not 0 <= there < len(shown.identities),
            ):  # fmt: skip
                show(CellId(cell.operation, shown.identities[there]))
                st.rerun()


def _caller(concluded: Concluded, cell: CellId) -> Caller:
    return next(each for each in concluded.callers if each.id == cell.identity)
