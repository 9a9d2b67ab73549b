"""What was declared, agreed and observed of one cell, each with who or what says so; a disagreement comes first."""

from collections.abc import Sequence

import streamlit as st

from pages._outcomes import badge as outcome_badge
from pages._ui import badge, caption, plain
from services.authorization.cells import CellId, Reason
from services.authorization.reports.record import CellRecord, RunRecord
from services.legible import legible


def show_badges(record: RunRecord, cell: CellId) -> None:
    """What the cell showed at a glance, whether it is as agreed, and why it is what it is."""
    seen = record.cells[cell].seen
    with st.container(horizontal=True, gap="small"):
        outcome_badge(seen.verdict.outcome)
        if seen.status:
            st.badge(f"HTTP {seen.status}", color="gray")
        if seen.error_type:
            badge(seen.error_type, "gray")
        if seen.milliseconds is not None:
            st.badge(f"{seen.milliseconds:.0f} ms", color="gray")
        if seen.bytes:
            st.badge(f"{seen.bytes} bytes", color="gray")
        if seen.verdict.outcome.is_evidence:
            differs = record.disagrees(cell)
            badge("≠ disagrees" if differs else "= as agreed", "red" if differs else "green")
    st.text(legible(seen.why))
    if seen.next_step:
        caption(seen.next_step)


def show_disagreements(record: RunRecord, cell: CellId) -> None:
    """What is wrong with the cell, and what to do about it."""
    for finding in record.of_cell(cell):
        if finding.disagrees:
            st.markdown(f"**≠ {plain(finding.title)}**")
            st.text(legible(f"{finding.words}\n{finding.change}"))


def show_layers(held: CellRecord, accepted: str) -> None:
    """The three layers beside each other.

    Args:
        held: the cell.
        accepted: who agreed to it and why; empty where nobody did.
    """
    seen, declared, agreed = st.columns(3)
    with seen:
        st.markdown("**Seen**")
        outcome_badge(held.seen.verdict.outcome)
    with declared:
        st.markdown("**Declared**")
        if held.declared:
            outcome_badge(held.declared.outcome)
        else:
            caption("Nothing was predicted.")
    with agreed:
        st.markdown("**Agreed**")
        if held.agreed:
            outcome_badge(held.agreed.outcome)
            caption(accepted or "In the baseline.")
        elif accepted:
            caption(f"To be refused, since what was accepted has ended: {accepted}")
        else:
            caption("To be refused: the baseline doesn't list this cell.")


def show_links(reasons: Sequence[Reason], group: str = "", person: str = "") -> None:
    """Where to go from here: the groups that decided, and the person behind the column.

    Args:
        reasons: why the cell is declared so.
        group: that the column stands for; empty for none.
        person: whom the column is, or stands in for; empty for nobody.
    """
    named = [*([group] if group else []), *(each for reason in reasons for each in reason.groups)]
    with st.container(horizontal=True):
        for each in dict.fromkeys(named):
            st.page_link(
                "groups.py", label=plain(f"Group {each}"), icon=":material/groups:", query_params={"group": each}
            )
        if person:
            st.page_link(
                "passwords.py", label=plain(f"Who is {person}?"), icon=":material/person:",
                query_params={"user": person},
            )  # fmt: skip


def show_reasons(held: CellRecord) -> None:
    """The lines of schema, settings and policies that the prediction rests on, and the fields that were refused."""
    st.markdown("**Why that is declared**")
    for reason in held.reasons or (Reason("Nothing was predicted for this cell."),):
        st.text(legible(reason.words))
        if reason.line:
            st.code(legible(reason.line.strip()), language=None, wrap_lines=True)
        if reason.place:
            caption(reason.place)
    if held.seen.verdict.refused:
        st.markdown("**Refused fields**")
        st.code(legible("\n".join(sorted(held.seen.verdict.refused))), language=None)
