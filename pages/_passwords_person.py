"""One person: the state in words, what it means for a sign-in, and where to go from there."""

from typing import Literal

import streamlit as st

from pages._ui import plain
from services.legible import legible
from services.people import Person
from services.user_states import State

Colour = Literal["green", "orange", "gray", "blue"]
_COLOURS: dict[State, Colour] = {State.ACTIVE: "green", State.DISABLED: "gray", State.EXTERNAL: "blue"}


def show_person(person: Person) -> None:
    """The state, the addresses, and how it stands with this person's sign-in."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            person.state,
            color=_COLOURS.get(person.state, "orange"),
            help=plain(f"Cognito: {person.status}{'' if person.enabled else ', disabled'}"),
        )
        st.text(legible(" · ".join(_addresses(person))) or "No e-mail address and no phone number")
    st.markdown(f"**At the next sign-in:** {plain(person.standing.sign_in)}")
    st.markdown(f"**Next step:** {plain(person.standing.next_step)}")
    st.page_link(
        "matrix.py",
        label=plain(f"Test as {person.username}"),
        icon=":material/grid_on:",
        query_params={"matrix_person": person.username},
        help="What somebody with the same groups gets of each operation, by a stand-in that is removed again.",
    )
    if person.state is State.DISABLED:
        st.caption(plain(f"Once enabled, the state would be {person.status}."))


def _addresses(person: Person) -> list[str]:
    known = ((person.email, person.email_verified), (person.phone, person.phone_verified))
    return [f"{address} ({'verified' if verified else 'not verified'})" for address, verified in known if address]
