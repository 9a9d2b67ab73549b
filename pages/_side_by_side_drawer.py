"""The drawer of one cell: what was seen, why, and the whole exchange behind it."""

import json
from collections.abc import Callable

import streamlit as st

from pages import _app
from pages._app import still_signed_in
from pages._compare import Other, show_comparison
from pages._outcomes import badge
from pages._ui import badge as text_badge
from pages._ui import caption, plain
from services.authorization.copies import as_curl
from services.authorization.evidence import Keys
from services.authorization.judged import REFERENCE, Grid, Judged
from services.authorization.outcomes import Outcome
from services.authorization.report import WHOLE_CALL
from services.authorization.suite.saved import SavedOperation
from services.legible import legible, legible_value

_CHANGING = ("**.nextToken",)  # another one at each call


def show_cell(grid: Grid, column: Judged, keys: Keys, on_dismiss: Callable[[], None]) -> None:
    """Open the drawer of a field, or of the whole call where `keys` is empty."""
    row = grid.labels.get(keys, WHOLE_CALL)
    title = plain(f"{row} · {column.identity.label}")
    st.dialog(title, position="right", width="medium", on_dismiss=on_dismiss)(still_signed_in(_content))(
        grid, column, keys
    )


def _content(grid: Grid, column: Judged, keys: Keys) -> None:
    answer = column.call.answer
    finding = column.findings.get(keys)
    with st.container(horizontal=True, gap="small"):
        badge(finding.outcome if finding else column.outcome)
        if answer:
            st.badge(f"HTTP {answer.status}", color="gray")
        if column.head.error_type and (finding is None or finding.messages):
            text_badge(column.head.error_type, "gray")
        if answer:
            st.badge(f"{answer.milliseconds:.0f} ms", color="gray")
    if finding:
        st.markdown(f"**Field\\.** {plain(finding.words[0].upper() + finding.words[1:])}\\.")
    st.markdown(f"**{'The whole call' if finding else 'Why'}\\.** {plain(column.explanation.why)}")
    if column.explanation.next_step and not (finding and finding.outcome is Outcome.ALLOWED):
        st.caption(plain(column.explanation.next_step))
    messages = finding.messages if finding else (column.head.message,)
    if any(messages):
        st.code(legible("\n".join(messages)), language=None, wrap_lines=True)
    response, request, refused, claims, compare, copy, timing = st.tabs(
        ["Response", "Request", "Refused fields", "Claims", "Compare", "Copy", "Timing"]
    )
    with response:
        _response(column)
    with request:
        if column.call.request:
            st.code(legible(column.call.request), language="http", wrap_lines=True)
        else:
            st.text("Nothing was sent.")
    with refused:
        if column.refused:
            st.code(legible("\n".join(column.refused)), language=None)
        else:
            st.text("No field was refused by name.")
    with claims:
        _claims(column)
    with compare:
        others = [
            Other(each.identity.id, each.identity.label, each.call.answer)
            for each in grid.columns
            if each.call.answer and each is not column
        ]
        show_comparison(answer, others, REFERENCE, _CHANGING)
    with copy:
        _copies(grid, column)
    with timing:
        _timing(grid, column)


def _response(column: Judged) -> None:
    answer = column.call.answer
    if answer is None:
        st.text("No answer came.")
    elif answer.body:
        st.json(legible_value(answer.body))
    else:
        st.code(legible(answer.text) or "(an empty body)", language=None, wrap_lines=True)


def _claims(column: Judged) -> None:
    if column.claims:
        st.caption("As the token says it. The API verifies it by itself.")
        st.json(legible_value(column.claims))
    else:
        st.text(legible(f"This identity sends {column.identity.kind}: there are no claims to read."))


def _copies(grid: Grid, column: Judged) -> None:
    environment, asked = _app.environment(), grid.run.operation
    api = environment.api(grid.run.api)
    operation = SavedOperation("call", api.name, asked.document, name=asked.name, variables=asked.variables)
    caption("Secrets are shell variables: fill them in yourself.")
    if column.identity.broken:
        caption("The credential was spoilt on purpose: the command takes whatever you put in its place.")
    st.text("curl")
    st.code(legible(as_curl(operation, column.identity, api, environment)), language="bash", wrap_lines=True)


def _timing(grid: Grid, column: Judged) -> None:
    answer, run = column.call.answer, grid.run
    facts = {
        "Left at": f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC",
        "This call": f"{answer.milliseconds:.0f} ms" if answer else "no answer",
        "Slowest call of the run": f"{run.slowest_ms:.0f} ms",
        "All calls together": f"{run.wall_ms:.0f} ms",
        "Credentials and signing before": f"{run.prepared_ms:.0f} ms",
        "Request id": answer.request_id if answer and answer.request_id else "none",
    }
    st.code(legible("\n".join(f"{name + ':':32}{value}" for name, value in facts.items())), language=None)
    if answer:
        caption("Response headers")
        st.code(legible(json.dumps(dict(sorted(answer.headers.items())), indent=2)), language="json", wrap_lines=True)
