"""A run that is under way: the grid fills cell by cell as the answers come."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from pages._app import still_signed_in
from pages._frames import visible
from pages._outcomes import style, text
from pages._side_by_side_grid import CELL, ROW, height_of, outcome, width_of
from pages._side_by_side_lab import Lab
from pages._ui import caption, is_dark
from services.authorization.calls import Run
from services.authorization.evidence import Keys
from services.authorization.identity import Identity
from services.authorization.judged import Grid
from services.authorization.report import WHOLE_CALL
from services.authorization.run import Running
from services.legible import legible

AT_ONCE_SECONDS = 0.2  # a run that is faster is shown as a whole: nobody could read what came before
_EVERY_SECONDS = 0.3
_WAITING = "… waiting"
_WHOLE: Keys = ()


def show_live(here: Lab, identities: Sequence[Identity], judged: Callable[[Run], Grid]) -> None:
    """The run that is under way, drawn again until it has ended."""
    st.fragment(run_every=_EVERY_SECONDS)(still_signed_in(_draw, used=False))(here, identities, judged)


def _draw(here: Lab, identities: Sequence[Identity], judged: Callable[[Run], Grid]) -> None:
    running = here.running
    if running is None or running.done:
        st.rerun()
    else:
        caption(_progress(running))  # where the counts will stand, so that the grid stays in its place
        _table(judged(running.so_far()), identities)


def _progress(running: Running) -> str:
    finished = running.finished()
    ended = sum(call is not None for call in finished)
    return f"{ended} of {len(finished)} identities have their answer. You may leave the page: the run goes on."


def _table(grid: Grid, identities: Sequence[Identity]) -> None:
    came = {column.identity.id: column for column in grid.columns}
    rows = [_WHOLE, *grid.labels]
    words: dict[str, list[str]] = {}
    colours: dict[str, list[str]] = {}
    for identity in identities:
        column = came.get(identity.id)
        found = [outcome(column, keys) if column else None for keys in rows]
        words[identity.id] = [text(each) if each else _WAITING for each in found]
        colours[identity.id] = [style(each, dark=is_dark()) if each else "" for each in found]
    # Numbered, since two rows of one name can't be styled.
    frame, painted = pd.DataFrame(words), pd.DataFrame(colours)
    names = [grid.labels.get(keys, WHOLE_CALL) for keys in rows]
    st.dataframe(
        visible(frame.assign(field=names)).style.apply(lambda _: painted.assign(field=""), axis=None),
        key="side_live",
        hide_index=True,
        alt="Outcomes that have come so far",
        height=height_of(names),
        row_height=ROW,
        column_order=["field", *frame.columns],
        column_config={
            "field": st.column_config.TextColumn("", pinned=True, width=width_of(names)),
            **{each.id: st.column_config.TextColumn(legible(each.label), width=CELL) for each in identities},
        },
    )
