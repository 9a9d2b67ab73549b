"""Adding people to a group: find them, choose some, and read what came of each."""

from collections.abc import Callable

import streamlit as st

from pages._acting import carried_out
from pages._app import still_signed_in
from pages._asking import ask, show_call
from pages._groups_changes import Direction, tell_changes
from pages._ui import caption, plain, show_error
from services.audit import because
from services.directory import Directory
from services.errors import GatehouseError
from services.group_members import GroupMembers
from services.people import Person
from services.permissions import Operator

MOST_OFFERED = 20


@st.dialog("Add people", icon=":material/person_add:", width="medium")
@still_signed_in
def show_add(
    members: GroupMembers, directory: Directory, operator: Operator, group: str, changed: Callable[[], None]
) -> None:
    """Find people by the beginning of a user name or e-mail address, and add the chosen ones."""
    caption(f"To the group {group}. They get it in their tokens at their next sign-in.")
    text = st.text_input(
        "Find people",
        key="group_add_find",
        type="search",
        live="400ms",
        placeholder="beginning of a user name or e-mail",
    )
    try:
        found = directory.find(operator, text or "")
    except GatehouseError as error:
        show_error(error)
        return
    offered = found.people[:MOST_OFFERED]
    if not offered:
        caption(f"No user name or e-mail begins with “{text}”.")
        return
    by_name = {who.username: who for who in offered}
    # The key holds the text: a new search starts with nobody chosen, so that nobody unseen is added.
    chosen = st.pills(
        "Choose",
        list(by_name),
        selection_mode="multi",
        format_func=lambda name: plain(_label(by_name[name])),
        key=f"group_add_chosen_{text}",
        wrap=True,
    )
    if found.more or len(found.people) > MOST_OFFERED:
        caption(f"Only the first {len(offered)} are shown. Type more of the name.")
    asked = ask(operator, "group.add", "group_add", number=len(chosen))
    who = chosen[0] if len(chosen) == 1 else f"{len(chosen)} people"
    if st.button(
        plain(f"Add {who} to {group}") if chosen else "Choose whom to add",
        key="group_add_submit",
        type="primary",
        disabled=not (chosen and asked.ready),
    ):

        def add() -> None:
            with because(asked.reason):
                outcome = members.add(operator, group, [by_name[name] for name in chosen], asked.typed)
            tell_changes(members, operator, group, Direction.ADDED, outcome, asked=asked, again=changed)
            changed()

        carried_out(add)
        st.rerun()
    if chosen:
        show_call("group.add", group, "group_add", user=chosen[0])


def _label(who: Person) -> str:
    return f"{who.username} · {who.email}" if who.email else who.username
