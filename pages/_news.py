"""A short success message that outlives the rerun which ends a dialog."""

import streamlit as st

from pages._ui import plain

_NEWS = "news"


def tell(text: str) -> None:
    """Have it shown by the next run: a toast of this one may be gone before anybody saw it."""
    st.session_state[_NEWS] = text


def show_news() -> None:
    """Show what the run before had to tell, once."""
    if text := st.session_state.pop(_NEWS, ""):
        st.toast(plain(text), icon=":material/check:", duration="long")
