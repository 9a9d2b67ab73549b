"""How an act is carried out: to its end, and one at a time in a tab, however often somebody clicks.

Streamlit ends a run at its next touch of the page or of the tab's memory as soon as another click comes. An act in the
midst of a run would then be done and told to nobody, and the second click would do it again.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from pages._ui import show_error
from services.errors import GatehouseError

T = TypeVar("T")

_ONE_AT_A_TIME = "acting"
_making = threading.Lock()


def carried_out(act: Callable[[], T]) -> T | None:
    """Do this, and note what came of it, where no click can break in; it draws nothing.

    In a callback it would wait for ever: Streamlit holds the tab's memory while it runs one.

    Returns:
        what it returns; `None` where another run of this tab is at an act: this one waits for its end and does nothing,
        since it is the same click, come twice.
    """
    with _making:
        one_at_a_time: threading.Lock = st.session_state.setdefault(_ONE_AT_A_TIME, threading.Lock())
    if not one_at_a_time.acquire(blocking=False):
        with one_at_a_time:
            return None
    try:
        return undisturbed(act)
    finally:
        one_at_a_time.release()


def close_with(act: Callable[[], object]) -> None:
    """Carry out what a dialog is for, then close it by drawing the page anew; where it fails, say why instead."""
    try:
        carried_out(act)
    except GatehouseError as error:
        show_error(error)
    else:
        st.rerun()


def undisturbed(change: Callable[[], T]) -> T:
    """Make a change of the tab's memory of which no click can leave a half; in a callback it would wait for ever."""
    # Streamlit breaks in on the thread of a run alone.
    with ThreadPoolExecutor(1, initializer=add_script_run_ctx, initargs=(None, get_script_run_ctx())) as hand:
        return hand.submit(copy_context().run, change).result()
