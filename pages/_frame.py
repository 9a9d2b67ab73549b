"""What stands around every page: the strip above the title, the card of the operator, and who is kept out."""

from zoneinfo import ZoneInfo

import streamlit as st

from pages import _session
from pages._app import sign_out
from pages._ui import badge, caption, plain, show_error
from services.errors import GatehouseError
from services.legible import legible
from services.permissions import Operator
from services.sessions import Session
from services.settings import Environment
from services.settings_values import Authority


def strip(environment: Environment, operator: Operator | None) -> None:
    """One thin line: environment, Region, and who is signed in with which role; on every page, so that it also
    carries what the browser has to be told."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="strip"):
        _badge(environment)
        who = f" · {operator.username} · {operator.role} · {_authority(environment)}" if operator else ""
        st.caption(plain(environment.region + who), width="content")
        _session.deliver()


def operator_card(session: Session) -> None:
    """Who is signed in since when, and the way out; for the sidebar."""
    since = session.opened_at.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    with st.container(border=True, key="operator_card", gap="xsmall"):
        st.text(legible(session.operator.username))
        caption(f"{session.operator.role} · signed in {since:%H:%M}")
        st.button("Sign out", key="sign_out", icon=":material/logout:", on_click=sign_out, width="stretch")


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
    st.button(plain(f"Sign out {who}"), key="sign_out", type="primary", icon=":material/logout:", on_click=sign_out)


def failed(title: str, error: GatehouseError) -> None:
    """Tells what keeps every page from opening, and lets the viewer try again."""
    st.title(title, anchor=False)
    show_error(error)
    st.button("Try again", key="try_again", icon=":material/refresh:")


def _authority(environment: Environment) -> str:
    """Whose AWS credentials the acts of this page carry."""
    own = environment.admin_calls is Authority.OPERATOR
    return "AWS calls under your own credentials" if own else "AWS calls under the dashboard's credential"


def _badge(environment: Environment) -> None:
    """The environment's name; red and with the word for production."""
    name, icon, color = environment.name, "cloud", "blue"
    if environment.production:
        name, icon, color = f"production · {name}", "warning", "red"
    elif environment.source == "local cloud":
        icon, color = "science", "green"
    badge(name, color, f":material/{icon}:")
