"""The browser's side of a session: which one it presents, and how its cookie is set and cleared.

A page can't set a cookie. It hands a one-time ticket to the browser, which trades it at `/session`, a route of
the server, for a cookie that scripts can't read.
"""

import secrets
from collections.abc import Collection

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from pages._acting import undisturbed
from pages._environment import chosen
from services.permissions import Operator
from services.secret import Secret

COOKIE = "gatehouse_session"

_ID = "session_id"
_ERRAND = "session_errand"
_SHOWN_TO = "session_shown_to"

_courier = st.components.v2.component(
    "session_courier",
    js="""
const done = new Set()

export default function ({ data }) {
  if (done.has(data.ticket)) return
  done.add(data.ticket)
  fetch("/session" + (data.env && "?" + new URLSearchParams({ env: data.env })), {
    method: data.method,
    headers: { "content-type": "text/plain" },
    body: data.ticket,
    keepalive: true, // also when the next thing somebody does is to leave the page
  })
}
""",
)


def cookie_name(key: str) -> str:
    """The cookie of an environment: each has its own, so that one browser is signed in to several at once."""
    return f"{COOKIE}_{key}" if key else COOKIE


def set_cookie(answer: Response, session_id: Secret, key: str, *, secure: bool) -> None:
    """Have an answer of the server put the session of an environment into the browser, out of scripts' reach."""
    answer.set_cookie(cookie_name(key), session_id.reveal(), path="/", httponly=True, samesite="strict", secure=secure)


def is_secure(request: Request, public_origin: str) -> bool:
    """Whether the browser reaches this server over TLS, be it by way of a proxy."""
    return request.url.scheme == "https" or public_origin.startswith("https://")


def presented(key: str) -> Secret | None:
    """The session id that this browser presents to an environment: what this tab last did, else its cookie."""
    text = st.session_state.get(_ID, st.context.cookies.get(cookie_name(key)))
    return Secret(text) if text else None


def remember(session_id: Secret, ticket: Secret) -> None:
    """Keep the session in this tab from now on, and in the browser as soon as the ticket is traded."""
    st.session_state[_ID] = session_id.reveal()
    st.session_state[_ERRAND] = {"method": "POST", "ticket": ticket.reveal()}


def forget() -> None:
    """Drop the session from this tab, and its cookie from the browser."""
    st.session_state[_ID] = ""
    st.session_state[_ERRAND] = {"method": "DELETE", "ticket": secrets.token_hex(8)}


def disregard() -> None:
    """Drop what the browser presents from this tab; its cookie stays: another server of this name may have set it."""
    st.session_state[_ID] = ""


def clear(but: Collection[str] = ()) -> None:
    """Drop all that this tab's memory holds of the person who signs out, other people's tokens included."""
    for key in set(st.session_state) - set(but):
        del st.session_state[key]


def begin_anew() -> None:
    """Drop all that this tab's memory holds of the person before, when somebody else has signed in."""
    undisturbed(lambda: clear(but=(_ID, _ERRAND)))


def show_to(operator: Operator) -> None:
    """Note for whom this run draws the page."""
    st.session_state[_SHOWN_TO] = operator


def shown_to() -> Operator | None:
    """For whom the page was drawn last; `None` when nobody was signed in."""
    operator: Operator | None = st.session_state.get(_SHOWN_TO)
    return operator


def is_shown_to(operator: Operator) -> bool:
    """Whether the page was drawn for this person, in the groups that they have now, or for nobody in particular."""
    return shown_to() in (None, operator)


def deliver() -> None:
    """Let the browser set or clear its cookie, when this tab has signed in or out; called on every run."""
    if errand := st.session_state.get(_ERRAND):
        _courier(data={**errand, "env": chosen()}, key="session_courier")
