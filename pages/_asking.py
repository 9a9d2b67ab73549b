"""What stands between the wish and the act: whether it may be done, its effects, a reason, a name or a number."""

from dataclasses import dataclass

import streamlit as st

from pages import _app
from pages._ui import plain
from services.act_calls import call_of
from services.acts import ACTS, MANY, Step
from services.legible import legible
from services.permissions import Operator, Permission, may

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator answered.

    Attributes:
        reason: theirs; empty where none was asked for.
        typed: the name or the number; empty where neither was asked for.
        ready: whether everything that was asked for is there.
    """

    reason: str
    typed: str
    ready: bool

    @property
    def undoing(self) -> str:
        """The reason for taking the act back."""
        return f"Undone: {self.reason}" if self.reason else "Undone"


def hindrance(operator: Operator, permission: Permission) -> str:
    """Why an act's button is disabled for this operator here; empty when it isn't."""
    if not may(operator, permission):
        return f"It takes the role admin, and yours is {operator.role}: you can look at everything and change nothing."
    if operator.place.read_only:
        return f"The environment {operator.place.name} is read-only: nothing can be changed here."
    return ""


def ask(operator: Operator, act: str, key: str, *, name: str = "", number: int = 1, in_form: bool = False) -> Asked:
    """The effects of an act and the questions that it takes before it is done, as far as it takes any.

    Args:
        operator: who acts, and in which environment: production always asks for a reason.
        act: which act, as `services.acts` knows it.
        key: begins the keys of the fields.
        name: what has to be typed where the act can't be taken back: the group's name.
        number: how many people it is about.
        in_form: it stands in a form, which sends what was typed with its own button.
    """
    step = ACTS[act].step
    hard = step in {Step.REASON, Step.TYPED}
    if hard:
        st.markdown("\n".join(f"- {plain(effect)}" for effect in ACTS[act].effects))
    reason = typed = ""
    missing = False
    if hard or operator.place.production:
        reason = (
            st.text_input(
                "Reason",
                key=f"{key}_reason",
                live=not in_form,
                max_chars=LONGEST_REASON,
                autocomplete="off",
                help="It is kept in the record of acts.",
            )
            or ""
        ).strip()
        missing = not reason
    wanted = name if step is Step.TYPED else str(number) if number >= MANY else ""
    if wanted:
        label = (
            "Type the group's name to confirm"
            if step is Step.TYPED
            else f"Type {number}, the number of people, to confirm"
        )
        typed = st.text_input(label, key=f"{key}_typed", live=not in_form, autocomplete="off") or ""
        missing = missing or typed.strip() != wanted
    return Asked(reason, typed.strip(), not missing)


def show_call(act: str, target: str, key: str, **detail: object) -> None:
    """A button that shows the call to AWS that an act makes, before it is made: for the API and for the AWS CLI."""
    call = call_of(act, _app.environment(), target, detail)
    if call is None:
        return
    with st.popover("Show the call", icon=":material/terminal:", type="tertiary", key=f"{key}_call"):
        st.caption("AWS CLI")
        st.code(legible(call.command), language="bash", wrap_lines=True)
        st.caption("API")
        st.code(legible(call.request), language=None, wrap_lines=True)
