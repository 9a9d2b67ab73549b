"""One identity's answer beside another identity's: what both got, what one got, what one was refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._ui import caption
from services.authorization.agreed.diff import State, diff
from services.graphql import Answer
from services.legible import legible

_OK = 200
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


@dataclass(frozen=True, slots=True)
class Other:
    """An identity to compare with: its id, what the screen calls it, and what it got."""

    id: str
    label: str
    answer: Answer


def show_comparison(ours: Answer | None, others: Sequence[Other], reference: str, masks: Sequence[str]) -> None:
    """Choose an identity, and see path by path how its answer differs; the order of keys and elements doesn't count.

    Args:
        ours: what this identity got; None where no answer came.
        others: the others that got one.
        reference: the id of the one to begin with; the first that was answered with 200 where it isn't among them.
        masks: the paths whose values change by themselves.
    """
    if ours is None or not others:
        st.text("There are no two answers to compare.")
        return
    by_id = {each.id: each for each in others}
    names = list(by_id)
    let_in = next((each.id for each in others if each.answer.status == _OK), names[0])
    other = by_id[
        st.selectbox(
            "Compare with",
            names,
            index=names.index(reference if reference in names else let_in),
            format_func=lambda name: legible(by_id[name].label),
            key="compare_with",
        )
    ]
    rows = diff(ours, other.answer, masks)
    same = sum(row.state is State.SAME for row in rows)
    everything = st.toggle("Also what is the same", key="compare_all")
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
            key="compare_diff",
            hide_index=True,
            placeholder="–",
            alt="How two answers differ",
            column_config={
                "state": st.column_config.TextColumn("", width=130),
                "path": st.column_config.TextColumn("Path", width="medium"),
                "left": st.column_config.TextColumn("This identity"),
                "right": st.column_config.TextColumn(legible(other.label)),
                "mask": st.column_config.TextColumn("Changes by itself"),
            },
        )
    rules = f"; values at {', '.join(masks)} are not compared" if masks else ""
    caption(f"{same} of {len(rows)} paths are the same{rules}. Lists are compared as sets of ids.")
