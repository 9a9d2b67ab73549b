"""The browser's side of a session: which one it presents, and how its cookie is set and cleared.

A page can't set a cookie. It hands a one-time ticket to the browser, which trades it at `/session`, a route of
the server, for a cookie that scripts can't read.
"""

import secrets

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from services.secret import Secret

COOKIE = "gatehouse_session"

_ID = "session_id"
_ERRAND = "session_errand"

_courier = st.components.v2.component(
    "session_courier",
    js="""
const done = new Set()

export default function ({ data }) {
  if (done.has(data.ticket)) return
  done.add(data.ticket)
  fetch("/session", {
    method: data.method,
    headers: { "content-type": "text/plain" },
    body: data.ticket,
    keepalive: true, // also when the next thing somebody does is to leave the page
  })
}
""",
)


def set_cookie(answer: Response, session_id: Secret, *, secure: bool) -> None:
    """Have an answer of the server put the session into the browser, out of scripts' reach."""
    answer.set_cookie(COOKIE, session_id.reveal(), path="/", httponly=True, samesite="strict", secure=secure)


def is_secure(request: Request, public_origin: str) -> bool:
    """Whether the browser reaches this server over TLS, be it by way of a proxy."""
    return request.url.scheme == "https" or public_origin.startswith("https://")


def presented() -> Secret | None:
    """The session id that this browser presents: what this tab last did, else the cookie it came with."""
    text = st.session_state.get(_ID, st.context.cookies.get(COOKIE))
    return Secret(text) if text else None


def remember(session_id: Secret, ticket: Secret) -> None:
    """Keep the session in this tab from now on, and in the browser as soon as the ticket is traded."""
    st.session_state[_ID] = session_id.reveal()
    st.session_state[_ERRAND] = {"method": "POST", "ticket": ticket.reveal()}


def forget() -> None:
    """Drop the session from this tab, and its cookie from the browser."""
    st.session_state[_ID] = ""
    st.session_state[_ERRAND] = {"method": "DELETE", "ticket": secrets.token_hex(8)}


def clear() -> None:
    """Drop all that this tab's memory holds of the person who signs out, other people's tokens included."""
    for key in list(st.session_state):
        del st.session_state[key]


def deliver() -> None:
    """Let the browser set or clear its cookie, when this tab has signed in or out; called on every run."""
    if errand := st.session_state.get(_ERRAND):
        _courier(data=errand, key="session_courier")
