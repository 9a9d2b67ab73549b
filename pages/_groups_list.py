"""The list of groups, what is odd about it, and the dialog that makes one."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages._acting import close_with
from pages._app import still_signed_in
from pages._asking import ask, hindrance, show_call
from pages._frames import height_of, visible
from pages._groups_form import TO_BE_TYPED, draft_fields
from pages._news import tell
from pages._reading import amount, forget, kept, show_reading
from pages._ui import SEARCH_WIDTH, caption, plain, show_error
from services.audit import because
from services.errors import GatehouseError
from services.group_values import LONGEST_NAME, Group, ties
from services.groups import Groups
from services.permissions import Operator, Permission

LIST = "groups_list"
TABLE = "groups_table"
MOST_TIES = 3
MOST_NAMES = 6


def show_list(groups: Groups, operator: Operator) -> None:
    """Every group of the pool; a click on one opens it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Find", key="groups_find", type="search", live=True, placeholder="name or description", width=SEARCH_WIDTH
        )
        reload = st.button("Reload", icon=":material/refresh:", key="groups_reload")
        hindered = hindrance(operator, Permission.CHANGE_GROUPS)
        if st.button(
            "Create group",
            icon=":material/add:",
            key="groups_create",
            type="primary",
            disabled=bool(hindered),
            help=plain(hindered) or None,
        ):
            _create(groups, operator)
    if hindered:
        caption(hindered)
    if reload:
        forget(LIST)
    try:
        with st.spinner("Reading groups"):
            read = kept(LIST, operator.sub, lambda: groups.list(operator))
    except GatehouseError as error:
        show_error(error)
        return
    shown = _matching(read.groups, text or "")
    if shown:
        _table(shown)
    elif read.groups:
        caption(f"No group matches “{text}”. Clear the search to see all {len(read.groups)}.")
    else:
        st.subheader("There are no groups yet", anchor=False)
        caption(f"Create the first one. Members of {groups.admin_group} are the operators of this dashboard.")
    _show_ties(read.groups)
    part = f"{len(shown)} of " if len(shown) < len(read.groups) else ""
    facts = [part + amount(len(read.groups), "group", "groups"), *(["click one to open it"] if shown else [])]
    show_reading(read.reading, operator.username, *facts)


def _matching(groups: Sequence[Group], text: str) -> list[Group]:
    wanted = text.strip().casefold()
    return [each for each in groups if wanted in each.name.casefold() or wanted in each.description.casefold()]


def _table(groups: Sequence[Group]) -> None:
    frame = visible(
        pd.DataFrame(
            {
                "name": pd.Series([each.name for each in groups], dtype="str"),
                "precedence": pd.Series([each.precedence for each in groups], dtype="Int64"),
                "description": pd.Series([each.description or None for each in groups], dtype="str"),
                "role": pd.Series([each.role_arn or None for each in groups], dtype="str"),
                "modified": pd.Series([each.modified for each in groups], dtype="datetime64[us, UTC]"),
                "created": pd.Series([each.created for each in groups], dtype="datetime64[us, UTC]"),
            }
        )
    )

    def open_clicked() -> None:
        cells = st.session_state[TABLE].selection.cells
        if cells:
            st.query_params["group"] = groups[cells[0][0]].name

    st.dataframe(
        frame,
        key=TABLE,
        on_select=open_clicked,
        selection_mode="single-cell",
        hide_index=True,
        height=height_of(len(groups)),
        placeholder="–",
        alt="Groups of the user pool",
        column_config={
            "name": st.column_config.TextColumn("Name"),
            "precedence": st.column_config.NumberColumn("Precedence", help="0 is the strongest", width=90),
            "description": st.column_config.TextColumn("Description", width="medium"),
            "role": st.column_config.TextColumn("IAM role", width="medium"),
            "modified": st.column_config.DatetimeColumn("Modified", format="localized"),
            "created": st.column_config.DatetimeColumn("Created", format="localized"),
        },
    )


def _show_ties(groups: Sequence[Group]) -> None:
    """What a shared precedence means for somebody who is in several of these groups."""
    found = ties(groups)
    grave, harmless = [tie for tie in found if tie.roles_differ], [tie for tie in found if not tie.roles_differ]
    for tie in grave[:MOST_TIES]:
        st.warning(
            plain(
                f"{_first(tie.names)} share the precedence {tie.precedence} and name different roles:"
                " the tokens of a member of several carry no cognito:preferred_role."
            ),
            icon=":material/balance:",
        )
    if more := grave[MOST_TIES:]:
        numbers = _first([str(tie.precedence) for tie in more])
        st.warning(f"The same holds of groups of the precedence {numbers}.", icon=":material/balance:")
    for tie in harmless[:MOST_TIES]:
        caption(f"{_first(tie.names)} share the precedence {tie.precedence}.")
    if left := len(harmless[MOST_TIES:]):
        caption(
            f"{amount(left, 'more precedence is', 'more precedences are')} shared, by groups of one role or of none."
        )


def _first(names: Sequence[str]) -> str:
    """The first few of them, and how many more there are."""
    left = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {left} more" if left > 0 else "")


@st.dialog("Create group", icon=":material/add:", width="medium")
@still_signed_in
def _create(groups: Groups, operator: Operator) -> None:
    show_call("group.create", "<name>", "group_create", **TO_BE_TYPED)
    with st.form("group_create", border=False):
        name = st.text_input("Name", key="group_name", max_chars=LONGEST_NAME, help="It can't be changed later.")
        draft = draft_fields()
        asked = ask(operator, "group.create", "group_create", in_form=True)
        if not st.form_submit_button("Create group", key="group_create_submit", type="primary"):
            return

    def create() -> None:
        with because(asked.reason):
            made = groups.create(operator, name.strip(), draft)
        forget(LIST)
        st.query_params["group"] = made.name
        tell(f"The group {made.name} is made. It has no members yet.", lambda: delete_again(made.name), "groups")

    def delete_again(made: str) -> str:
        with because(asked.undoing):
            groups.delete(operator, made, made)
        forget(LIST)
        st.query_params.pop("group", None)
        return f"The group {made} is deleted again."

    close_with(create)
