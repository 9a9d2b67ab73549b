"""Setting a password: typed or generated, checked against the pool's policy while it is typed, then gone."""

from functools import partial

import streamlit as st

from pages._acting import carried_out
from pages._app import still_signed_in
from pages._asking import Asked, ask, hindrance, show_call
from pages._passwords_find import FOUND
from pages._reading import forget
from pages._ui import caption, plain, show_error
from services.audit import because
from services.errors import GatehouseError
from services.password_policy import PasswordPolicy, generate
from services.passwords import Passwords
from services.people import Person
from services.permissions import Operator, Permission
from services.secret import Secret
from services.user_states import State

OUTCOME = "passwords_outcome"
PERMANENT, TEMPORARY = "Permanent", "Temporary"
_TURN = "passwords_turn"


@st.fragment
@still_signed_in
def show_set_password(passwords: Passwords, operator: Operator, person: Person, policy: PasswordPolicy) -> None:
    """The field, its checklist and the button. Only this part is drawn anew while somebody types."""
    st.subheader("Set a password", anchor=False)
    if person.standing.no_setting:
        caption(person.standing.no_setting)
        return
    # Each password that is set is followed by fields of their own, which are empty.
    turn = f"{person.sub}_{st.session_state.setdefault(_TURN, 0)}"
    field, shown = f"passwords_new_{turn}", f"passwords_shown_{turn}"
    hindered = hindrance(operator, Permission.SET_PASSWORDS)
    if hindered:
        caption(hindered)
    kind = st.segmented_control("Kind", [PERMANENT, TEMPORARY], default=PERMANENT, required=True, key="passwords_kind")
    caption(_meaning(kind, policy))
    if operator.sub == person.sub:
        st.warning("It is your own account.", icon=":material/person_alert:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "New password",
            type="password",
            key=field,
            live=True,
            max_chars=256,
            autocomplete="new-password",
            on_change=_hide,
            args=(shown,),
            disabled=bool(hindered),
        )
        st.button(
            "Generate",
            icon=":material/casino:",
            key="passwords_generate",
            on_click=_fill,
            args=(field, shown, policy),
            disabled=bool(hindered),
        )
    password = Secret(st.session_state[field] or "")
    if password and st.session_state.get(shown):
        st.code(password.reveal(), language=None)
        caption("Copy it now: once it is set, nobody can read it again.")
    rules = policy.rules(password)
    with st.container(gap=None, key="passwords_checklist"):
        for rule in rules:
            sign = ":green[:material/check_circle:]" if rule.met else ":gray[:material/radio_button_unchecked:]"
            st.markdown(f"{sign} {plain(rule.words)}")
    if policy.history:
        caption(f"Not one of this user's last {policy.history} passwords: only Cognito can check that, when it is set.")
    permanent = kind == PERMANENT
    asked = Asked("", "", ready=False) if hindered else ask(operator, "password.set", f"passwords_set_{turn}")
    with st.container(horizontal=True, vertical_alignment="center"):
        ready = asked.ready and all(rule.met for rule in rules)
        pressed = st.button(
            plain(f"Set {kind.lower()} password for {person.username}"),
            key="passwords_set",
            type="primary",
            disabled=not ready,
            help=plain(hindered) or None,
        )
        if pressed and ready:
            carried_out(partial(_set, passwords, operator, person, password, asked.reason, permanent=permanent))
            st.rerun()
        show_call("password.set", person.username, "passwords_set", permanent=permanent)


def show_outcome(person: Person) -> None:
    """What came of the last act on this person's password; stays until the next act or another person."""
    who, outcome = st.session_state.get(OUTCOME, ("", ""))
    if who != person.sub:
        st.session_state.pop(OUTCOME, None)
    elif isinstance(outcome, GatehouseError):
        show_error(outcome)
    elif outcome:
        st.success(plain(outcome), icon=":material/check:")


def _meaning(kind: str, policy: PasswordPolicy) -> str:
    if kind == PERMANENT:
        return "It counts from the next sign-in on, until somebody changes it."
    days = "1 day" if policy.temporary_days == 1 else f"{policy.temporary_days} days"
    return f"It opens one sign-in within {days}, at which the user must choose another."


def _fill(field: str, shown: str, policy: PasswordPolicy) -> None:
    st.session_state[field] = generate(policy).reveal()
    st.session_state[shown] = True


def _hide(shown: str) -> None:
    """A typed password is not shown: only a generated one has to be read."""
    st.session_state.pop(shown, None)


def _set(
    passwords: Passwords, operator: Operator, person: Person, password: Secret, reason: str, *, permanent: bool
) -> None:
    try:
        with because(reason):
            passwords.set(operator, person, password, permanent=permanent)
    except GatehouseError as error:
        st.session_state[OUTCOME] = (person.sub, error)
        return
    kind, state = ("Permanent", State.ACTIVE) if permanent else ("Temporary", State.MUST_CHANGE)
    state = state if person.enabled else State.DISABLED
    told = f"{kind} password set for {person.username}; state is now {state}. It can't be read again."
    st.session_state[OUTCOME] = (person.sub, told)
    st.session_state[_TURN] += 1
    forget(FOUND)
