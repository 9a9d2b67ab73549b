"""How a session ends from a page: signing out everywhere, and a warning before it has lain idle for too long."""

from datetime import timedelta

import streamlit as st

from pages import _app, _drafts
from pages._ui import caption
from services.errors import GatehouseError
from services.sessions import SessionEnded, TimeLeft

LOOK_EVERY = timedelta(seconds=15)


def offer_everywhere() -> None:
    """The button that ends every session of the person, on this machine and on all others."""
    if st.button("Sign out everywhere", key="sign_out_everywhere", type="tertiary", width="stretch"):
        _app.sign_out(everywhere=True)


@st.fragment(run_every=LOOK_EVERY)
def watch() -> None:
    """Look after the session while the page lies open: announce its end, and ask to sign in again after it.

    Looking is no use of the session, but it renews it: the page of somebody who lost their access is closed.
    """
    try:
        left = _app.time_left()
    except SessionEnded:
        left = None
    except GatehouseError:
        return  # the next run of the page tells it; until then nothing that was typed is lost
    if left is None:
        _drafts.collect()
    elif left.soon:
        _announce(left)


def _announce(left: TimeLeft) -> None:
    minutes = int(left.span.total_seconds() // 60)
    when = "in less than a minute" if minutes < 1 else f"in {minutes + 1} minutes"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="session_end"):
        if not left.idle:
            caption(f"Your session ends {when}, whatever you do. Finish what you are at and sign in again.")
            return
        caption(f"Your session ends {when} unless you go on.")
        if st.button("Stay signed in", key="stay_signed_in", type="primary"):
            _app.current_session()
            st.rerun(scope="fragment")
