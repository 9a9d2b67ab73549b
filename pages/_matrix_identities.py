"""The identities of a run: who stood behind each column, whether it is evidence, and how fast it was answered."""

import pandas as pd
import streamlit as st

from pages._frames import visible
from services.authorization.callers.caller import Caller
from services.authorization.examination import Concluded


def show_identities(concluded: Concluded) -> None:
    """One row for each column of the matrix."""
    times = {caller.id: concluded.record.times.get(caller.id) for caller in concluded.callers}
    canaries = {caller.id: concluded.result.canaries.get(caller.id) for caller in concluded.callers}
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "identity": [caller.label for caller in concluded.callers],
                    "kind": [str(caller.identity.kind) for caller in concluded.callers],
                    "who": [_who(caller) for caller in concluded.callers],
                    "evidence": [_evidence(canaries[caller.id]) for caller in concluded.callers],
                    "p50": [found.p50 if (found := times[caller.id]) else None for caller in concluded.callers],
                    "p95": [found.p95 if (found := times[caller.id]) else None for caller in concluded.callers],
                    "slow": [_slow(times[caller.id]) for caller in concluded.callers],
                    "id": [caller.id for caller in concluded.callers],
                }
            )
        ),
        key="matrix_identities",
        hide_index=True,
        placeholder="–",
        column_order=("identity", "who", "p50", "p95", "slow", "evidence", "kind", "id"),
        alt="The identities of the run",
        column_config={
            "identity": st.column_config.TextColumn("Identity", pinned=True),
            "kind": st.column_config.TextColumn("Sends"),
            "who": st.column_config.TextColumn("Who", width="medium"),
            "evidence": st.column_config.TextColumn("Is it evidence?", width="large"),
            "p50": st.column_config.NumberColumn("Half within, ms", format="%.0f", width=110),
            "p95": st.column_config.NumberColumn("95 % within, ms", format="%.0f", width=110),
            "slow": st.column_config.TextColumn("Refusals"),
            "id": st.column_config.TextColumn("Id"),
        },
    )


def _who(caller: Caller) -> str | None:
    if caller.unavailable:
        return f"not available: {caller.unavailable.why}"
    played = [f"with the groups of {caller.person}"] if caller.stand_in and caller.person else []
    return "; ".join([part for part in (caller.identity.note, *played) if part]) or None


def _evidence(canary: object) -> str:
    if canary is None:
        return "no control call"
    failure = getattr(canary, "failure", "")
    return f"no: {failure}" if failure else f"yes: {getattr(canary, 'why', '')}"


def _slow(times: object) -> str | None:
    return "slower than grants" if getattr(times, "slow_refusals", False) else None
