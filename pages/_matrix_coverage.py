"""What of the schema, and which identities, a run has given evidence about, and what it hasn't."""

import pandas as pd
import streamlit as st

from pages._frames import visible
from pages._ui import caption
from services.authorization.examination import Concluded
from services.authorization.suite.coverage import Coverage


def show_coverage(concluded: Concluded) -> None:
    """One row for each operation of the schema and each identity: whether anything is proven about it."""
    covered = concluded.coverage
    if covered is None:
        caption("The schema could not be read, so nothing can be said about what the run has covered.")
        return
    rows = [*_operations(covered), *_identities(covered, concluded)]
    caption(f"Evidence about {covered.words}.")
    st.dataframe(
        visible(pd.DataFrame(rows, columns=["what", "name", "evidence"])),
        key="matrix_coverage",
        hide_index=True,
        alt="What the run has given evidence about",
        column_config={
            "what": st.column_config.TextColumn("What"),
            "name": st.column_config.TextColumn("Name", width="medium"),
            "evidence": st.column_config.TextColumn("Evidence", width="large"),
        },
    )


def _operations(covered: Coverage) -> list[tuple[str, str, str]]:
    rows = []
    for name in sorted(covered.operations, key=lambda each: (each in covered.covered_operations, each)):
        if name in covered.covered_operations:
            words = "✓ yes"
        elif name in covered.mutations_never_run:
            words = "? none: the mutation was never sent; its safety level in the suite says so"
        else:
            words = "? none: no operation of the suite asks for it, or no answer proved anything"
        rows.append(("operation", name, words))
    rows += [("subscription", name, "? none: the lab sends over HTTP") for name in covered.subscriptions]
    return rows


def _identities(covered: Coverage, concluded: Concluded) -> list[tuple[str, str, str]]:
    labels = {caller.id: caller.label for caller in concluded.callers}
    names = sorted(covered.identities, key=lambda each: (each in covered.covered_identities, each))
    return [
        ("identity", labels.get(name, name), "✓ yes" if name in covered.covered_identities else "? none in any cell")
        for name in names
    ]
