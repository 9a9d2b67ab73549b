"""Which environment a tab is on: its address says so, and every page keeps it there."""

from collections.abc import Sequence

import streamlit as st

from pages._acting import undisturbed

PARAMETER = "env"
_KEY = "environment"


def chosen() -> str:
    """The key of the environment that this tab is on: what its address says, else where it was before."""
    return st.query_params.get(PARAMETER) or st.session_state.get(_KEY, "")


def settle(keys: Sequence[str]) -> None:
    """Keep the environment in the address, which a change of pages empties; called on every run.

    Args:
        keys: the environments that there are, the one to begin with first; empty for one without a name.
    """
    key = chosen() or (keys[0] if keys else "")
    if st.session_state.get(_KEY, key) != key:
        undisturbed(lambda: _move_to(key))
    else:
        st.session_state[_KEY] = key
    if key and st.query_params.get(PARAMETER) != key:
        st.query_params[PARAMETER] = key


def _move_to(key: str) -> None:
    """Nothing that the tab remembers of another environment belongs to this one."""
    for each in list(st.session_state):
        del st.session_state[each]
    st.session_state[_KEY] = key
