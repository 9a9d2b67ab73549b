"""A forgotten password, and one that an administrator reset: a code, then a new password.

What is said is the same whether there is an account of that name or not.
"""

import streamlit as st

from pages import _app
from pages._sign_in_fields import code_field, new_password
from pages._sign_in_steps import Asked, Forgotten, sent, take, turn, wrong
from pages._ui import caption
from services.secret import Secret
from services.sign_in_challenges import ResetRequired
from services.tokens import Tokens

_ON_ITS_WAY = "If {} has a verified address, a code is on its way to it. Cognito sends only a few an hour."


def ask_whose(forgotten: Forgotten) -> str:
    """Whose password was forgotten; returns the key of the field."""
    caption("A code that is sent to the account's verified address lets you choose a new password.")
    username = st.text_input(
        "User name or e-mail", forgotten.username, key="sign_in_forgotten", autocomplete="username"
    ).strip()
    if sent("Send a code"):
        if username:
            _send(username)
        wrong("Could not send a code", "The user name is empty", "Type it and try again")
    return "sign_in_forgotten"


def ask_reset(challenge: ResetRequired) -> str:
    """The code that was sent and a new password; returns the key of the first field."""
    if challenge.by_administrator:
        caption(
            f"An administrator has reset the password of {challenge.username}. Type the code that was sent then, or"
            " have another one sent, and choose a new password."
        )
    else:
        caption(f"Type the code that was sent, and choose a new password for {challenge.username}.")
    st.text_input("User name", challenge.username, key="sign_in_known_as", disabled=True, autocomplete="username")
    key = f"sign_in_reset_code_{_sent()}"
    code = code_field(key)
    password = new_password()
    if sent("Set password and sign in"):
        failed = "Could not set the password"
        if not code:
            wrong(failed, "The code is empty", "Type the code that was sent, or have another one sent")
        password.check(failed)
        take(lambda: _reset(challenge, code, password.first), challenge.username)
    with st.container(horizontal_alignment="center"):
        if st.form_submit_button("Send another code", key=f"sign_in_resend_{turn()}", type="tertiary"):
            _send(challenge.username)
    return key


def _sent() -> int:
    """How many codes this tab has had sent: the field starts empty for each, and keeps one while a password is bad."""
    number: int = st.session_state.get("sign_in_codes_sent", 0)
    return number


def _send(username: str) -> None:
    take(
        lambda: _send_code(username),
        username,
        done=_ON_ITS_WAY.format(username),
        costs=True,
    )


def _send_code(username: str) -> Asked:
    asked = _app.application().recovery.send_code(username)
    st.session_state["sign_in_codes_sent"] = _sent() + 1
    return asked


def _reset(challenge: ResetRequired, code: str, password: Secret) -> Asked | Tokens:
    """Set the password, and sign in with it at once."""
    app = _app.application()
    app.recovery.set_password(challenge, code, password)
    return app.sign_in.start(challenge.username, password)
