"""The record as a table: found, filtered, opened, checked and exported."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from pages._audit_act import DONE, FAILED, show_act, state_of, target_of
from pages._download import hand_out
from pages._frames import visible
from pages._reading import amount
from pages._ui import badge, show_error
from services.audit import recorded
from services.csv_text import as_csv
from services.errors import GatehouseError
from services.permissions import Operator
from services.record.acts import UNDER_WAY, UNKNOWN, Act
from services.record.journal import Journal
from services.record.reading import check
from services.record.words import words_of

TABLE = "audit_table"
_OPEN = "audit_open"
_NOTHING: dict[str, dict[str, list[int]]] = {"selection": {"rows": [], "columns": [], "cells": []}}
_HEAD = (
    *("number", "at_utc", "environment", "who", "act", "target"),
    *("outcome", "reason", "detail", "request_ids", "hash"),
)


def filtered(acts: Sequence[Act]) -> list[Act]:
    """The controls, and the acts that they leave."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Find",
            key="audit_find",
            type="search",
            live=True,
            bind="query-params",
            placeholder="person, target, reason, request id",
        )
        kinds = sorted({act.begun.act for act in acts}, key=words_of)
        kind = st.selectbox("Act", kinds, index=None, key="audit_act", format_func=words_of, placeholder="every act")
    counted = Counter(state_of(act) for act in acts)
    states = st.pills(
        "Show only",
        [state for state in (DONE, FAILED, UNDER_WAY, UNKNOWN) if counted[state]],
        selection_mode="multi",
        format_func=lambda state: f"{state} {counted[state]}",
        key="audit_states",
        label_visibility="collapsed",
    )
    wanted = (text or "").strip().casefold()
    return [
        act
        for act in acts
        if (not wanted or wanted in _searched(act))
        and (not kind or act.begun.act == kind)
        and (not states or state_of(act) in states)
    ]


def show_table(acts: Sequence[Act]) -> None:
    """One row an act; a click opens everything that is recorded of it."""
    frame = visible(
        pd.DataFrame(
            {
                "at": pd.Series([_at(act) for act in acts], dtype="datetime64[ms, UTC]"),
                "who": [act.begun.who for act in acts],
                "act": [words_of(act.begun.act) for act in acts],
                "target": [target_of(act) for act in acts],
                "outcome": [act.outcome for act in acts],
                "reason": [act.begun.reason or None for act in acts],
                "environment": [act.begun.environment or None for act in acts],
            }
        )
    )

    def remember() -> None:
        if cells := st.session_state[TABLE].selection.cells:
            st.session_state[_OPEN] = acts[cells[0][0]].number

    st.dataframe(
        frame,
        key=TABLE,
        on_select=remember,
        selection_mode="single-cell",
        hide_index=True,
        placeholder="–",
        alt="The record of acts, newest first",
        column_config={
            "at": st.column_config.DatetimeColumn("When", format="localized", timezone=st.context.timezone or "UTC"),
            "who": st.column_config.TextColumn("Who"),
            "act": st.column_config.TextColumn("Act"),
            "target": st.column_config.TextColumn("On", width="medium"),
            "outcome": st.column_config.TextColumn("Outcome"),
            "reason": st.column_config.TextColumn("Reason", width="medium"),
            "environment": st.column_config.TextColumn("Environment"),
        },
    )
    opened = st.session_state.pop(_OPEN, None)
    for act in acts:
        if act.number == opened:
            show_act(act, _unselect)


def show_check(journal: Journal, operator: Operator) -> None:
    """Prove the chain, on request: every entry is read and hashed again."""
    if not st.button("Check the chain", key="audit_check", icon=":material/verified:"):
        return
    try:
        faults = check(journal, operator)
    except GatehouseError as error:
        show_error(error)
        return
    if faults:
        for fault in faults:
            badge(fault, "red", ":material/warning:")
    else:
        badge("The chain holds: nothing was altered, removed or reordered", "green", ":material/check:")


def show_export(acts: Sequence[Act], operator: Operator) -> None:
    """The acts that are shown, as a CSV file; taking them away is an act itself."""
    if not acts:
        return

    def made() -> str:
        with recorded(operator, "record.export", "audit", {"acts": len(acts)}, reads=True):
            return as_csv(_HEAD, (_row(act) for act in acts))

    if st.button(f"Export {amount(len(acts), 'act', 'acts')} as CSV", key="audit_export", icon=":material/download:"):
        hand_out(made, f"audit-{len(acts)}-acts.csv", "text/csv")


def _at(act: Act) -> datetime:
    return datetime.fromisoformat(act.begun.at)


def _searched(act: Act) -> str:
    begun = act.begun
    parts = (begun.who, begun.act, words_of(begun.act), target_of(act), begun.reason, act.outcome, *act.request_ids)
    return " ".join(parts).casefold()


def _row(act: Act) -> tuple[object, ...]:
    begun = act.begun
    detail = json.dumps(act.ended.detail if act.ended else begun.detail, ensure_ascii=False)
    return (
        act.number, begun.at, begun.environment, begun.who, begun.act, begun.target, act.outcome, begun.reason,
        detail, " ".join(act.request_ids), act.hash,
    )  # fmt: skip


def _unselect() -> None:
    """Let the same row be clicked again."""
    st.session_state[TABLE] = _NOTHING
