"""What stands around every page: the strip above the title, the card of the operator, and who is kept out."""

from zoneinfo import ZoneInfo

import streamlit as st

from pages import _session
from pages._app import sign_out
from pages._environment import chosen
from pages._environment_switch import show_all, show_badge, show_switch
from pages._session_end import offer_everywhere, watch
from pages._ui import caption, plain, show_error
from services.errors import GatehouseError
from services.legible import legible
from services.permissions import Operator
from services.sessions import Session
from services.settings import Environment
from services.settings_environments import UnknownEnvironment
from services.settings_values import Authority


def strip(environment: Environment, operator: Operator | None) -> None:
    """One thin line: environment, Region, and who is signed in with which role; on every page, so that it also
    carries what the browser has to be told."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="strip"):
        show_badge(environment)
        show_switch(environment.key)
        who = f" · {operator.username} · {operator.role} · {_authority(environment)}" if operator else ""
        st.caption(plain(environment.region + who), width="content")
        _session.deliver()
    if operator:
        watch()


def operator_card(session: Session) -> None:
    """Who is signed in since when, and the way out; for the sidebar."""
    since = session.opened_at.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    with st.container(border=True, key="operator_card", gap="xsmall"):
        st.text(legible(session.operator.username))
        caption(f"{session.operator.role} · signed in {since:%H:%M}")
        if st.button("Sign out", key="sign_out", icon=":material/logout:", width="stretch"):
            sign_out()
        offer_everywhere()


def lacks_group(session: Session, environment: Environment) -> None:
    """Tells a signed-in person without a role why there is nothing here for them."""
    who, admins, viewers = session.operator.username, environment.admin_group, environment.viewer_group
    st.title("No access", icon=":material/lock:", anchor=False)
    st.text(
        legible(f"You are signed in as {who}, but this account is not a member of the group {admins} or {viewers}.")
    )
    st.text(
        legible(
            f"Ask an administrator to add {who} to {viewers}, to look, or to {admins}, to change things as well;"
            " then sign out and in again."
        )
    )
    if st.button(plain(f"Sign out {who}"), key="sign_out", type="primary", icon=":material/logout:"):
        sign_out()


def failed(title: str, error: GatehouseError, *, signed_in: bool = False) -> None:
    """Tells what keeps every page from opening, and lets the viewer try again, or sign out when they are signed in."""
    st.title(title, anchor=False)
    show_error(error)
    if isinstance(error, UnknownEnvironment):
        show_all()
        return
    show_switch(chosen())
    with st.container(horizontal=True):
        st.button("Try again", key="try_again", icon=":material/refresh:")
        if signed_in and st.button("Sign out", key="sign_out", icon=":material/logout:"):
            sign_out()


def _authority(environment: Environment) -> str:
    """Whose AWS credentials the acts of this page carry."""
    own = environment.admin_calls is Authority.OPERATOR
    return "AWS calls under your own credentials" if own else "AWS calls under the dashboard's credential"
