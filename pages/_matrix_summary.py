"""What a run came to, in lines."""

import streamlit as st

from pages._matrix_open import opened
from pages._matrix_state import Matrix
from pages._reading import amount, local
from pages._ui import badge, caption, plain
from services.authorization.agreed.assessment import Exit
from services.authorization.examination import Concluded, Prepared
from services.authorization.examining import Wanted
from services.authorization.reports.record import RunRecord
from services.legible import legible

_COLORS = {Exit.AGREED: ("green", "="), Exit.DISAGREEMENT: ("red", "≠"), Exit.NO_VERDICT: ("gray", "?")}


def show_summary(here: Matrix, concluded: Concluded, wanted: Wanted | None) -> None:
    """The verdict of the run, its figures, and what it covered.

    Args:
        here: the page's state.
        concluded: the run.
        wanted: what the next one would be asked for; None while that is open.
    """
    record = concluded.record
    show_verdict(record)
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
    if wanted and (wanted.person, bool(wanted.me)) != (here.wanted.person, bool(here.wanted.me)):
        badge("The columns have changed since this run. Run all again.", "orange", ":material/history:")
    if (cell := opened()) and cell not in record.cells:
        caption(f"The address names the cell {cell}, which this run doesn't have.")
    if not record.has_baseline:
        caption("There is no baseline yet, so every cell that is let in is a finding. Accept what should be so.")
    show_unread(concluded.prepared)
    left = [each for each in concluded.removals if not each.proven]
    for removal in left:
        badge(f"A stand-in is not proven to be removed: {removal.why}", "red", ":material/warning:")


def show_verdict(record: RunRecord) -> None:
    """What the run comes to, and what of it no cell of the grid shows."""
    assessment = record.assessment
    color, sign = _COLORS.get(assessment.exit, ("gray", "?"))
    badge(f"{sign} {assessment.words}", color)
    for finding in record.of_run():
        if finding.disagrees:
            st.text(legible(f"≠ {finding.title}. {finding.words}"))


def show_unread(prepared: Prepared) -> None:
    """What of schema, settings and policies could not be read, and so isn't predicted."""
    for unread in prepared.declared.unread:
        badge(unread.reason.words, "orange", ":material/warning:")
