"""The router, run before every page: who is it, what may they open, and then the page that was asked for.

While nobody is signed in, every address shows the sign-in page, so that the address is still there afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from pages import _drafts, _frame, _session
from pages._app import current_session, environment, environment_keys
from pages._environment import settle
from services.errors import GatehouseError
from services.permissions import Permission, may
from services.sessions import Session, SessionEnded

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the navigation: where it is listed and what opening it takes."""

    section: str
    file: str
    address: str
    title: str
    icon: str
    permission: Permission


SCREENS = (
    Screen("People", "users.py", "users", "Users", ":material/group:", Permission.READ_USERS),
    Screen("People", "groups.py", "groups", "Groups", ":material/groups:", Permission.READ_GROUPS),
    Screen("People", "passwords.py", "passwords", "Passwords", ":material/key:", Permission.READ_PEOPLE),
    Screen("Access", "side_by_side.py", "side-by-side", "Side by side", ":material/view_column:", Permission.RUN_CALLS),
    Screen("Access", "matrix.py", "matrix", "Matrix", ":material/grid_on:", Permission.RUN_CALLS),
    Screen("Access", "tokens.py", "tokens", "Tokens", ":material/badge:", Permission.READ_TOKENS),
    Screen(
        "Operation",
        "connection.py",
        "connection",
        "Connection",
        ":material/network_check:",
        Permission.READ_CONNECTION,
    ),
    Screen("Operation", "audit.py", "audit", "Audit", ":material/history:", Permission.READ_RECORD),
)


UNKNOWN = SessionEnded(
    "The session has ended",
    "This server does not know it any more: it was restarted, or the session is long over",
    "Sign in again",
)


def everywhere(page: str | Callable[[], None], title: str) -> Page:
    """One page at every address."""
    addresses = [st.Page(page, title=title, url_path=screen.address) for screen in SCREENS]
    return st.navigation([st.Page(page, title=title, url_path="", default=True), *addresses], position="hidden")


def open_to(session: Session) -> Page:
    """The page that was asked for, out of those that this person may open; "/" leads to the first of them."""
    listed: dict[str, list[Page]] = {"": [st.Page(_nothing, title="Gatehouse", default=True, visibility="hidden")]}
    for screen in SCREENS:
        if may(session.operator, screen.permission):
            page = st.Page(screen.file, title=screen.title, icon=screen.icon, url_path=screen.address)
            listed.setdefault(screen.section, []).append(page)
    asked = st.navigation(listed)
    if asked is listed[""][0]:
        st.switch_page(next(page for section, pages in listed.items() if section for page in pages))
    return asked


def _nothing() -> None:
    """Stands at "/", which always leads on."""


def asked_page() -> Page:
    """The page to run, with whatever stands around it drawn already."""
    try:
        settle(environment_keys())
        where = environment()
    except GatehouseError as error:
        return everywhere(partial(_frame.failed, "Settings", error), "Settings")
    try:
        session = current_session()
    except SessionEnded as error:
        _drafts.keep()
        _session.forget()
        st.session_state["sign_in_error"] = error
        session = None
    except GatehouseError as error:
        _drafts.keep()
        return everywhere(partial(_frame.failed, "No answer", error, signed_in=True), "No answer")
    if session is None:
        if _session.presented(where.key):
            _session.disregard()
            st.session_state["sign_in_error"] = UNKNOWN
        return everywhere("sign_in.py", "Sign in")
    if not _drafts.are_of(session.operator):
        _session.begin_anew()
    _session.show_to(session.operator)
    if not any(may(session.operator, screen.permission) for screen in SCREENS):
        _frame.strip(where, session.operator)
        return everywhere(partial(_frame.lacks_group, session, where), "No access")
    page = open_to(session)
    _frame.strip(where, session.operator)
    with st.sidebar:
        _frame.operator_card(session)
    _drafts.give_back()
    return page


# A Material icon would be fetched from a font server, which the Content-Security-Policy forbids.
st.set_page_config(page_icon=str(HERE / "static" / "gatehouse.svg"), layout="wide")
page = asked_page()
st.set_page_config(page_title=f"{page.title} · Gatehouse")
page.run()
