"""The matrix: operations down, identities across; each cell says what was seen and whether it is as agreed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._matrix_open import close, show
from pages._outcomes import style, text
from pages._ui import caption, is_dark, plain
from services.authorization.cells import CellId
from services.authorization.examination import Concluded
from services.authorization.outcomes import Outcome
from services.authorization.reports.record import CellRecord, RunRecord
from services.legible import legible

TABLE = "matrix_grid"
_FIND = "matrix_find"
_NOTHING: dict[str, dict[str, list[int]]] = {"selection": {"rows": [], "columns": [], "cells": []}}
ROW, _TALLEST = 31, 760  # pixels; taller grids scroll, so that what is below stays near
NAME = 145  # pixels; with the kind beside it less than 60 % of a phone, where Streamlit would no longer freeze them
NARROWEST, _CHARACTER = 150, 6.3  # pixels
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


def show_grid(record: RunRecord, concluded: Concluded | None = None) -> Shown:
    """Chips that count and filter, and the grid, whose cells open at a click; what the filters leave of it.

    Args:
        record: the run.
        concluded: the same with all that isn't kept of it; None for one that was read back.
    """
    shown = _filtered(record)
    if shown.operations:
        _table(record, shown, concluded)
        caption(_counted(record, shown))
    elif record.cells:
        st.text("No cell is left by these filters. Take one away, or empty the search.")
    else:
        st.text("This run has no cells.")
    return shown


def height_of(rows: int) -> int:
    """The height of a grid of so many rows, in pixels."""
    return min(ROW * (rows + 1) + 2, _TALLEST)


def unselect() -> None:
    """Close the open cell, and let it be clicked again."""
    st.session_state[TABLE] = _NOTHING
    close()


def _counted(record: RunRecord, shown: Shown) -> str:
    cells = sum(cell.operation in shown.operations and cell.identity in shown.identities for cell in record.cells)
    of = "" if cells == len(record.cells) else f" of {len(record.cells)}"
    return f"{cells}{of} cells · click one to read why · = as agreed · ≠ otherwise, and what was agreed"


def _filtered(record: RunRecord) -> Shown:
    counted = Counter(each.seen.verdict.outcome for each in record.cells.values())
    differing = frozenset(cell for cell in record.cells if record.disagrees(cell))
    chips = [*([_ONLY] if differing else []), *(text(each) for each in Outcome if counted[each])]
    counts: Mapping[str, int] = {_ONLY: len(differing), **{text(each): counted[each] for each in Outcome}}
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.pills(
            "Show only",
            chips,
            selection_mode="multi",
            default=[_ONLY] if record.has_baseline and differing else [],
            format_func=lambda chip: f"{chip} {counts[chip]}",
            key=_chips_key(record),
            persist_state="session",
            label_visibility="collapsed",
        )
        find = st.text_input(
            "Find", key=_FIND, type="search", live=True, placeholder="operation or identity",
            label_visibility="collapsed", width=240, persist_state="session",
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


def _chips_key(record: RunRecord) -> str:
    """Another key where another choice is the default: a field keeps its first one."""
    return f"matrix_chips_{record.has_baseline and any(map(record.disagrees, record.cells))}"


def _table(record: RunRecord, shown: Shown, concluded: Concluded | None) -> None:
    labels = {each.id: each.label for each in (*record.operations, *record.identities)}
    kinds = {each.id: _kind(each) for each in concluded.prepared.operations} if concluded else {}
    canaries = concluded.result.canaries if concluded else {}
    words: dict[str, list[str]] = {_OPERATION: [labels[row] for row in shown.operations]}
    if kinds:
        words[_KIND] = [kinds.get(row, "") for row in shown.operations]
    colours: dict[str, list[str]] = {name: [""] * len(shown.operations) for name in words}
    dark = is_dark()
    for identity in shown.identities:
        cells = [CellId(operation, identity) for operation in shown.operations]
        words[identity] = [words_of(record, cell) if cell in record.cells else "" for cell in cells]
        colours[identity] = [
            style(record.cells[cell].seen.verdict.outcome, dark=dark) if cell in record.cells else "" for cell in cells
        ]
    frame, painted = pd.DataFrame(words), pd.DataFrame(colours)

    def open_clicked() -> None:
        cells = st.session_state[TABLE].selection.cells
        if cells and cells[0][1] in shown.identities:
            show(CellId(shown.operations[cells[0][0]], cells[0][1]))

    st.dataframe(
        visible(frame).style.apply(lambda _: painted, axis=None),
        key=TABLE,
        on_select=open_clicked,
        selection_mode="single-cell",
        hide_index=True,
        alt="What each identity gets of each operation",
        height=height_of(len(frame)),
        row_height=ROW,
        column_config={
            _OPERATION: st.column_config.TextColumn("Operation", pinned=True, width=NAME),
            _KIND: st.column_config.TextColumn("Kind", pinned=True, width=70),
            **{
                each: st.column_config.TextColumn(
                    legible(labels[each]),
                    help=plain(canaries[each].why) if each in canaries else None,
                    width=_width(words[each]),
                )
                for each in shown.identities
            },
        },
    )


def _width(texts: Iterable[str]) -> int:
    """Wide enough for the longest cell, so that what was agreed on is never cut off."""
    return max(NARROWEST, round(_CHARACTER * max(map(len, texts), default=0)) + 24)


def _kind(operation: object) -> str:
    rest = getattr(operation, "rest", None)
    if rest is not None:
        return "REST"
    return "mutation" if getattr(operation, "changes_data", False) else "query"


def _wanted(held: CellRecord) -> str:
    return text(held.agreed.outcome) if held.agreed else "not listed"
