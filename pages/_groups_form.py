"""The fields of a group, for making one and for changing one."""

import streamlit as st

from services.group_values import HIGHEST_PRECEDENCE, LONGEST_DESCRIPTION, Group, GroupDraft

TO_BE_TYPED = {"description": "<description>", "precedence": "<precedence>", "role": "<role>"}
"""Stands in the call that is shown for what is not typed yet."""


def draft_fields(present: Group | None = None) -> GroupDraft:
    """The fields besides the name, filled with what the group has at present."""
    said = present.description if present else ""
    # A field of one line would take the breaks away unseen, and saving would take them from the group.
    field = st.text_area if "\n" in said else st.text_input
    description = field("Description", value=said, max_chars=LONGEST_DESCRIPTION, key="group_description") or ""
    if present:
        # Handed over as its value, a number could not be emptied again.
        st.session_state.setdefault("group_precedence", present.precedence)
    precedence = st.number_input(
        "Precedence",
        min_value=0,
        max_value=HIGHEST_PRECEDENCE,
        step=1,
        value=None,
        placeholder="none",
        key="group_precedence",
        help="0 is the strongest. It decides whose role is preferred for members of several groups;"
        " leave it empty for none.",
    )
    role = st.text_input(
        "IAM role",
        value=present.role_arn if present else "",
        placeholder="arn:aws:iam::123456789012:role/name",
        key="group_role",
        help="Members can take this role through the identity pool. Leave it empty for none.",
    )
    return GroupDraft(description.strip(), precedence, role.strip())
