"""The last run of a suite that was kept, for whoever opens the page anew: what it showed, without the answers."""

import streamlit as st

from pages._app import still_signed_in
from pages._matrix_grid import show_grid, unselect
from pages._matrix_history import show_history
from pages._matrix_layers import show_badges, show_disagreements, show_layers, show_links, show_reasons
from pages._matrix_open import opened
from pages._matrix_summary import show_verdict
from pages._reading import local
from pages._ui import caption, plain
from services.authorization.cells import CellId
from services.authorization.reports.history import History
from services.authorization.reports.record import RunRecord


def show_kept(record: RunRecord, history: History) -> None:
    """Its verdict, its grid, and the drawer of the cell that the address names."""
    show_verdict(record)
    when = f"{local(record.started_at):%Y-%m-%d %H:%M:%S}"
    st.caption(
        plain(
            f"Run {when} by {record.operator}, and held against the baseline of that time. Requests and answers aren't"
            " kept: Run all to see them."
        ),
        help=f"{record.started_at:%Y-%m-%d %H:%M:%S} UTC",
    )
    show_grid(record)
    cell = opened()
    if cell and cell in record.cells:
        labels = {each.id: each.label for each in record.identities}
        title = plain(f"{cell.operation} · {labels.get(cell.identity, cell.identity)}")
        drawer = st.dialog(title, position="right", width="large", on_dismiss=unselect)
        drawer(still_signed_in(_content))(record, cell, history)


def _content(record: RunRecord, cell: CellId, history: History) -> None:
    held = record.cells[cell]
    show_badges(record, cell)
    caption(f"As of the run of {local(record.started_at):%Y-%m-%d %H:%M:%S}. Run all to see request and answer.")
    show_disagreements(record, cell)
    show_layers(held, "")
    show_links(held.reasons)
    show_reasons(held)
    st.markdown("**History**")
    show_history(record, cell, history)
