"""A run of the matrix that is under way: how far it is, and the cells that have come."""

from functools import partial

import pandas as pd
import streamlit as st

from pages._app import still_signed_in
from pages._frames import visible
from pages._matrix_grid import NAME, NARROWEST, ROW, height_of
from pages._matrix_state import Matrix
from pages._outcomes import style, text
from pages._ui import caption, is_dark, plain
from services.authorization.cells import CellId
from services.authorization.examining import State
from services.legible import legible

_EVERY_SECONDS = 0.5


@st.fragment(run_every=_EVERY_SECONDS)
@partial(still_signed_in, used=False)
def show_live(here: Matrix) -> None:
    """Progress and grid, drawn again until the run has ended."""
    running = here.running
    if running is None or running.done:
        st.rerun()
    else:
        _draw(running.state, here)


def _draw(state: State, here: Matrix) -> None:
    snapshot = state.snapshot
    if snapshot is None:
        st.progress(0.0, text=plain(f"{state.words} …"))
        return
    ended = sum(1 for cell in snapshot.states if cell in snapshot.cells)
    words = "Cancelling: what is under way ends first" if snapshot.cancelled else state.words
    st.progress(snapshot.share, text=plain(f"{words} · {ended} of {len(snapshot.states)} cells"))
    if here.concluded is not None or here.prepared is None:
        return  # some cells of a shown run are run again: the whole stands below
    operations = [each.id for each in here.prepared.operations]
    found = {
        caller.id: [snapshot.cells.get(CellId(operation, caller.id)) for operation in operations]
        for caller in state.callers
    }
    frame = pd.DataFrame(
        {name: [text(each.verdict.outcome) if each else "…" for each in column] for name, column in found.items()},
        index=operations,
    )
    dark = is_dark()
    painted = pd.DataFrame(
        {
            name: [style(each.verdict.outcome, dark=dark) if each else "" for each in column]
            for name, column in found.items()
        },
        index=operations,
    )
    st.dataframe(
        visible(frame).style.apply(lambda _: painted, axis=None),
        key="matrix_live",
        alt="Cells that have come so far",
        height=height_of(len(operations)),
        row_height=ROW,
        column_config={
            "_index": st.column_config.TextColumn("Operation", width=NAME),
            **{
                caller.id: st.column_config.TextColumn(legible(caller.label), width=NARROWEST)
                for caller in state.callers
            },
        },
    )
    caption("You may leave the page: the run goes on, and its stand-ins are removed at its end.")
