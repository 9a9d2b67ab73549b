"""Signing in: user name and password, and the new password that a temporary one calls for."""

import streamlit as st

from pages import _app
from pages._sign_in_fields import attributes, check_complete, new_password
from pages._sign_in_steps import Forgotten, SigningUp, sent, take, turn, turn_to, wrong
from pages._ui import caption
from services.secret import Secret
from services.settings_values import SignInFlow
from services.sign_in_challenges import NewPasswordRequired

USERNAME = "sign_in_username"


def ask_password() -> str:
    """User name and password, and the ways on for who lacks them; returns the key of the field to begin with."""
    app = _app.application()
    by_password = app.environment.sign_in_flow is not SignInFlow.CUSTOM
    username = st.text_input("User name or e-mail", key=USERNAME, autocomplete="username", persist_state="page").strip()
    password, field = "", USERNAME
    if by_password:
        key = f"sign_in_password_{turn()}"
        password = st.text_input("Password", key=key, type="password", autocomplete="current-password")
        field = key if username else field
    if sent("Sign in"):
        if username and (password or not by_password):
            take(lambda: app.sign_in.start(username, Secret(password)), username)
        missing = "The password is empty" if username else "The user name is empty"
        wrong("Could not sign in", missing, "Type it and try again")
    with st.container(horizontal=True, horizontal_alignment="center"):
        if by_password and st.form_submit_button("Forgot your password?", key="sign_in_forgot", type="tertiary"):
            turn_to(Forgotten(username))
        if app.sign_up.form().open and st.form_submit_button(
            "Create an account", key="sign_in_create", type="tertiary"
        ):
            turn_to(SigningUp())
    return field


def ask_new_password(challenge: NewPasswordRequired) -> str:
    """A new password, and what else the pool requires; returns the key of the first field."""
    caption(f"The password of {challenge.username} was temporary. Choose your own to go on.")
    st.text_input("User name", challenge.username, key="sign_in_known_as", disabled=True, autocomplete="username")
    password = new_password()
    told = attributes(challenge.missing)
    if sent("Set password and sign in"):
        failed = "Could not set the password"
        password.check(failed)
        check_complete(told, failed)
        take(lambda: _app.application().sign_in.choose_password(challenge, password.first, told), challenge.username)
    return f"sign_in_new_{turn()}"
