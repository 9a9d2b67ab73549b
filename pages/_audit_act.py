"""One act of the record, in words and in full."""

import json
from collections.abc import Callable
from datetime import datetime

import streamlit as st

from pages import _app
from pages._app import still_signed_in
from pages._reading import local
from pages._ui import badge, plain
from services.act_calls import call_of
from services.legible import legible
from services.record.acts import UNKNOWN, Act
from services.record.words import words_of

DONE, FAILED = "done", "failed"


def state_of(act: Act) -> str:
    """How it ended, in the words that filter: `done`, `failed`, `outcome unknown`."""
    return FAILED if act.outcome.startswith(FAILED) else act.outcome


def target_of(act: Act) -> str:
    """On whom or what; for a membership, the person and the group."""
    user = act.begun.detail.get("user")
    return f"{user} in {act.begun.target}" if user else act.begun.target


def show_act(act: Act, on_dismiss: Callable[[], None]) -> None:
    """Open the drawer of an act."""
    title = plain(f"{words_of(act.begun.act)} · {target_of(act)}")
    st.dialog(title, position="right", width="medium", on_dismiss=on_dismiss)(still_signed_in(_content))(act)


def _content(act: Act) -> None:
    begun = act.begun
    color = {DONE: "green", FAILED: "red"}.get(state_of(act), "orange")
    badge(act.outcome, color)
    if act.outcome == UNKNOWN:
        st.text(
            "Nothing was recorded after it: the process ended in the middle of it, or another dashboard is still at it."
            " Look at the target itself."
        )
    at = datetime.fromisoformat(begun.at)
    facts = {
        "When": f"{local(at):%Y-%m-%d %H:%M:%S} ({at:%H:%M:%S} UTC)",
        "Who": f"{begun.who} ({begun.sub})",
        "Environment": begun.environment,
        "On": target_of(act),
        "Reason": begun.reason,
        "Requests": ", ".join(act.request_ids),
        "Entry": str(act.number),
        "Hash": act.hash,
    }
    told = "\n".join(f"{name + ':':14}{value or 'none'}" for name, value in facts.items())
    st.code(legible(told), language=None, wrap_lines=True)
    here = _app.environment()
    call = call_of(begun.act, here, begun.target, begun.detail) if begun.environment == here.name else None
    if call:
        st.caption("The call that makes it")
        st.code(legible(call.command), language="bash", wrap_lines=True)
        st.code(legible(call.request), language=None, wrap_lines=True)
    detail = act.ended.detail if act.ended else begun.detail
    if detail:
        st.caption("What changed")
        st.code(legible(json.dumps(detail, indent=2, ensure_ascii=False)), language="json", wrap_lines=True)
