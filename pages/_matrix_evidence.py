"""What one cell's call sent and got: request, response, fields and claims."""

import json

import pandas as pd
import streamlit as st

from pages._compare import Other, show_comparison
from pages._frames import visible
from pages._outcomes import text
from pages._ui import caption
from services.authorization.cells import CellId
from services.authorization.examination import Concluded
from services.authorization.judged import Judged
from services.legible import legible, legible_value


def evidence_of(concluded: Concluded, cell: CellId) -> Judged | None:
    """The call, judged; None where none was made."""
    return concluded.result.evidence.get(cell)


def show_difference(concluded: Concluded, cell: CellId) -> None:
    """The answer beside that of another identity to the same operation."""
    got = {
        caller: judged.call.answer
        for caller in concluded.callers
        if (judged := evidence_of(concluded, CellId(cell.operation, caller.id)))
    }
    ours = next((answer for caller, answer in got.items() if caller.id == cell.identity), None)
    others = [Other(each.id, each.label, answer) for each, answer in got.items() if answer and each.id != cell.identity]
    show_comparison(ours, others, concluded.result.reference or "", concluded.prepared.suite.masks)


def show_exchange(concluded: Concluded, cell: CellId) -> None:
    """The response, and the request that it came to, every secret masked."""
    judged = evidence_of(concluded, cell)
    if judged is None:
        st.text("Nothing was sent.")
        return
    answer = judged.call.answer
    st.text("Response")
    if answer is None:
        caption("No answer came.")
    elif answer.body:
        st.json(legible_value(answer.body))
    else:
        st.code(legible(answer.text) or "(an empty body)", language=None, wrap_lines=True)
    st.text("Request")
    st.code(legible(judged.call.request) or "Nothing was sent.", language="http", wrap_lines=True)
    if answer:
        with st.expander("Response headers"):
            st.code(
                legible(json.dumps(dict(sorted(answer.headers.items())), indent=2)), language="json", wrap_lines=True
            )


def show_fields(concluded: Concluded, cell: CellId) -> None:
    """One row for each selected field: what came of it."""
    judged = evidence_of(concluded, cell)
    if judged is None or not judged.findings:
        st.text("There are no fields to judge.")
        return
    st.dataframe(
        visible(
            pd.DataFrame(
                {
                    "field": [".".join(keys) for keys in judged.findings],
                    "outcome": [text(finding.outcome) for finding in judged.findings.values()],
                    "words": [finding.words for finding in judged.findings.values()],
                    "said": [" ".join(finding.messages) or None for finding in judged.findings.values()],
                }
            )
        ),
        key="matrix_fields",
        hide_index=True,
        placeholder="–",
        alt="What came of each field",
        column_config={
            "field": st.column_config.TextColumn("Field", pinned=True),
            "outcome": st.column_config.TextColumn("Outcome"),
            "words": st.column_config.TextColumn("What was seen", width="medium"),
            "said": st.column_config.TextColumn("AppSync says", width="large"),
        },
    )


def show_claims(concluded: Concluded, cell: CellId) -> None:
    """What the token says, where one was sent."""
    judged = evidence_of(concluded, cell)
    if judged is None or not judged.claims:
        st.text("No token with claims was sent.")
        return
    caption("As the token says it. The API verifies it by itself.")
    st.json(legible_value(judged.claims))
