"""Where the Users page stands: the page of rows that is shown, and the tokens that led to it."""

from dataclasses import dataclass, field

import streamlit as st

from services.legible import legible
from services.page_tokens import PageTokens
from services.reading import Reading
from services.users_answer import UsersPage
from services.users_api import Mode

KEY = "users_view"
MODES = {
    Mode.ID_TOKEN: "Me · ID token",
    Mode.ACCESS_TOKEN: "Me · access token",
    Mode.GUEST: "Guest · IAM",
    Mode.SIGNED_IN: "Me · IAM",
    Mode.API_KEY: "API key",
}


@dataclass(slots=True)
class View:
    """What this tab looks at.

    Attributes:
        asked: the operator's `sub`, the mode and the page size; another question starts at page 1.
        tokens: the tokens that led here.
        shown: the page and how it was read; None until it is read.
    """

    asked: tuple[str, Mode, int]
    tokens: PageTokens = field(default_factory=PageTokens)
    shown: tuple[UsersPage, Reading] | None = None

    def turn(self, tokens: PageTokens) -> None:
        """Go to another page; it is read on the next run."""
        self.tokens, self.shown = tokens, None


def view(sub: str, mode: Mode, size: int) -> View:
    """This tab's view, a fresh one when somebody else asks or something else is asked."""
    held = st.session_state.get(KEY)
    if not isinstance(held, View) or held.asked != (sub, mode, size):
        held = st.session_state[KEY] = View((sub, mode, size))
    return held


def show_paging(held: View, next_token: str | None) -> None:
    """The buttons to the neighbouring pages."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            key="users_previous",
            disabled=held.tokens.number == 1,
            on_click=held.turn,
            args=(held.tokens.back(),),
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            key="users_next",
            type="primary",
            disabled=next_token is None,
            on_click=held.turn,
            args=(held.tokens.forward(next_token),) if next_token else (held.tokens,),
        )
        st.text(legible(f"Page {held.tokens.number}"))
        show_start_again(held)


def show_start_again(held: View) -> None:
    """The way back to page 1, from any other."""
    if held.tokens.number > 1:
        st.button("Start again at page 1", key="users_start_again", on_click=held.turn, args=(PageTokens(),))
