"""Sign in to the environment's user pool, one challenge at a time."""

from pathlib import Path

import streamlit as st

from pages import _managed_login
from pages._app import application
from pages._focus import focus
from pages._frame import strip
from pages._sign_in_account import ask_account, ask_confirmation
from pages._sign_in_factors import ask_code, ask_enrolment, ask_factor
from pages._sign_in_password import ask_new_password, ask_password
from pages._sign_in_question import ask_question
from pages._sign_in_recovery import ask_reset, ask_whose
from pages._sign_in_steps import Asked, Forgotten, SigningUp, asked, start_again, turn
from pages._ui import caption, plain, show_error
from services.settings import Environment
from services.sign_in_challenges import (
    CodeRequired,
    ConfirmationRequired,
    Enrolment,
    FactorChoice,
    NewPasswordRequired,
    Question,
    ResetRequired,
)


def form_for(what: Asked | None) -> str:
    """The fields for what is asked now; returns the key of the field to begin with."""
    match what:
        case NewPasswordRequired():
            first = ask_new_password(what)
        case CodeRequired():
            first = ask_code(what)
        case FactorChoice():
            first = ask_factor(what)
        case Enrolment():
            first = ask_enrolment(what)
        case Question():
            first = ask_question(what)
        case ResetRequired():
            first = ask_reset(what)
        case ConfirmationRequired():
            first = ask_confirmation(what)
        case Forgotten():
            first = ask_whose(what)
        case SigningUp():
            first = ask_account()
        case _:
            first = ask_password()
    return first


def tell_demo_people(environment: Environment) -> None:
    """Where the passwords of a local cloud's people are."""
    demo = Path(environment.credentials_file).parent / "demo.json"
    shown = demo.relative_to(Path.cwd()) if demo.is_relative_to(Path.cwd()) else demo
    caption(f"The demo people and their passwords are in {shown}.")


_managed_login.note_failure()
what = asked()
with st.container(horizontal_alignment="center"), st.container(width=400, key="sign_in_panel"):
    st.space("medium")
    strip(application().environment, None)
    st.title("Sign in to Gatehouse", anchor=False)
    if error := st.session_state.get("sign_in_error"):
        show_error(error)
    if done := st.session_state.get("sign_in_done"):
        st.success(plain(done), icon=":material/check:")
    with st.form("sign_in_form", border=False):
        field = form_for(what)
    if what:
        with st.container(horizontal_alignment="center"):
            back = (
                "Back to the sign-in" if isinstance(what, Forgotten | SigningUp) else "Start again with another account"
            )
            st.button(back, key="start_again", type="tertiary", on_click=start_again)
    else:
        _managed_login.offer()
    if not what and application().environment.source == "local cloud":
        tell_demo_people(application().environment)
    focus(field, turn())
