"""What a cell showed before: in this run, and in the runs that were kept."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._outcomes import text
from pages._ui import caption
from services.authorization.cells import CellId, Observation
from services.authorization.reports.history import History
from services.authorization.reports.record import RunRecord


def show_history(record: RunRecord, cell: CellId, kept: History, earlier: Sequence[Observation] = ()) -> None:
    """The newest observations of the cell, newest first.

    Args:
        record: the run that is shown.
        cell: which.
        kept: the runs that were kept.
        earlier: what the cell showed in this run before it was run again.
    """
    every = [(moment.at, moment.seen) for moment in kept.timeline(record.suite, record.environment, cell)]
    every += [(seen.at or record.started_at, seen) for seen in earlier]
    # A run of other cells keeps what this one showed before: each call stands here once, when it was made.
    calls: dict[str, tuple[datetime, Observation]] = {}
    for at, seen in sorted(every, key=lambda row: row[0]):
        calls.setdefault(seen.request_id or f"{at:%Y%m%d%H%M%S}", (at, seen))
    rows = list(reversed(calls.values()))
    if len(rows) < 2:
        caption("This is the first time that the cell was run.")
        return
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "at": pd.Series([at for at, _ in rows], dtype="datetime64[ms, UTC]"),
                    "outcome": [text(seen.verdict.outcome) for _, seen in rows],
                    "http": [seen.status for _, seen in rows],
                    "ms": [seen.milliseconds for _, seen in rows],
                    "why": [seen.why for _, seen in rows],
                }
            )
        ),
        key="matrix_history",
        hide_index=True,
        placeholder="–",
        alt="What the cell showed before",
        column_config={
            "at": st.column_config.DatetimeColumn("When", format="localized", timezone=st.context.timezone or "UTC"),
            "outcome": st.column_config.TextColumn("Outcome"),
            "http": st.column_config.NumberColumn("HTTP", format="%d", width=60),
            "ms": st.column_config.NumberColumn("ms", format="%.0f", width=60),
            "why": st.column_config.TextColumn("Why", width="large"),
        },
    )
