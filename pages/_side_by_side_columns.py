"""Adding a column for another person or a pasted credential, and taking it away again."""

import streamlit as st

from pages._acting import carried_out
from pages._app import still_signed_in
from pages._reading import local
from pages._side_by_side_lab import Lab
from pages._ui import plain, show_error
from services.application import Application
from services.authorization.identity import Kind
from services.authorization.people import pasted, sign_in_person
from services.errors import GatehouseError
from services.permissions import Operator
from services.secret import Secret

_PERSON, _CREDENTIAL = "Another person", "A token or key"
_PASTABLE = {Kind.JWT: "JWT of a user pool or OIDC issuer", Kind.LAMBDA_TOKEN: "Lambda token", Kind.API_KEY: "API key"}


@st.dialog("Add a column", icon=":material/person_add:", on_dismiss="rerun")
@still_signed_in
def add_column(lab: Lab, operator: Operator, app: Application) -> None:
    """Asks who or what is to be added; what is typed stays in this tab's memory alone."""
    what = st.segmented_control(
        "What",
        (_PERSON, _CREDENTIAL),
        default=_PERSON,
        required=True,
        key="side_add_what",
        label_visibility="collapsed",
    )
    with st.form("side_add_form", border=False):
        if what == _PERSON:
            _ask_person(lab, operator, app)
        else:
            _ask_credential(lab)


def _ask_person(lab: Lab, operator: Operator, app: Application) -> None:
    st.caption("They sign in to the user pool. Their tokens are kept in this browser session alone.")
    username = st.text_input("User name or e-mail", key="side_add_username", autocomplete="off").strip()
    password = st.text_input("Password", key="side_add_password", type="password", autocomplete="off")
    if not st.form_submit_button("Sign in and add columns", key="side_add_sign_in", type="primary"):
        return
    if not (username and password):
        st.caption("Type a user name and a password.")
        return

    def add() -> None:
        lab.add_person(sign_in_person(app.sign_in, app.identify, username, Secret(password), operator=operator))

    try:
        with st.spinner("Signing in"):
            carried_out(add)
    except GatehouseError as error:
        show_error(error)
        return
    st.rerun()


def _ask_credential(lab: Lab) -> None:
    st.caption("It is sent as it is to the API that you run, and kept in this browser session alone.")
    kind = st.selectbox("Kind", list(_PASTABLE), key="side_add_kind", format_func=_PASTABLE.__getitem__)
    name = st.text_input("Name of the column", key="side_add_name", max_chars=40, placeholder=f"Pasted {kind}")
    text = st.text_input("Credential", key="side_add_credential", type="password", autocomplete="off")
    if not st.form_submit_button("Add column", key="side_add_paste", type="primary"):
        return
    try:
        column = pasted(kind, name, text, lab.number)
    except GatehouseError as error:
        show_error(error)
        return
    lab.pasted.append(column)
    lab.number += 1
    st.rerun()


def show_added(lab: Lab) -> None:
    """Who and what was added, each with its way out."""
    for person in lab.people:
        until = f"The tokens end at {local(person.tokens.expires_at):%H:%M}."
        _remove(lab, person.operator.username, f"person-{person.operator.sub}", until)
    for each in lab.pasted:
        _remove(lab, each.label, each.id, "Kept in this browser session alone.")


def _remove(lab: Lab, name: str, prefix: str, more: str) -> None:
    st.button(
        plain(f"Remove {name}"),
        key=f"side_remove_{prefix}",
        type="tertiary",
        icon=":material/close:",
        help=more,
        on_click=lab.remove,
        args=(prefix,),
    )
