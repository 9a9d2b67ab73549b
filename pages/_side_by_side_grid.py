"""The grid of a run: fields down, identities across, and what can be done with it."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._outcomes import style, text
from pages._reading import amount, local
from pages._side_by_side_drawer import show_cell
from pages._side_by_side_open import close, opened, show
from pages._ui import badge, is_dark, plain
from services.authorization.evidence import Keys
from services.authorization.expectations import Check
from services.authorization.judged import Grid, Judged
from services.authorization.outcomes import Outcome
from services.authorization.report import WHOLE_CALL, as_markdown
from services.legible import legible

TABLE = "side_grid"
_NOTHING: dict[str, dict[str, list[int]]] = {"selection": {"rows": [], "columns": [], "cells": []}}
_WHOLE: Keys = ()
ROW, _TALLEST = 31, 720  # pixels; taller grids scroll, so that what is below stays near
_CHARACTER, _WIDEST = 6.3, 215  # pixels of the first column: below 60 % of a phone, where it would not stay in sight
CELL = 134  # pixels: sign and words of the longest outcome


def show_grid(grid: Grid) -> None:
    """Chips that count and filter, the grid, and the drawer of the cell that was clicked."""
    wanted = _chips(grid)
    rows = [keys for keys in (_WHOLE, *grid.labels) if _any(wanted, (outcome(column, keys) for column in grid.columns))]
    columns = [
        column for column in grid.columns if _any(wanted, (outcome(column, keys) for keys in (_WHOLE, *grid.labels)))
    ]
    found = [[outcome(column, keys) for column in columns] for keys in rows]
    names = [column.identity.id for column in columns]
    index = [grid.labels.get(keys, WHOLE_CALL) for keys in rows]
    frame = pd.DataFrame([[text(each) for each in row] for row in found], index=_unique(index), columns=names)
    colours = pd.DataFrame(
        [[style(each, dark=is_dark()) for each in row] for row in found], index=frame.index, columns=names
    )

    def open_clicked() -> None:
        cells = st.session_state[TABLE].selection.cells
        if cells and cells[0][1] in names:
            show(cells[0][1], rows[cells[0][0]])

    st.dataframe(
        visible(frame).style.apply(lambda _: colours, axis=None),
        key=TABLE,
        on_select=open_clicked,
        selection_mode="single-cell",
        alt="Outcome of each field for each identity",
        height=height_of(index),
        row_height=ROW,
        column_config={
            "_index": st.column_config.TextColumn("", width=width_of(index)),
            **{
                column.identity.id: st.column_config.TextColumn(
                    legible(column.identity.label), help=plain(column.identity.note) or None, width=CELL
                )
                for column in columns
            },
        },
    )
    if cell := opened(grid):
        show_cell(grid, *cell, _unselect)


def height_of(rows: Sequence[str]) -> int:
    """The height of a grid of these rows, in pixels."""
    return min(ROW * (len(rows) + 1) + 2, _TALLEST)


def width_of(rows: Sequence[str]) -> int:
    """The width of their column, in pixels."""
    return min(round(_CHARACTER * max(map(len, rows), default=0)) + 20, _WIDEST)


def outcome(column: Judged, keys: Keys) -> Outcome:
    """What one cell of the grid says; the empty path stands for the whole call."""
    return column.findings[keys].outcome if keys else column.outcome


def show_calls(grid: Grid) -> None:
    """One row for each identity: status, error, time and refused fields of its call."""
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "Identity": [column.identity.label for column in grid.columns],
                    "Outcome": [text(column.outcome) for column in grid.columns],
                    "HTTP": [column.call.answer.status if column.call.answer else None for column in grid.columns],
                    "ms": [column.call.answer.milliseconds if column.call.answer else None for column in grid.columns],
                    "Error type": [column.head.error_type or None for column in grid.columns],
                    "Message": [column.head.message or None for column in grid.columns],
                    "Refused fields": [", ".join(column.refused) or None for column in grid.columns],
                    "Why": [column.explanation.why for column in grid.columns],
                }
            )
        ),
        key="side_calls",
        hide_index=True,
        placeholder="–",
        alt="The call of each identity",
        column_config={
            "Identity": st.column_config.TextColumn(pinned=True),
            "HTTP": st.column_config.NumberColumn(format="%d", width=60),
            "ms": st.column_config.NumberColumn(format="%.0f", width=60),
        },
    )


def show_timing(grid: Grid, who: str) -> None:
    """The caption line: how many identities and calls, the slowest call, the wall time, when and as whom."""
    run = grid.run
    sent = sum(bool(column.call.request) for column in grid.columns)
    facts = (
        amount(len(grid.columns), "identity", "identities"),
        amount(sent, "call", "calls"),
        f"slowest {run.slowest_ms:.0f} ms",
        f"wall {run.wall_ms:.0f} ms",
        f"prepared in {run.prepared_ms:.0f} ms",
        f"run {local(run.started_at):%H:%M:%S} by {who}",
        "click a cell to read why",
    )
    st.caption(plain(" · ".join(facts)), help=f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC", width="content")


def show_checks(checks: Collection[Check]) -> None:
    """Whether the run agrees with what the saved operation expects."""
    with st.container(horizontal=True, gap="small"):
        for check in checks:
            http = f" (HTTP {check.status})" if check.status else ""
            seen = f"{check.label} · {check.seen}{http}"
            match check.agrees:
                case True:
                    badge(f"Smoke test passed: {seen}", "green", ":material/check:")
                case False:
                    failed = f"Smoke test failed: {seen}, must be {check.expected}"
                    badge(failed, "red", ":material/close:")
                case None:
                    badge(f"Smoke test not judged: {seen}", "gray", ":material/question_mark:")


def show_copy(grid: Grid) -> None:
    """The grid as Markdown, to be copied."""
    with st.popover("Copy as Markdown", icon=":material/content_copy:", type="tertiary", key="side_copy"):
        st.code(legible(as_markdown(grid)), language=None)


def _chips(grid: Grid) -> Collection[Outcome]:
    counted = Counter(outcome(column, keys) for column in grid.columns for keys in (_WHOLE, *grid.labels))
    return st.pills(
        "Show only",
        [each for each in Outcome if counted[each]],
        selection_mode="multi",
        format_func=lambda each: f"{text(each)} {counted[each]}",
        key="side_outcomes",
        persist_state="session",
        label_visibility="collapsed",
    )


def _any(wanted: Collection[Outcome], found: Iterator[Outcome]) -> bool:
    return not wanted or any(each in wanted for each in found)


def _unique(labels: list[str]) -> list[str]:
    """A Styler refuses rows of one name; blanks at the end tell them apart without being seen."""
    counted: Counter[str] = Counter()
    named = []
    for label in labels:
        named.append(label + " " * counted[label])
        counted[label] += 1
    return named


def _unselect() -> None:
    """Close the open cell, and let it be clicked again."""
    st.session_state[TABLE] = _NOTHING
    close()
