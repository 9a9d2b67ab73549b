"""What was done to one person or group, and by them: a short table out of the record."""

import pandas as pd
import streamlit as st

from pages._audit_act import target_of
from pages._frames import visible
from pages._reading import amount
from pages._ui import caption, show_error
from services.audit import journal
from services.errors import GatehouseError
from services.permissions import Operator, Permission, may
from services.record.acts import Act
from services.record.reading import acts_on
from services.record.words import words_of

MOST = 20


def show_history(operator: Operator, name: str, *, group: bool = False) -> None:
    """The newest acts on a person, and by them, or on a group; nothing for whoever may not read the record."""
    if not may(operator, Permission.READ_RECORD):
        return
    st.subheader("History", anchor=False)
    try:
        acts = acts_on(journal(), operator, name, group=group)
    except GatehouseError as error:
        show_error(error)
        return
    if not acts:
        caption("Nothing is recorded yet. Every change that is made here will be.")
        return
    with st.container(key="history"):  # a table that nobody can select in has no key of its own
        _table(acts[:MOST])
    shown = f"The newest {MOST} of {len(acts)} acts" if len(acts) > MOST else amount(len(acts), "act", "acts")
    caption(f"{shown} · the page Audit has all of them")


def _table(acts: tuple[Act, ...]) -> None:
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "at": pd.Series([pd.Timestamp(act.begun.at) for act in acts], dtype="datetime64[ms, UTC]"),
                    "who": [act.begun.who for act in acts],
                    "act": [words_of(act.begun.act) for act in acts],
                    "target": [target_of(act) for act in acts],
                    "outcome": [act.outcome for act in acts],
                    "reason": [act.begun.reason or None for act in acts],
                }
            )
        ),
        hide_index=True,
        placeholder="–",
        alt="What was done, newest first",
        column_config={
            "at": st.column_config.DatetimeColumn("When", format="localized", timezone=st.context.timezone or "UTC"),
            "who": st.column_config.TextColumn("Who"),
            "act": st.column_config.TextColumn("Act"),
            "target": st.column_config.TextColumn("On"),
            "outcome": st.column_config.TextColumn("Outcome"),
            "reason": st.column_config.TextColumn("Reason", width="medium"),
        },
    )
