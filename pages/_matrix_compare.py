"""One cell's answer beside another identity's: what both got, what one got, what one was refused."""

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._matrix_evidence import evidence_of
from pages._ui import caption
from services.authorization.agreed.diff import State, diff
from services.authorization.cells import CellId
from services.authorization.examination import Concluded
from services.graphql import Answer
from services.legible import legible

_SIGNS = {
    State.SAME: "=",
    State.DIFFERENT: "≠",
    State.MASKED: "~",
    State.ONLY_LEFT: "←",
    State.ONLY_RIGHT: "→",
    State.REFUSED_LEFT: "✕",
    State.REFUSED_RIGHT: "✕",
    State.REFUSED_BOTH: "✕",
}


def show_comparison(concluded: Concluded, cell: CellId) -> None:
    """Choose an identity, and see path by path how its answer differs; the order of keys and elements doesn't count."""
    others = [
        caller
        for caller in concluded.callers
        if caller.id != cell.identity and _answer(concluded, CellId(cell.operation, caller.id))
    ]
    ours = _answer(concluded, cell)
    if ours is None or not others:
        st.text("There are no two answers to compare.")
        return
    labels = {caller.id: caller.label for caller in others}
    reference = concluded.result.reference
    names = list(labels)
    other = st.selectbox(
        "Compare with",
        names,
        index=names.index(reference) if reference in names else 0,
        format_func=lambda name: legible(labels[name]),
        key="matrix_compare",
    )
    theirs = _answer(concluded, CellId(cell.operation, other))
    if theirs is None:
        return
    masks = concluded.prepared.suite.masks
    rows = diff(ours, theirs, masks)
    same = sum(row.state is State.SAME for row in rows)
    everything = st.toggle("Also what is the same", key="matrix_compare_all")
    shown = [row for row in rows if everything or row.state is not State.SAME]
    if shown:
        st.dataframe(
            visible(
                pd.DataFrame(
                    {
                        "state": [f"{_SIGNS[row.state]} {row.state}" for row in shown],
                        "path": [row.path or "the whole answer" for row in shown],
                        "left": [row.left or None for row in shown],
                        "right": [row.right or None for row in shown],
                        "mask": [row.mask or None for row in shown],
                    }
                )
            ),
            key="matrix_diff",
            hide_index=True,
            placeholder="–",
            alt="How two answers differ",
            column_config={
                "state": st.column_config.TextColumn("", width=130),
                "path": st.column_config.TextColumn("Path", width="medium"),
                "left": st.column_config.TextColumn("This identity"),
                "right": st.column_config.TextColumn(legible(labels[other])),
                "mask": st.column_config.TextColumn("Changes by itself"),
            },
        )
    rules = f"; values at {', '.join(masks)} are not compared" if masks else ""
    caption(f"{same} of {len(rows)} paths are the same{rules}. Lists are compared as sets of ids.")


def _answer(concluded: Concluded, cell: CellId) -> Answer | None:
    judged = evidence_of(concluded, cell)
    return judged.call.answer if judged else None
