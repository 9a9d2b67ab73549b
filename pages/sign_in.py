"""Sign in to the environment's user pool, one challenge at a time."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages import _session
from pages._app import application
from pages._focus import focus
from pages._frame import strip
from pages._ui import caption, plain, show_error
from services.errors import GatehouseError, ServiceError, SignInError
from services.secret import Secret
from services.sign_in import Challenge, CodeRequired, NewPasswordRequired
from services.sign_in_refusals import StillOpen
from services.tokens import Tokens

app = application()
state = st.session_state
turn = state.setdefault("sign_in_turn", 0)  # secret fields carry its number, so that each turn starts them empty


def take(step: Callable[[], Challenge | Tokens]) -> None:
    """Take one step, then show what follows: the next challenge, the page that was asked for, or a refusal."""
    state.sign_in_turn += 1
    state.pop("sign_in_error", None)
    try:
        with st.spinner("Signing in…"):
            answer = step()
            if isinstance(answer, Tokens):
                session = app.sessions.open(answer)
                _session.remember(session.id, app.sessions.ticket(session))
                state.pop("challenge", None)
            else:
                state["challenge"] = answer
    except (StillOpen, ServiceError) as error:
        state["sign_in_error"] = error
    except GatehouseError as error:
        state["sign_in_error"] = error
        state.pop("challenge", None)
    st.rerun()


def ask_password() -> str:
    """User name and password; returns the key of the field to begin with."""
    username = st.text_input("User name or e-mail", key="sign_in_username", autocomplete="username").strip()
    password = st.text_input(
        "Password", key=f"sign_in_password_{turn}", type="password", autocomplete="current-password"
    )
    if st.form_submit_button("Sign in", key="sign_in", type="primary", width="stretch"):
        if username and password:
            take(lambda: app.sign_in.start(username, Secret(password)))
        missing = "The password is empty" if username else "The user name is empty"
        show_error(SignInError("Could not sign in", missing, "Type it and try again"))
    return f"sign_in_password_{turn}" if username else "sign_in_username"


def ask_new_password(challenge: NewPasswordRequired) -> str:
    """A new password, and whatever else the pool wants to know; returns the key of the first field."""
    caption(f"The password of {challenge.username} was temporary. Choose your own to go on.")
    st.text_input("User name", challenge.username, key="sign_in_known_as", disabled=True, autocomplete="username")
    first, second = (
        st.text_input(label, key=f"{key}_{turn}", type="password", autocomplete="new-password")
        for label, key in (("New password", "sign_in_new"), ("New password again", "sign_in_again"))
    )
    attributes = {
        name: st.text_input(plain(name.replace("_", " ").capitalize()), key=f"sign_in_attribute_{name}")
        for name in challenge.missing
    }
    if st.form_submit_button("Set password and sign in", key="sign_in", type="primary", width="stretch"):
        if first and first == second:
            take(lambda: app.sign_in.choose_password(challenge, Secret(first), attributes))
        wrong = "The two passwords differ" if first else "The password is empty"
        show_error(SignInError("Could not set the password", wrong, "Type the same new password twice"))
    return f"sign_in_new_{turn}"


def ask_code(challenge: CodeRequired) -> str:
    """The code of the authenticator app; returns the key of its field."""
    caption(f"{challenge.username} signs in with an authenticator app as well. Type the six digits it shows now.")
    code = st.text_input("Code", key=f"sign_in_code_{turn}", max_chars=6, autocomplete="one-time-code")
    if st.form_submit_button("Sign in", key="sign_in", type="primary", width="stretch"):
        digits = code.strip()
        if len(digits) == 6 and digits.isdecimal():
            take(lambda: app.sign_in.give_code(challenge, digits))
        show_error(SignInError("Could not sign in", "The code has six digits", "Type all of them"))
    return f"sign_in_code_{turn}"


def start_again() -> None:
    """Leave the challenge; nothing of it is kept."""
    state.pop("challenge", None)
    state.pop("sign_in_error", None)
    state.sign_in_turn += 1


challenge: Challenge | None = state.get("challenge")
with st.container(horizontal_alignment="center"), st.container(width=400, key="sign_in_panel"):
    st.space("medium")
    strip(app.environment, None)
    st.title("Sign in to Gatehouse", anchor=False)
    if error := state.get("sign_in_error"):
        show_error(error)
    with st.form("sign_in_form", border=False):
        match challenge:
            case NewPasswordRequired():
                field = ask_new_password(challenge)
            case CodeRequired():
                field = ask_code(challenge)
            case _:
                field = ask_password()
    if challenge:
        st.button("Start again with another account", key="start_again", type="tertiary", on_click=start_again)
    elif app.environment.source == "local cloud":
        demo = Path(app.environment.credentials_file).parent / "demo.json"
        shown = demo.relative_to(Path.cwd()) if demo.is_relative_to(Path.cwd()) else demo
        caption(f"The demo people and their passwords are in {shown}.")
    focus(field, turn)
