"""What a run came to, in lines; and before any run, what schema and settings say by themselves."""

import streamlit as st

from pages._matrix_findings import show_findings
from pages._matrix_state import Matrix
from pages._reading import amount, local
from pages._ui import badge, caption, plain
from services.authorization.agreed.assessment import Exit
from services.authorization.agreed.traps import as_findings
from services.authorization.examination import Concluded, Prepared
from services.permissions import Operator

_COLORS = {Exit.AGREED: ("green", "="), Exit.DISAGREEMENT: ("red", "≠"), Exit.NO_VERDICT: ("gray", "?")}


def show_summary(concluded: Concluded) -> None:
    """The verdict of the run, its figures, and what it covered."""
    record, assessment = concluded.record, concluded.record.assessment
    color, sign = _COLORS.get(assessment.exit, ("gray", "?"))
    badge(f"{sign} {assessment.words}", color)
    facts = [
        record.suite,
        amount(len(record.operations), "operation", "operations"),
        amount(len(record.identities), "identity", "identities"),
        f"{concluded.result.wall_ms / 1000:.1f} s",
        f"run {local(record.started_at):%H:%M:%S} by {record.operator}",
    ]
    if concluded.coverage:
        facts.insert(3, f"covered {concluded.coverage.words}")
    if record.cancelled:
        facts.append("cancelled before its end")
    st.caption(plain(" · ".join(facts)), help=f"{record.started_at:%Y-%m-%d %H:%M:%S} UTC")
    if not record.has_baseline:
        caption("There is no baseline yet, so every cell that is let in is a finding. Accept what should be so.")
    _show_unread(concluded.prepared)
    left = [each for each in concluded.removals if not each.proven]
    for removal in left:
        badge(f"A stand-in is not proven to be removed: {removal.why}", "red", ":material/warning:")


def show_before(here: Matrix, operator: Operator) -> None:
    """What is known before any call."""
    prepared = here.prepared
    if prepared is None:
        return
    baseline = len(prepared.baseline.agreed.cells)
    caption(
        f"{amount(len(prepared.operations), 'operation', 'operations')} · {amount(baseline, 'cell', 'cells')} agreed on"
        " · nothing was run yet"
    )
    _show_unread(prepared)
    st.subheader("Found without a call", anchor=False)
    show_findings(here, as_findings(prepared.static), operator)


def _show_unread(prepared: Prepared) -> None:
    for unread in prepared.declared.unread:
        caption(unread.reason.words)
