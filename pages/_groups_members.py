"""The members of one group: pages of them, adding some, removing some."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from pages._acting import carried_out
from pages._asking import ask, hindrance, show_call
from pages._frames import visible
from pages._groups_add import show_add
from pages._groups_changes import Direction, show_failures, tell_changes
from pages._reading import amount, show_reading
from pages._ui import caption, plain, show_error
from services.audit import because
from services.directory import Directory
from services.errors import GatehouseError
from services.group_members import GroupMembers, MembersPage
from services.page_tokens import PageTokens
from services.people import Person
from services.permissions import Operator, Permission

KEY = "group_members"
SIZES = (10, 25, 50)


@dataclass(slots=True)
class View:
    """Which page of which group this tab looks at.

    Attributes:
        asked: the operator's `sub`, the group and the page size; another question starts at page 1.
        tokens: the tokens that led here.
        before: how many members the earlier pages showed.
        shown: the page; None until it is read.
        readings: how many pages were read. Each has a table of its own: what is ticked in one is never ticked in the
            next, where somebody else stands in that row.
    """

    asked: tuple[str, str, int]
    tokens: PageTokens = field(default_factory=PageTokens)
    before: tuple[int, ...] = ()
    shown: MembersPage | None = None
    readings: int = 0

    def show(self, page: MembersPage) -> MembersPage:
        """Show a page that was just read, and return it."""
        self.shown, self.readings = page, self.readings + 1
        return page

    def forward(self) -> None:
        """Go to the next page."""
        if self.shown and self.shown.next_token:
            self.before = (*self.before, len(self.shown.people))
            self.tokens, self.shown = self.tokens.forward(self.shown.next_token), None

    def back(self) -> None:
        """Go to the page before."""
        self.tokens, self.before, self.shown = self.tokens.back(), self.before[:-1], None

    def again(self) -> None:
        """Read from page 1: after a change, the old tokens may skip or repeat somebody."""
        self.tokens, self.before, self.shown = PageTokens(), (), None

    def count(self) -> str:
        """How many members there are, as far as is known: Cognito gives no total."""
        if self.shown is None:
            return ""
        seen = sum(self.before) + len(self.shown.people)
        if self.shown.next_token is None:
            return amount(seen, "member", "members")
        return f"{seen} members so far, more follow; Cognito tells no total before the last page"


def show_members(members: GroupMembers, directory: Directory, operator: Operator, group: str) -> None:
    """The members, page by page, and what can be done with them."""
    st.subheader("Members", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = st.selectbox("Rows", SIZES, index=1, key="groups_rows", bind="query-params", width=90)
        held = _view(operator.sub, group, size)
        st.button("Reload", icon=":material/refresh:", key="group_members_reload", on_click=held.again)
        hindered = hindrance(operator, Permission.CHANGE_GROUPS)
        if st.button(
            "Add people",
            icon=":material/person_add:",
            key="group_add",
            type="primary",
            disabled=bool(hindered),
            help=plain(hindered) or None,
        ):
            show_add(members, directory, operator, group, held.again)
    show_failures(group)
    page = held.shown
    if page is None:
        try:
            with st.spinner("Reading members"):
                page = held.show(members.page(operator, group, size, held.tokens.current))
        except GatehouseError as error:
            show_error(error)
            if held.tokens.number > 1:
                st.button("Start again at page 1", key="group_members_start_again", on_click=held.again)
            return
    if page.people:
        with st.container(key="group_members_table"):
            chosen = _table(page.people, held.readings)
        _show_remove(members, operator, group, chosen, held)
    elif held.tokens.number == 1:
        caption(f"Nobody is in {group} yet. Add people to it.")
    else:
        caption("There are no members on this page.")
    _show_paging(held, page)
    show_reading(page.reading, operator.username, f"Page {held.tokens.number}", held.count())


def _view(sub: str, group: str, size: int) -> View:
    held = st.session_state.get(KEY)
    if not isinstance(held, View) or held.asked != (sub, group, size):
        held = st.session_state[KEY] = View((sub, group, size))
    return held


def _table(people: Sequence[Person], reading: int) -> list[Person]:
    """The members of this page; returns those that are ticked."""
    frame = visible(
        pd.DataFrame(
            {
                "username": pd.Series([who.username for who in people], dtype="str"),
                "email": pd.Series([who.email or None for who in people], dtype="str"),
                "state": pd.Series([str(who.state) for who in people], dtype="str"),
                "created": pd.Series([who.created for who in people], dtype="datetime64[us, UTC]"),
            }
        )
    )
    event = st.dataframe(
        frame,
        key=f"group_members_page_{reading}",
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        placeholder="–",
        alt="Members of the group, one page",
        column_config={
            "username": st.column_config.TextColumn("User name"),
            "email": st.column_config.TextColumn("E-mail"),
            "state": st.column_config.TextColumn("State"),
            "created": st.column_config.DatetimeColumn("Created", format="localized"),
        },
    )
    return [people[row] for row in event.selection.rows if row < len(people)]


def _show_remove(members: GroupMembers, operator: Operator, group: str, chosen: Sequence[Person], held: View) -> None:
    """The button that takes the ticked people out."""
    if hindrance(operator, Permission.CHANGE_GROUPS):
        return  # it is told above the table, beside the button that adds
    if not chosen:
        caption("Tick people to remove them from the group.")
        return
    asked, drawn = ask(operator, "group.remove", "group_remove", number=len(chosen)), held.shown

    def remove() -> None:
        if held.shown is not drawn:
            return  # a second click, after the first was carried out
        with because(asked.reason):
            outcome = members.remove(operator, group, chosen, asked.typed)
        tell_changes(members, operator, group, Direction.REMOVED, outcome, asked=asked, again=held.again)
        held.again()

    who = chosen[0].username if len(chosen) == 1 else f"{len(chosen)} people"
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            plain(f"Remove {who} from {group}"),
            icon=":material/person_remove:",
            key="group_remove",
            disabled=not asked.ready,
        ):
            carried_out(remove)
            st.rerun()
        show_call("group.remove", group, "group_remove", user=chosen[0].username)


def _show_paging(held: View, page: MembersPage) -> None:
    if held.tokens.number == 1 and page.next_token is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            key="group_members_previous",
            disabled=held.tokens.number == 1,
            on_click=held.back,
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            key="group_members_next",
            disabled=page.next_token is None,
            on_click=held.forward,
        )
