"""Users of the users API, page by page, asked for in the authorization mode that is chosen."""

import streamlit as st

from pages._app import clients, environment, identity_pool, require
from pages._reading import amount, show_reading
from pages._ui import caption, page_header, show_error
from pages._users_states import show_end, show_partial, show_raw, show_state
from pages._users_table import matching, portraits, show_table
from pages._users_view import MODES, show_paging, show_start_again, view
from services.errors import GatehouseError
from services.permissions import Permission
from services.portraits import is_own
from services.users_answer import Verdict
from services.users_api import PAGE_SIZES, Caller, Mode, list_users, variables

session = require(Permission.READ_USERS)
env, pool = environment(), identity_pool()
api = env.api("users")
caller = Caller(session.operator, session.tokens, pool, api.api_key)

page_header("Users", ":material/group:")

offered = [mode for mode in Mode if pool or mode not in {Mode.GUEST, Mode.SIGNED_IN}]
with st.container(horizontal=True, vertical_alignment="bottom"):
    mode = st.segmented_control(
        "As",
        offered,
        default=Mode.ID_TOKEN,
        required=True,
        format_func=MODES.__getitem__,
        key="users_as",
        bind="query-params",
    )
    size = st.selectbox("Rows", PAGE_SIZES, index=2, key="users_size", bind="query-params", width=80)
    text = st.text_input(
        "Find on this page", key="users_find", type="search", live=True, placeholder="name or id", width=125
    )
    reload = st.button("Reload", icon=":material/refresh:", key="users_reload")
if mode is Mode.API_KEY and api.api_key is None:
    st.caption("The users API has no API key configured: a made-up key is sent, so that the refusal can be seen.")
if pool is None:
    st.caption("The environment has no identity pool, so there is no IAM mode to ask in.")

held = view(session.operator.sub, mode, size)
if reload:
    held.turn(held.tokens)
if held.shown is None:
    try:
        with st.spinner("Reading users"):
            held.shown = list_users(clients().apis["users"], caller, mode, size, held.tokens.current)
    except GatehouseError as error:
        show_error(error)
        show_start_again(held)
        st.stop()
page, reading = held.shown

if page.verdict is Verdict.PARTIAL:
    show_partial(page)
if page.verdict in {Verdict.ROWS, Verdict.PARTIAL}:
    shown = matching(page.users, text or "")
    addresses = [user.picture for user in shown if user.picture]
    elsewhere = [address for address in addresses if not is_own(address, env.endpoint_url)]
    remote = bool(elsewhere) and st.toggle(
        "Load remote portraits",
        key="users_remote",
        help="The server fetches them over https from public addresses; your browser contacts nobody.",
    )
    if shown:
        show_table(shown, portraits(env.endpoint_url).load(addresses, remote=remote))
    elif page.users:
        caption(f"Nobody on this page matches “{text}”. The other pages are not searched.")
    else:
        caption("No users came on this page; there may be some on the next.")
    filtered = f"{len(shown)} of " if len(shown) < len(page.users) else ""
    facts = [f"Page {held.tokens.number}", f"{filtered}{amount(len(page.users), 'row', 'rows')}"]
    if page.next_token is None:
        facts.append("last page")
    show_paging(held, page.next_token)
elif page.verdict is Verdict.EMPTY and held.tokens.number > 1:
    facts = [f"Page {held.tokens.number}", "no rows"]
    show_end()
    show_paging(held, None)
else:
    facts = [f"Page {held.tokens.number}"]
    show_state(page)
    show_start_again(held)

with st.container(horizontal=True, vertical_alignment="center"):
    show_reading(reading, MODES[mode], *facts)
    if st.button("Raw response", icon=":material/data_object:", key="users_raw", type="tertiary"):
        show_raw(page, mode, api.url, dict(variables(size, held.tokens.current)))
