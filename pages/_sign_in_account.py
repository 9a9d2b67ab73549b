"""An account of one's own, where the pool lets people sign up: what it requires, and the code that confirms it."""

import streamlit as st

from pages import _app
from pages._sign_in_fields import attributes, check_complete, code_field, label_of, new_password
from pages._sign_in_password import USERNAME
from pages._sign_in_steps import Asked, sent, take, turn, wrong
from pages._ui import caption
from services.secret import Secret
from services.sign_in_challenges import ConfirmationRequired
from services.tokens import Tokens

_CONFIRMED = "{} is confirmed. Sign in with the password that you chose."
_ON_ITS_WAY = "If {} waits for a code, another one is on its way. Cognito sends only a few an hour."


def ask_account() -> str:
    """User name, password and what the pool requires besides; returns the key of the first field."""
    caption("Anybody may have an account in this user pool. An administrator says what it may do.")
    form = _app.application().sign_up.form()
    named = " or ".join(label_of(name) for name in form.named_by).capitalize() or "User name"
    username = st.text_input(named, key="sign_in_own_name", autocomplete="username").strip()
    password = new_password("Password")
    told = attributes(form.required)
    if sent("Create account"):
        failed = "Could not create the account"
        if not username:
            wrong(failed, f"{named} is empty", "Type it and try again")
        password.check(failed)
        check_complete(told, failed)
        take(lambda: _create(username, password.first, told), username, costs=True)
    return "sign_in_own_name"


def ask_confirmation(challenge: ConfirmationRequired) -> str:
    """The code that was sent when the account was made; returns the key of its field."""
    to = f" to {challenge.destination}" if challenge.destination else ""
    caption(f"{challenge.username} is not confirmed yet. Type the code that was sent{to}, or have another one sent.")
    key = f"sign_in_code_{turn()}"
    code = code_field(key)
    if sent("Confirm account"):
        if code:
            take(lambda: _confirm(challenge, code), challenge.username, done=_CONFIRMED.format(challenge.username))
        wrong("Could not confirm the account", "The code is empty", "Type it, or have another one sent")
    with st.container(horizontal_alignment="center"):
        if st.form_submit_button("Send another code", key=f"sign_in_resend_{turn()}", type="tertiary"):
            take(
                lambda: _app.application().sign_up.send_code(challenge),
                challenge.username,
                done=_ON_ITS_WAY.format(challenge.username),
                costs=True,
            )
    return key


def _create(username: str, password: Secret, told: dict[str, str]) -> Asked | Tokens:
    """Make the account; one that needs no confirmation signs in at once."""
    app = _app.application()
    return app.sign_up.create(username, password, told) or app.sign_in.start(username, password)


def _confirm(challenge: ConfirmationRequired, code: str) -> None:
    _app.application().sign_up.confirm(challenge, code)
    st.session_state[USERNAME] = challenge.username
