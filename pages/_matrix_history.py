"""What a cell showed before: in this run, and in the runs that were kept."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._outcomes import text
from pages._ui import caption
from services.authorization.cells import CellId
from services.authorization.examination import Concluded
from services.authorization.reports.history import History


def show_history(concluded: Concluded, cell: CellId) -> None:
    """The newest observations of the cell, newest first."""
    record = concluded.record
    folder = Path(concluded.prepared.application.environment.data_folder) / "runs"
    kept = History(folder).timeline(record.suite, record.environment, cell)
    rows = [(moment.at, moment.seen) for moment in kept]
    earlier = concluded.result.history.get(cell, ())
    rows += [(seen.at or record.started_at, seen) for seen in reversed(earlier)]
    if not rows:
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
