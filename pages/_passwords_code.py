"""Sending a reset code: where it would go, what it does, and the confirmation."""

import streamlit as st

from pages._acting import close_with
from pages._app import still_signed_in
from pages._asking import ask, hindrance, show_call
from pages._passwords_find import FOUND
from pages._passwords_set import OUTCOME
from pages._reading import forget
from pages._ui import caption, plain
from services.audit import because
from services.passwords import Passwords, code_destination
from services.people import Person
from services.permissions import Operator, Permission


def show_send_code(passwords: Passwords, operator: Operator, person: Person, recovery: tuple[str, ...]) -> None:
    """The button, or why there is none."""
    st.subheader("Send a reset code", anchor=False)
    destination = code_destination(person, recovery)
    if destination.why_not:
        caption(destination.why_not)
        return
    caption("The user chooses a new password with the code; until then every sign-in is refused.")
    hindered = hindrance(operator, Permission.SET_PASSWORDS)
    if st.button(
        plain(f"Send a reset code to {destination.masked}"),
        icon=":material/mail:",
        key="passwords_send_code",
        disabled=bool(hindered),
        help=plain(hindered) or None,
    ):
        _confirm(passwords, operator, person, recovery, destination.masked)


@st.dialog("Send a reset code", icon=":material/mail:", width="medium")
@still_signed_in
def _confirm(passwords: Passwords, operator: Operator, person: Person, recovery: tuple[str, ...], address: str) -> None:
    st.markdown(
        f"- A code goes to {plain(address)}, valid for 1 hour\n"
        "- The state becomes *Must reset password* until the code is used"
    )
    if operator.sub == person.sub:
        st.warning("It is your own account: you will need that mailbox for your next sign-in.")
    asked = ask(operator, "password.send_code", "passwords_code")
    show_call("password.send_code", person.username, "passwords_code")
    if not st.button(
        plain(f"Send reset code to {person.username}"),
        key="passwords_send_code_submit",
        type="primary",
        disabled=not asked.ready,
    ):
        return

    def send() -> None:
        with because(asked.reason):
            sent = passwords.send_code(operator, person, recovery)
        forget(FOUND)
        st.session_state[OUTCOME] = (
            person.sub,
            f"Reset code sent to {sent.masked}, valid for 1 hour; state is now Must reset password.",
        )

    close_with(send)
