"""Everything that isn't as it should be: one row a finding, and what to do about it."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages._app import still_signed_in
from pages._frames import visible
from pages._matrix_accept import show_put_aside
from pages._matrix_open import close, show
from pages._matrix_state import Matrix
from pages._reading import amount
from pages._ui import caption, plain
from services.authorization.agreed.finding import Class, Finding, Severity
from services.legible import legible
from services.permissions import Operator

TABLE = "matrix_findings"
_OPEN = "matrix_finding_open"
_NOTHING: dict[str, dict[str, list[int]]] = {"selection": {"rows": [], "columns": [], "cells": []}}
_SIGNS: Mapping[Severity, str] = {Severity.PROBLEM: "✕", Severity.WARNING: "!", Severity.NOTE: "·"}


def show_findings(
    here: Matrix, findings: Sequence[Finding], operator: Operator, nothing: str = "There are no findings."
) -> None:
    """The table of findings, the gravest first; a click opens one.

    Args:
        here: the page's state.
        findings: what was found.
        operator: who looks.
        nothing: what is said where nothing was.
    """
    if not findings:
        caption(nothing)
        return
    chosen = st.pills(
        "Show only",
        [each for each in Class if any(finding.weight is each for finding in findings)],
        selection_mode="multi",
        format_func=lambda each: f"{each} {sum(finding.weight is each for finding in findings)}",
        key="matrix_classes",
        label_visibility="collapsed",
    )
    shown = [finding for finding in findings if not chosen or finding.weight in chosen]

    def remember() -> None:
        if cells := st.session_state[TABLE].selection.cells:
            st.session_state[_OPEN] = shown[cells[0][0]].id
            close()  # one drawer at a time

    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "severity": [f"{_SIGNS[each.severity]} {each.severity}" for each in shown],
                    "title": [each.title for each in shown],
                    "where": [_where(each) for each in shown],
                    "words": [each.words for each in shown],
                    "rule": [each.rule for each in shown],
                    "aside": [each.suppressed.reason if each.suppressed else None for each in shown],
                    "id": [each.id for each in shown],
                }
            )
        ),
        key=TABLE,
        on_select=remember,
        selection_mode="single-cell",
        hide_index=True,
        placeholder="–",
        alt="Findings of the suite",
        column_config={
            "severity": st.column_config.TextColumn("Severity", width=90),
            "title": st.column_config.TextColumn("Finding", width="large"),
            "where": st.column_config.TextColumn("Where", width="medium"),
            "words": st.column_config.TextColumn("What it means", width="large"),
            "rule": st.column_config.TextColumn("Rule"),
            "aside": st.column_config.TextColumn("Put aside because"),
            "id": st.column_config.TextColumn("Id"),
        },
    )
    caption(f"{amount(len(shown), 'finding', 'findings')}; click one to read what to do about it")
    opened = st.session_state.pop(_OPEN, None)
    for finding in shown:
        if finding.id == opened:
            title = plain(finding.title)
            st.dialog(title, position="right", width="medium", on_dismiss=_unselect)(still_signed_in(_content))(
                here, finding, operator
            )


def finding_opens() -> bool:
    """Whether a finding was clicked just now."""
    return _OPEN in st.session_state


def _content(here: Matrix, finding: Finding, operator: Operator) -> None:
    st.text(legible(finding.words))
    st.markdown("**What to do**")
    st.text(legible(finding.change))
    for reason in finding.reasons:
        if reason.words and reason.words != finding.title:
            st.text(legible(reason.words))
        if reason.line:
            st.code(legible(reason.line.strip()), language=None, wrap_lines=True)
        if reason.place:
            caption(reason.place)
    if finding.seen_by_running is not None:
        caption("Seen by running as well." if finding.seen_by_running else "Not seen by running.")
    if finding.cells:
        st.markdown("**Where**")
        st.code(legible("\n".join(map(str, finding.cells))), language=None)
        first = plain(f"Open {finding.cells[0]}")
        if here.concluded and st.button(first, key="matrix_finding_cell", icon=":material/open_in_new:"):
            show(finding.cells[0])
            st.rerun()
    if finding.suppressed:
        until = f", until {finding.suppressed.until}" if finding.suppressed.until else ""
        caption(f"Put aside by {finding.suppressed.owner}{until}: {finding.suppressed.reason}")
    show_put_aside(here, finding, operator)
    caption(f"{finding.rule} · {finding.id}")


def _where(finding: Finding) -> str:
    if not finding.cells:
        return finding.reasons[0].place if finding.reasons else "the run"
    more = f" and {len(finding.cells) - 1} more" if len(finding.cells) > 1 else ""
    return f"{finding.cells[0]}{more}"


def _unselect() -> None:
    """Let the same row be clicked again."""
    st.session_state[TABLE] = _NOTHING
