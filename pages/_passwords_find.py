"""Finding the person whose password is at stake."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages._frames import height_of, visible
from pages._reading import amount, forget, kept, show_reading
from pages._ui import SEARCH_WIDTH, caption, show_error
from services.directory import Directory
from services.errors import GatehouseError
from services.people import Person
from services.permissions import Operator

FOUND = "passwords_found"
RULES = "passwords_rules"
TABLE = "passwords_table"
_SEARCHED = "passwords_searched"


def find(directory: Directory, operator: Operator) -> None:
    """The search and its table; a click on a row opens the person, and so does a new search with one hit."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Find a user",
            key="passwords_q",
            type="search",
            bind="query-params",
            placeholder="beginning of a user name or e-mail",
            max_chars=128,
            on_change=_searched,
            width=SEARCH_WIDTH,
        )
        st.button("Reload", icon=":material/refresh:", key="passwords_reload", on_click=forget, args=(FOUND, RULES))
    try:
        with st.spinner("Searching the user pool"):
            read = kept(FOUND, (operator.sub, text), lambda: directory.find(operator, text or ""))
    except GatehouseError as error:
        show_error(error)
        return
    if st.session_state.pop(_SEARCHED, False) and text and len(read.people) == 1:
        st.query_params["user"] = read.people[0].username
        st.rerun()
    if read.people:
        _table(read.people)
    elif text:
        caption(f"No user name or e-mail begins with “{text}”. Cognito searches the beginning only.")
    else:
        caption("The user pool has no users yet.")
    more = " so far; type more to narrow it down" if read.more else ""
    facts = [amount(len(read.people), "user", "users") + more, *(["click one to open it"] if read.people else [])]
    show_reading(read.reading, operator.username, *facts)


def close() -> None:
    """Leave the person's own address."""
    st.query_params.pop("user", None)


def _searched() -> None:
    """Note that the text is new: coming back to an old one must not open its only hit once more."""
    st.session_state[_SEARCHED] = True


def _table(people: Sequence[Person]) -> None:
    frame = visible(
        pd.DataFrame(
            {
                "username": pd.Series([who.username for who in people], dtype="str"),
                "email": pd.Series([who.email or None for who in people], dtype="str"),
                "state": pd.Series([str(who.state) for who in people], dtype="str"),
                "modified": pd.Series([who.modified for who in people], dtype="datetime64[us, UTC]"),
            }
        )
    )

    def open_clicked() -> None:
        cells = st.session_state[TABLE].selection.cells
        if cells:
            st.query_params["user"] = people[cells[0][0]].username

    st.dataframe(
        frame,
        key=TABLE,
        on_select=open_clicked,
        selection_mode="single-cell",
        hide_index=True,
        height=height_of(len(people)),
        placeholder="–",
        alt="Users of the pool that match the search",
        column_config={
            "username": st.column_config.TextColumn("User name"),
            "email": st.column_config.TextColumn("E-mail"),
            "state": st.column_config.TextColumn("State"),
            "modified": st.column_config.DatetimeColumn("Modified", format="localized"),
        },
    )
