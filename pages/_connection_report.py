"""What the checks of the connection found: what needs mending first, then every line."""

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._reading import amount, local
from pages._ui import caption, plain
from services.doctor.values import Check, Report, State
from services.legible import legible

_SIGNS = {
    State.PROBLEM: ("red", ":material/error:"),
    State.UNCHECKED: ("gray", ":material/help:"),
    State.WARNING: ("orange", ":material/warning:"),
    State.OK: ("green", ":material/check_circle:"),
}


def show_report(report: Report, who: str) -> None:
    """The findings, worst first, with how to mend them; below them the whole list."""
    wrong = [check for state in State if state is not State.OK for check in report.of(state)]
    _show_summary(report, wrong)
    for check in wrong:
        _show_finding(check)
    _show_table(report)
    at = local(report.at)
    caption(f"{amount(len(report.checks), 'check', 'checks')} · {at:%H:%M:%S} as {who} · {report.milliseconds:.0f} ms")


def _show_summary(report: Report, wrong: list[Check]) -> None:
    if not wrong:
        st.success("Everything is well.", icon=":material/check:")
        return
    words = {
        State.PROBLEM: ("problem", "problems"),
        State.UNCHECKED: ("value not checked", "values not checked"),
        State.WARNING: ("warning", "warnings"),
        State.OK: ("value is well", "values are well"),
    }
    counts = [amount(len(found), *words[state]) for state in State if (found := report.of(state))]
    st.text(" · ".join(counts))


def _show_finding(check: Check) -> None:
    color, icon = _SIGNS[check.state]
    with st.container(border=True, gap="xsmall", key=f"connection_{check.id}"):
        st.markdown(f"{icon} **{plain(check.title)}** :{color}-badge[{check.state}]")
        st.text(legible(check.found))
        st.text(legible(f"{check.why.rstrip('.')}."))
        if check.mend:
            st.markdown(f":material/build: {plain(check.mend.rstrip('.'))}\\.")


def _show_table(report: Report) -> None:
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "check": [check.title for check in report.checks],
                    "state": [check.state.value for check in report.checks],
                    "found": [check.found for check in report.checks],
                }
            )
        ),
        key="connection_table",
        hide_index=True,
        height="content",
        alt="Every value that was checked",
        column_config={
            "check": st.column_config.TextColumn("Value", width=200),
            "state": st.column_config.TextColumn("State", width=100),
            "found": st.column_config.TextColumn("Found", width="large"),
        },
    )
