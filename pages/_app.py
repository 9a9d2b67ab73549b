"""What every page stands on: the services, made once per process, and the question who is there."""

import threading

import streamlit as st

from pages import _session, _ui
from services.application import Application, open_application
from services.clients import Clients
from services.errors import GatehouseError
from services.identity_pool import IdentityPool
from services.permissions import Permission, check
from services.sessions import Session
from services.settings import Environment, load

_lock = threading.Lock()
_made: list[Application] = []


def application() -> Application:
    """The services, made at the first call that finds the settings in order.

    Raises:
        SettingsError: a setting is missing or malformed; the next call reads them anew.
    """
    with _lock:
        if not _made:
            _made.append(open_application(load()))
        return _made[0]


def environment() -> Environment:
    """The environment that this process works on."""
    return application().environment


def clients() -> Clients:
    """The AWS clients of the environment, under the dashboard's own credential."""
    return application().clients


def clients_of(session: Session) -> Clients:
    """The AWS clients for what a signed-in person does, under their own credentials where these are configured."""
    return application().clients_of(session)


def identity_pool() -> IdentityPool | None:
    """The identity pool's credentials; `None` where the environment has no identity pool."""
    return application().identity_pool


def current_session() -> Session | None:
    """The session of whoever looks at this page, asked of the store on every run; `None` for a stranger.

    Raises:
        SessionEnded: there was one, and it is over.
        ServiceError: its tokens have ended and Cognito can't be reached to renew them.
    """
    presented = _session.presented()
    return application().sessions.current(presented) if presented else None


def require(permission: Permission | None) -> Session:
    """The session of a person who may do this; anybody else reads why not, and the page stops here.

    Args:
        permission: what the page is for; `None` when being signed in is enough.
    """
    try:
        session = current_session()
        if session and permission:
            check(session.operator, permission, environment().admin_group)
    except GatehouseError as error:
        _ui.show_error(error)
        st.stop()
    if session is None:
        st.text("Nobody is signed in. Reload the page to sign in.")
        st.stop()
    return session


def sign_out() -> None:
    """End this session, here and at Cognito, and forget its cookie; the sign-in page tells what went wrong."""
    failed: GatehouseError | None = None
    try:
        if session := current_session():
            application().sign_out(session)
    except GatehouseError as error:
        failed = error
    _session.clear()
    _session.forget()
    if failed:
        st.session_state["sign_in_error"] = failed
