"""One group: what it says, and the dialogs that change or delete it."""

from collections.abc import Sequence

import streamlit as st

from pages._acting import carried_out, close_with
from pages._app import still_signed_in
from pages._asking import ask, hindrance, show_call
from pages._groups_form import TO_BE_TYPED, draft_fields
from pages._groups_list import LIST
from pages._news import tell
from pages._reading import forget, kept, local
from pages._ui import caption, page_header, plain, show_error
from services.audit import because
from services.errors import GatehouseError
from services.group_values import Group
from services.group_values import kept as kept_values
from services.groups import Groups
from services.legible import legible
from services.permissions import Operator, Permission


def back_to_list() -> None:
    """Leave the group's own address."""
    st.query_params.pop("group", None)


def show_group(groups: Groups, operator: Operator, name: str) -> bool:
    """The group's facts and its acts; False when there is no group of that name to show."""
    st.button("All groups", icon=":material/arrow_back:", key="groups_back", type="tertiary", on_click=back_to_list)
    page_header(plain(name), ":material/groups:")
    try:
        with st.spinner("Reading the group"):
            read = kept(LIST, operator.sub, lambda: groups.list(operator))
    except GatehouseError as error:
        show_error(error)
        return False
    found = next((each for each in read.groups if each.name == name), None)
    if found is None:
        st.text("There is no group of this name in the pool. It may have been deleted, or the address is mistyped.")
        return False
    _facts(found)
    hindered = hindrance(operator, Permission.CHANGE_GROUPS)
    with st.container(horizontal=True):
        # Read anew first: saving sends every value, and an old one would undo somebody else's change.
        if st.button(
            "Edit group",
            icon=":material/edit:",
            key="group_edit",
            on_click=forget,
            args=(LIST,),
            disabled=bool(hindered),
            help=plain(hindered) or None,
        ):
            _edit(groups, operator, found)
        if st.button(
            "Delete group",
            icon=":material/delete:",
            key="group_delete",
            disabled=bool(hindered or found.name == groups.admin_group),
            help=plain(hindered)
            or ("The admin group can't be deleted here." if found.name == groups.admin_group else None),
        ):
            _delete(groups, operator, found)
    if hindered:
        caption(hindered)
    return True


def _facts(group: Group) -> None:
    st.text(legible(group.description) or "No description")
    with st.container(horizontal=True, gap="medium"):
        _fact("Precedence", "none" if group.precedence is None else str(group.precedence))
        _fact("Created", f"{local(group.created):%Y-%m-%d %H:%M}", f"{group.created:%Y-%m-%d %H:%M:%S %Z}")
        _fact("Modified", f"{local(group.modified):%Y-%m-%d %H:%M}", f"{group.modified:%Y-%m-%d %H:%M:%S %Z}")
    st.caption("IAM role")
    if group.role_arn:
        st.code(legible(group.role_arn), language=None, wrap_lines=True)
    else:
        st.text("none")


def _fact(label: str, value: str, more: str | None = None) -> None:
    with st.container(width="content", gap=None):
        st.caption(label)
        st.text(legible(value), help=more)


@st.dialog("Edit group", icon=":material/edit:", width="medium")
@still_signed_in
def _edit(groups: Groups, operator: Operator, group: Group) -> None:
    st.text(legible(group.name))
    show_call("group.update", group.name, "group_edit", **TO_BE_TYPED)
    with st.form("group_edit_form", border=False):
        draft = draft_fields(group)
        asked = ask(operator, "group.update", "group_edit", in_form=True)
        if not st.form_submit_button("Save group", key="group_edit_submit", type="primary"):
            return

    def save() -> Sequence[str]:
        with because(asked.reason):
            left = kept_values(draft, groups.update(operator, group.name, draft))
        forget(LIST)
        if not left:
            tell(f"The group {group.name} is saved. Tokens show it from the next sign-in on.", undo, "groups")
        return left

    def undo() -> str:
        with because(asked.undoing):
            left = kept_values(group.draft, groups.update(operator, group.name, group.draft))
        forget(LIST)
        but = f", but Cognito keeps {' and '.join(left)}" if left else ""
        return f"The group {group.name} is as it was before{but}."

    try:
        left = carried_out(save)
    except GatehouseError as error:
        show_error(error)
        return
    if left:
        st.warning(
            plain(
                f"The rest is saved, but Cognito keeps {' and '.join(left)}: it has no way to take that from a group."
                " To be rid of it, delete the group and make it anew."
            )
        )
        return
    st.rerun()


@st.dialog("Delete group", icon=":material/delete:", width="medium")
@still_signed_in
def _delete(groups: Groups, operator: Operator, group: Group) -> None:
    asked = ask(operator, "group.delete", "group_delete", name=group.name)
    st.code(legible(group.name), language=None, wrap_lines=True)
    show_call("group.delete", group.name, "group_delete")
    if not st.button(
        plain(f"Delete {group.name}"), key="group_delete_submit", type="primary", disabled=not asked.ready
    ):
        return

    def delete() -> None:
        with because(asked.reason):
            groups.delete(operator, group.name, asked.typed)
        forget(LIST)
        back_to_list()
        tell(f"The group {group.name} is deleted.")

    close_with(delete)
