"""How the sign-in page moves: one step is taken, then the next challenge, the page that was asked for, or a refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from pages import _app, _session
from pages._acting import carried_out
from services.attempts import known_address
from services.errors import GatehouseError, ServiceError, SignInError
from services.sign_in_challenges import Challenge
from services.sign_in_refusals import StillOpen
from services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Somebody wants a code for a new password."""

    username: str


@dataclass(frozen=True, slots=True)
class SigningUp:
    """Somebody wants an account."""


Asked = Challenge | Forgotten | SigningUp


def asked() -> Asked | None:
    """What this tab is asked now; `None` for user name and password."""
    what: Asked | None = st.session_state.get("challenge")
    return what


def turn() -> int:
    """The number of this turn: fields for secrets carry it in their keys, so that each turn starts them empty."""
    number: int = st.session_state.setdefault("sign_in_turn", 0)
    return number


def sent(label: str) -> bool:
    """The button that sends a form: whether it was pressed.

    Each turn has one of its own: a second click on the button of one form doesn't send the next.
    """
    return st.form_submit_button(label, key=f"sign_in_send_{turn()}", type="primary", width="stretch")


def take(step: Callable[[], Asked | Tokens | None], username: str, *, done: str = "", costs: bool = False) -> NoReturn:
    """Take one step, then run the page again: it shows what follows, or why nothing does.

    Args:
        step: what is tried; it returns what is asked next, `None` for user name and password.
        username: whom it is about.
        done: what to say when it succeeds.
        costs: whether it counts as a try even then, such as a step that sends a message.
    """
    app, taken_in = _app.application(), turn()
    address = known_address(st.context.ip_address, behind_proxy=bool(app.environment.public_origin))

    def take_it() -> None:
        if turn() != taken_in:
            return  # a second click, after the first was carried out
        try:
            with app.attempts.counted(username, address, costs=costs):
                answer = step()
                if turn() != taken_in:
                    return  # somebody has started again meanwhile
                session = app.sessions.open(answer) if isinstance(answer, Tokens) else None
        except GatehouseError as error:
            forget_words()
            st.session_state["sign_in_error"] = error
            if not isinstance(error, StillOpen | ServiceError):
                ask(None)
            return
        forget_words()
        st.session_state["sign_in_done"] = done
        if session:
            app.attempts.forgive(username)
            _session.remember(session.id, app.sessions.ticket(session))
        ask(None if isinstance(answer, Tokens) else answer)

    with st.spinner("One moment…"):
        carried_out(take_it)
    st.rerun()


def ask(what: Asked | None) -> None:
    """Ask this from the next run on."""
    if what is None:
        st.session_state.pop("challenge", None)
    else:
        st.session_state["challenge"] = what


def turn_to(what: Asked) -> None:
    """Show another form, for somebody who asked for it."""
    forget_words()
    ask(what)
    st.rerun()


def start_again() -> None:
    """Leave the challenge; nothing of it is kept."""
    forget_words()
    ask(None)


def forget_words() -> None:
    """End this turn: what was said in it is not said again, and secrets that were typed are gone."""
    st.session_state["sign_in_turn"] = turn() + 1
    for key in ("sign_in_error", "sign_in_done"):
        st.session_state.pop(key, None)


def wrong(failed: str, why: str, next_step: str) -> NoReturn:
    """Run the page again, to tell why a form was not sent in place of what was said before; what was typed stays."""
    st.session_state["sign_in_error"] = SignInError(failed, why, next_step)
    st.session_state.pop("sign_in_done", None)
    st.rerun()
