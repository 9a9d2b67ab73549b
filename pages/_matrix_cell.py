"""The drawer of one cell: its three layers with the lines that say so, the exchange, and what can be done about it."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages._app import still_signed_in
from pages._matrix_accept import show_accept
from pages._matrix_compare import show_comparison
from pages._matrix_evidence import show_claims, show_exchange, show_fields
from pages._matrix_history import show_history
from pages._matrix_state import Matrix
from pages._outcomes import badge as outcome_badge
from pages._ui import badge, caption, plain
from services.authorization.callers.caller import Caller
from services.authorization.cells import CellId, Reason
from services.authorization.copies import as_aws_cli, as_cell_markdown, as_curl
from services.authorization.examination import Concluded
from services.legible import legible
from services.permissions import Operator


def show_cell(here: Matrix, cell: CellId, operator: Operator, on_dismiss: Callable[[], None]) -> None:
    """Open the drawer of a cell of the shown run."""
    if here.concluded and cell in here.concluded.record.cells:
        title = plain(f"{cell.operation} · {_caller(here.concluded, cell).label}")
        drawer = st.dialog(title, position="right", width="large", on_dismiss=on_dismiss)
        drawer(still_signed_in(_content))(here, here.concluded, cell, operator)


def _content(here: Matrix, concluded: Concluded, cell: CellId, operator: Operator) -> None:
    record, held = concluded.record, concluded.record.cells[cell]
    seen = held.seen
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
    why, exchange, fields, claims, compare, history, copy = st.tabs(
        ["Why", "Exchange", "Fields", "Claims", "Compare", "History", "Copy"]
    )
    with why:
        _layers(concluded, cell)
        show_accept(here, cell, operator)
    with exchange:
        show_exchange(concluded, cell)
    with fields:
        show_fields(concluded, cell)
    with claims:
        show_claims(concluded, cell)
    with compare:
        show_comparison(concluded, cell)
    with history:
        show_history(concluded, cell)
    with copy:
        _copies(concluded, cell)
    _again(here, concluded, cell, operator)


def _layers(concluded: Concluded, cell: CellId) -> None:
    """What was declared, agreed and observed, each with who or what says so."""
    held, declaration = concluded.record.cells[cell], concluded.declarations.get(cell)
    agreement = concluded.prepared.baseline.agreed.cells.get(cell)
    st.markdown("**Declared**")
    if declaration and declaration.verdict:
        outcome_badge(declaration.verdict.outcome)
    for reason in _reasons(concluded, cell):
        _reason(reason)
    st.markdown("**Agreed**")
    if agreement:
        outcome_badge(agreement.verdict.outcome)
        accepted = agreement.accepted
        until = f", until {accepted.until}" if accepted.until else ""
        caption(f"{accepted.reason or 'No reason was given'} ({accepted.owner or 'nobody'}{until})")
    else:
        caption("To be refused: the baseline doesn't list this cell.")
    for finding in concluded.record.of_cell(cell):
        if finding.disagrees:
            st.markdown(f"**≠ {plain(finding.title)}**")
            st.text(legible(f"{finding.words}\n{finding.change}"))
    caller = _caller(concluded, cell)
    groups = list(dict.fromkeys([*([caller.group] if caller.group else []), *_groups(concluded, cell)]))
    with st.container(horizontal=True):
        for group in groups:
            st.page_link(
                "groups.py", label=plain(f"Group {group}"), icon=":material/groups:", query_params={"group": group}
            )
        if caller.person:
            st.page_link(
                "passwords.py", label=plain(f"Who is {caller.person}?"), icon=":material/person:",
                query_params={"user": caller.person},
            )  # fmt: skip
    if held.seen.verdict.refused:
        st.markdown("**Refused fields**")
        st.code(legible("\n".join(sorted(held.seen.verdict.refused))), language=None)


def _reasons(concluded: Concluded, cell: CellId) -> Sequence[Reason]:
    declaration = concluded.declarations.get(cell)
    if declaration is None:
        return (Reason("Nothing was predicted for this cell."),)
    return tuple(dict.fromkeys((*declaration.reasons, *declaration.by_field.values())))


def _groups(concluded: Concluded, cell: CellId) -> list[str]:
    return [group for reason in _reasons(concluded, cell) for group in reason.groups]


def _reason(reason: Reason) -> None:
    st.text(legible(reason.words))
    if reason.line:
        st.code(legible(reason.line.strip()), language=None, wrap_lines=True)
    if reason.place:
        caption(reason.place)


def _copies(concluded: Concluded, cell: CellId) -> None:
    prepared, caller = concluded.prepared, _caller(concluded, cell)
    operation = next(each for each in prepared.operations if each.id == cell.operation)
    held = concluded.record.cells[cell]
    environment = prepared.application.environment
    caption("Secrets are shell variables: fill them in yourself.")
    st.text("curl")
    st.code(legible(as_curl(operation, caller.identity, prepared.api, environment)), language="bash", wrap_lines=True)
    if commands := as_aws_cli(caller.identity, environment):
        st.text("AWS CLI: the credential for it")
        st.code(legible(commands), language="bash", wrap_lines=True)
    st.text("Markdown")
    st.code(legible(as_cell_markdown(cell, held, held.seen.why)), language="markdown", wrap_lines=True)


def _again(here: Matrix, concluded: Concluded, cell: CellId, operator: Operator) -> None:
    """Run this cell, its row or its column once more."""
    cells = concluded.record.cells
    choices = {
        "cell": [cell],
        "row": [each for each in cells if each.operation == cell.operation],
        "column": [each for each in cells if each.identity == cell.identity],
    }
    with st.container(horizontal=True):
        for name, wanted in choices.items():
            label = f"Run this {name} again"
            if st.button(label, key=f"matrix_again_{name}", icon=":material/replay:", disabled=bool(here.running)):
                here.again(wanted, operator)
                st.rerun()


def _caller(concluded: Concluded, cell: CellId) -> Caller:
    return next(each for each in concluded.callers if each.id == cell.identity)
