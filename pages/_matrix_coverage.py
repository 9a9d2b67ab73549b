"""What of the schema, and which identities, a run has given evidence about, and what it hasn't."""

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._ui import caption
from services.authorization.examination import Concluded
from services.authorization.suite.coverage import Coverage, roots_of


def show_coverage(concluded: Concluded) -> None:
    """One row for each operation of the schema and each identity: what asks for it, and whether anything is proven."""
    covered = concluded.coverage
    if covered is None:
        caption("The schema could not be read, so nothing can be said about what the run has covered.")
        return
    rows = [*_operations(covered, concluded), *_identities(covered, concluded)]
    caption(f"Evidence about {covered.words}.")
    st.dataframe(
        visible(pd.DataFrame(rows, columns=["what", "name", "evidence", "by", "as"])),
        key="matrix_coverage",
        hide_index=True,
        placeholder="–",
        column_order=("what", "name", "evidence", "as", "by"),
        alt="What the run has given evidence about",
        column_config={
            "what": st.column_config.TextColumn("What", width=100),
            "name": st.column_config.TextColumn("Name", width="medium"),
            "evidence": st.column_config.TextColumn("Evidence", width=290),
            "by": st.column_config.TextColumn("By operation", width="medium"),
            "as": st.column_config.NumberColumn("Identities", width=90, help="How many have a proven cell of it"),
        },
    )


Row = tuple[str, str, str, str | None, int | None]


def _operations(covered: Coverage, concluded: Concluded) -> list[Row]:
    asking: dict[str, list[str]] = {}
    for operation in concluded.prepared.operations:
        for root in roots_of(operation):
            asking.setdefault(root, []).append(operation.id)
    proven = [cell for cell, held in concluded.record.cells.items() if held.seen.verdict.outcome.is_evidence]
    rows: list[Row] = []
    for name in sorted(covered.operations, key=lambda each: (each in covered.covered_operations, each)):
        by = asking.get(name, [])
        identities = len({cell.identity for cell in proven if cell.operation in by})
        rows.append(("operation", name, _why(name, covered, asked=bool(by)), ", ".join(by) or None, identities))
    none = "? none: the lab sends over HTTP"
    return rows + [("subscription", name, none, None, None) for name in covered.subscriptions]


def _why(name: str, covered: Coverage, *, asked: bool) -> str:
    if name in covered.covered_operations:
        return "✓ yes"
    if not asked:
        return "? none: no operation of the suite asks for it"
    if name in covered.mutations_never_run:
        return "? none: never sent, or no answer proved anything; see its safety level in the suite"
    return "? none: no answer proved anything"


def _identities(covered: Coverage, concluded: Concluded) -> list[Row]:
    labels = {caller.id: caller.label for caller in concluded.callers}
    names = sorted(covered.identities, key=lambda each: (each in covered.covered_identities, each))
    return [
        (
            "identity",
            labels.get(name, name),
            "✓ yes" if name in covered.covered_identities else "? none in any cell",
            None,
            None,
        )
        for name in names
    ]
