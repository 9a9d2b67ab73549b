"""What came of a change to a group's members, person by person, and the way to take it back."""

from collections.abc import Callable, Sequence
from enum import StrEnum

import streamlit as st

from pages._asking import Asked
from pages._news import tell
from pages._ui import show_error
from services.audit import because
from services.errors import GatehouseError
from services.group_members import Change, GroupMembers
from services.permissions import Operator

_FAILURES = "group_failures"


class Direction(StrEnum):
    """Which way people went, as it stands before the group's name."""

    ADDED = "added to"
    REMOVED = "removed from"


def tell_changes(
    members: GroupMembers,
    operator: Operator,
    group: str,
    direction: Direction,
    changes: Sequence[Change],
    *,
    asked: Asked,
    again: Callable[[], None],
) -> None:
    """Have the next run tell whom the change reached, offer to take it back, and show what failed.

    Args:
        members: the memberships.
        operator: who acted.
        group: the group.
        direction: which way people went.
        changes: what came of each.
        asked: what the operator answered before it.
        again: has the members read anew.
    """
    st.session_state[_FAILURES] = (group, tuple(change.error for change in changes if change.error))
    done = [change.username for change in changes if change.error is None]
    moved = [change.person for change in changes if change.changed]
    if not done:
        return
    back = members.remove if direction is Direction.ADDED else members.add
    opposite = Direction.REMOVED if direction is Direction.ADDED else Direction.ADDED

    def undo() -> str:
        with because(asked.undoing):
            outcome = back(operator, group, moved, asked.typed and str(len(moved)))
        again()
        st.session_state[_FAILURES] = (group, tuple(change.error for change in outcome if change.error))
        returned = [change.username for change in outcome if change.error is None]
        return f"Undone: {', '.join(returned) or 'nobody'} {opposite} {group}."

    tell(f"{', '.join(done)} {direction} {group}.", undo if moved else None, "groups")


def show_failures(group: str) -> None:
    """What failed of the last change to this group's members; told once."""
    told: tuple[str, tuple[GatehouseError, ...]] | None = st.session_state.get(_FAILURES)
    if told and told[0] == group:
        for error in told[1]:
            show_error(error)
    st.session_state.pop(_FAILURES, None)
