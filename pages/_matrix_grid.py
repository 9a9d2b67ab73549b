"""The matrix: operations down, identities across; each cell says what was seen and whether it is as agreed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._outcomes import style, text
from pages._ui import is_dark, plain
from services.authorization.cells import CellId
from services.authorization.examination import Concluded
from services.authorization.outcomes import Outcome
from services.authorization.reports.record import CellRecord, RunRecord
from services.legible import legible

TABLE = "matrix_grid"
_OPEN = "matrix_open"
_NOTHING: dict[str, dict[str, list[int]]] = {"selection": {"rows": [], "columns": [], "cells": []}}
_ROW, _TALLEST = 31, 760  # pixels; taller grids scroll, so that what is below stays near
_OPERATION, _KIND, _FIRST = "operation", "kind", 2
_ONLY = "≠ only disagreements"


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of the matrix that the filters leave: the ids of rows and columns."""

    operations: tuple[str, ...]
    identities: tuple[str, ...]


def words_of(record: RunRecord, cell: CellId) -> str:
    """What a cell says: what was seen, and whether it is as agreed; where not, what was agreed."""
    held = record.cells[cell]
    seen = text(held.seen.verdict.outcome)
    if not held.seen.verdict.outcome.is_evidence:
        return seen
    if not record.disagrees(cell):
        return f"{seen} ="
    return f"{seen} ≠ {_wanted(held)}"


def show_grid(concluded: Concluded) -> CellId | None:
    """Chips that count and filter, and the grid; the cell that was clicked just now, if one was."""
    record = concluded.record
    shown = _filtered(record)
    if not shown.operations:
        st.text("No cell is left by these filters." if record.cells else "This run has no cells.")
        return None
    _table(concluded, shown)
    clicked = st.session_state.pop(_OPEN, None)
    if not clicked or clicked[0] >= len(shown.operations) or clicked[1] not in shown.identities:
        return None
    return CellId(shown.operations[clicked[0]], clicked[1])


def unselect() -> None:
    """Let the same cell be clicked again."""
    st.session_state[TABLE] = _NOTHING


def _filtered(record: RunRecord) -> Shown:
    counted = Counter(each.seen.verdict.outcome for each in record.cells.values())
    differing = frozenset(cell for cell in record.cells if record.disagrees(cell))
    chips = [_ONLY, *(text(each) for each in Outcome if counted[each])]
    counts: Mapping[str, int] = {_ONLY: len(differing), **{text(each): counted[each] for each in Outcome}}
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.pills(
            "Show only",
            chips,
            selection_mode="multi",
            default=[_ONLY] if record.has_baseline and differing else [],
            format_func=lambda chip: f"{chip} {counts[chip]}",
            key=f"matrix_chips_{record.has_baseline and bool(differing)}",
            label_visibility="collapsed",
        )
        find = st.text_input(
            "Find", key="matrix_find", type="search", live=True, placeholder="operation or identity",
            label_visibility="collapsed", width=240,
        )  # fmt: skip
    wanted = {
        cell
        for cell, each in record.cells.items()
        if not chosen or (_ONLY in chosen and cell in differing) or text(each.seen.verdict.outcome) in chosen
    }
    rows = [each for each in record.operations if any(cell.operation == each.id for cell in wanted)]
    columns = [each for each in record.identities if any(cell.identity == each.id for cell in wanted)]
    if word := (find or "").strip().casefold():
        found = [each for each in rows if word in f"{each.id} {each.label}".casefold()]
        named = [each for each in columns if word in f"{each.id} {each.label}".casefold()]
        rows, columns = (found or rows, named or columns) if found or named else ([], [])
    return Shown(tuple(each.id for each in rows), tuple(each.id for each in columns))


def _table(concluded: Concluded, shown: Shown) -> None:
    record = concluded.record
    labels = {each.id: each.label for each in (*record.operations, *record.identities)}
    kinds = {each.id: _kind(each) for each in concluded.prepared.operations}
    words: dict[str, list[str]] = {
        _OPERATION: [labels[row] for row in shown.operations],
        _KIND: [kinds.get(row, "") for row in shown.operations],
    }
    colours: dict[str, list[str]] = {name: [""] * len(shown.operations) for name in words}
    dark = is_dark()
    for identity in shown.identities:
        cells = [CellId(operation, identity) for operation in shown.operations]
        words[identity] = [words_of(record, cell) if cell in record.cells else "" for cell in cells]
        colours[identity] = [
            style(record.cells[cell].seen.verdict.outcome, dark=dark) if cell in record.cells else "" for cell in cells
        ]
    frame, painted = pd.DataFrame(words), pd.DataFrame(colours)

    def remember() -> None:
        if cells := st.session_state[TABLE].selection.cells:
            st.session_state[_OPEN] = cells[0]

    st.dataframe(
        visible(frame).style.apply(lambda _: painted, axis=None),
        key=TABLE,
        on_select=remember,
        selection_mode="single-cell",
        hide_index=True,
        alt="What each identity gets of each operation",
        height=min(_ROW * (len(frame) + 1) + 2, _TALLEST),
        row_height=_ROW,
        column_config={
            _OPERATION: st.column_config.TextColumn("Operation", pinned=True, width=170),
            _KIND: st.column_config.TextColumn("Kind", pinned=True, width=70),
            **{
                each: st.column_config.TextColumn(legible(labels[each]), help=_help(concluded, each), width=150)
                for each in shown.identities
            },
        },
    )


def _help(concluded: Concluded, identity: str) -> str | None:
    canary = concluded.result.canaries.get(identity)
    return plain(canary.why) if canary else None


def _kind(operation: object) -> str:
    rest = getattr(operation, "rest", None)
    if rest is not None:
        return "REST"
    return "mutation" if getattr(operation, "changes_data", False) else "query"


def _wanted(held: CellRecord) -> str:
    return text(held.agreed.outcome) if held.agreed else "not listed"
