"""The table of users and the drawer of one of them."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages._app import still_signed_in
from pages._frames import visible
from pages._ui import plain
from services.legible import legible
from services.portraits import Portraits, initials
from services.users_answer import User

TABLE = "users_table"
ROW = 40  # pixels
MOST_AT_ONCE = 15  # rows; longer tables scroll, so that the buttons below stay in sight
_OPEN = "users_open"
_NOTHING: dict[str, dict[str, list[int]]] = {"selection": {"rows": [], "columns": [], "cells": []}}


@st.cache_resource(show_spinner=False)
def portraits(endpoint: str) -> Portraits:
    """The fetcher of portraits, one per process: what it keeps are images, the same for everybody."""
    return Portraits(endpoint)


def matching(users: Sequence[User], text: str) -> list[User]:
    """The users of whom a field contains the text."""
    wanted = text.strip().casefold()
    return [
        user
        for user in users
        if any(wanted in (value or "").casefold() for value in (user.user_id, user.firstname, user.lastname))
        or wanted in f"{user.firstname or ''} {user.lastname or ''}".casefold()
    ]


def portrait(user: User, loaded: Mapping[str, str]) -> str:
    """The loaded picture, else the initials."""
    key = user.user_id or f"{user.firstname} {user.lastname}"
    return loaded.get(user.picture or "") or initials(user.firstname, user.lastname, key)


def show_table(users: Sequence[User], loaded: Mapping[str, str]) -> None:
    """The rows; a click on any cell opens the person."""
    frame = visible(
        pd.DataFrame(
            {
                "portrait": [portrait(user, loaded) for user in users],
                "firstname": [user.firstname for user in users],
                "lastname": [user.lastname for user in users],
                "userId": [user.user_id for user in users],
                "picture": [user.picture for user in users],
            },
            dtype="str",
        )
    )
    st.dataframe(
        frame,
        key=TABLE,
        on_select=_remember,
        selection_mode="single-cell",
        hide_index=True,
        height="content" if len(users) <= MOST_AT_ONCE else ROW * (MOST_AT_ONCE + 1),
        row_height=ROW,
        placeholder="–",
        alt="Users of the users API, one page",
        column_config={
            "portrait": st.column_config.ImageColumn("Portrait", width=72, pinned=True),
            "firstname": st.column_config.TextColumn("First name"),
            "lastname": st.column_config.TextColumn("Last name"),
            "userId": st.column_config.TextColumn("User id"),
            "picture": st.column_config.TextColumn("Picture address"),
        },
    )
    row = st.session_state.pop(_OPEN, None)
    if row is not None and row < len(users):
        _show_person(users[row], portrait(users[row], loaded))


def _remember() -> None:
    """Note the row that was clicked, so that the drawer opens on this run and on no later one."""
    cells = st.session_state[TABLE].selection.cells
    if cells:
        st.session_state[_OPEN] = cells[0][0]


def _unselect() -> None:
    """Let the same row be clicked again."""
    st.session_state[TABLE] = _NOTHING


@st.dialog("User", position="right", width="medium", icon=":material/person:", on_dismiss=_unselect)
@still_signed_in
def _show_person(user: User, picture: str) -> None:
    st.image(picture, width=96)
    st.header(plain(" ".join(name for name in (user.firstname, user.lastname) if name) or "No name"), anchor=False)
    for label, value in (
        ("User id", user.user_id),
        ("First name", user.firstname),
        ("Last name", user.lastname),
        ("Picture address", user.picture),
    ):
        st.caption(label)
        if value is None:
            st.text("Not given: refused, or empty in the table")
        else:
            st.code(legible(value), language=None, wrap_lines=True)
