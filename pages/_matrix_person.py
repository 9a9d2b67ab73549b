"""Whom to test as, beside the identities of the suite: found in the user pool, and kept in the page's address."""

from functools import partial

import streamlit as st

from pages import _app
from pages._app import still_signed_in
from pages._asking import hindrance
from pages._matrix_state import Matrix
from pages._reading import kept
from pages._ui import caption, plain, show_error
from services.directory import Directory
from services.errors import GatehouseError
from services.people import Person
from services.permissions import Permission
from services.sessions import Session
from services.settings import Environment

PARAMETER = "matrix_person"
MOST_SHOWN = 8  # a dialog shouldn't scroll; who isn't among them is found by typing more
_BUTTON = "matrix_person_find"
_FOUND = "matrix_people"
_HELP = "Adds columns by a stand-in with the same groups, made for the run and removed after it."


def choose_person(here: Matrix, env: Environment, session: Session) -> str:
    """The button that opens the search, and who was chosen with the way out; their user name, empty for nobody."""
    asked = st.query_params.get(PARAMETER)
    if asked is not None:
        here.person = asked.strip()
    elif here.person:
        st.query_params[PARAMETER] = here.person  # another page has emptied the address
    hindered = hindrance(session.operator, Permission.MAKE_STAND_INS)
    if st.button(
        "Test as a person",
        key=_BUTTON,
        icon=":material/person_search:",
        on_click=partial(st.session_state.pop, "matrix_person_q", None),
        disabled=bool(hindered),
        help=plain(hindered or _HELP),
    ):
        _search(here, Directory(_app.clients_of(session).user_pool, env.user_pool_id), session)
    if here.person:
        st.button(
            plain(f"As {here.person}"),
            key="matrix_person_remove",
            type="tertiary",
            icon=":material/close:",
            help=plain(f"Run without the columns of {here.person}"),
            on_click=_take,
            args=(here, ""),
        )
    return here.person


def is_searching() -> bool:
    """Whether this run opens the search."""
    return bool(st.session_state.get(_BUTTON))


@st.dialog("Test as a person", icon=":material/person_search:", on_dismiss="rerun")
@still_signed_in
def _search(here: Matrix, directory: Directory, session: Session) -> None:
    """Search as one types; a click on a person chooses them."""
    text = (
        st.text_input(
            "User name or e-mail",
            key="matrix_person_q",
            type="search",
            live=True,
            placeholder="how it begins",
            max_chars=128,
            autocomplete="off",
        )
        or ""
    ).strip()
    try:
        found = kept(_FOUND, (session.operator.sub, text), lambda: directory.find(session.operator, text))
    except GatehouseError as error:
        show_error(error)
        return
    for who in found.people[:MOST_SHOWN]:
        if st.button(
            _words(who),
            key=f"matrix_person_is_{who.username}",
            icon=":material/person:",
            width="stretch",
            on_click=_take,
            args=(here, who.username),
        ):
            st.rerun()
    if not found.people:
        nobody = f"No user name or e-mail begins with “{text}”." if text else "The user pool has no users yet."
        caption(f"{nobody} Cognito searches the beginning only.")
    elif found.more or len(found.people) > MOST_SHOWN:
        caption("There are more. Type more of the name or the e-mail.")
    caption("A stand-in gets the same groups, and nothing else of the person: no attributes, no data of their own.")


def _words(who: Person) -> str:
    return plain(" · ".join(part for part in (who.username, who.email, str(who.state)) if part))


def _take(here: Matrix, username: str) -> None:
    here.person = username
    st.query_params.pop(PARAMETER, None)
    if username:
        st.query_params[PARAMETER] = username
