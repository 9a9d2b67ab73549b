"""Tokens: what the ID token and the access token say, who takes them, and why one doesn't hold."""

from datetime import UTC, datetime

import streamlit as st

from pages._app import application, require
from pages._tokens_reading import show_pair, show_reading
from pages._ui import caption, page_header
from services.permissions import Permission
from services.secret import Secret
from services.token_reading import TokenReading, read_token

_READ = "tokens_read_so_far"

session = require(Permission.READ_TOKENS)
app, now = application(), datetime.now(UTC)
env = app.environment


def _read(token: Secret) -> TokenReading:
    return read_token(token, env, app.identify.keys.for_key, now)


def _take(field: str) -> None:
    """Hand what was pasted to this one run, and put a new field in the place of its own: Streamlit forgets the old one
    with all that it holds, and would keep for long what the browser had sent of one that is only emptied."""
    st.session_state["tokens_once"] = Secret(st.session_state[field])
    st.session_state[_READ] = st.session_state.get(_READ, 0) + 1


page_header("Tokens", ":material/badge:")
mine, pasted = st.tabs(["My tokens", "Paste a token"])
with mine:
    show_pair(_read(session.tokens.id_token), _read(session.tokens.access_token), env, now)
    caption(f"Read at {now:%H:%M:%S} UTC as {session.operator.username}; the tokens themselves stay on the server.")
with pasted:
    field = f"tokens_pasted_{st.session_state.get(_READ, 0)}"
    with st.form("tokens_form", border=False):
        st.text_area("Token", key=field, height=120, placeholder="eyJ…")
        st.form_submit_button(
            "Read the token", key="tokens_read", type="primary", icon=":material/search:", on_click=_take, args=(field,)
        )
    token = st.session_state.pop("tokens_once", None)
    if token and token.reveal().strip():
        show_reading(_read(token), env, now)
    elif token:
        st.text("Nothing was pasted. Paste a JSON web token: three parts with dots between them.")
    else:
        caption("It is read once and kept nowhere: not in this session, the address, a log or the record.")
