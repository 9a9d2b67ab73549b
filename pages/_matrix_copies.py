"""One cell to take away: the call as commands, what it showed as Markdown, and its address."""

import streamlit as st

from pages._matrix_open import address
from pages._ui import caption
from services.authorization.cells import CellId
from services.authorization.copies import as_aws_cli, as_cell_markdown, as_curl
from services.authorization.examination import Concluded
from services.legible import legible


def show_copies(concluded: Concluded, cell: CellId) -> None:
    """The call as curl and AWS CLI, the cell as Markdown, and the link that opens it."""
    prepared = concluded.prepared
    caller = next(each for each in concluded.callers if each.id == cell.identity)
    operation = next(each for each in prepared.operations if each.id == cell.operation)
    held = concluded.record.cells[cell]
    environment = prepared.application.environment
    caption("Secrets are shell variables: fill them in yourself.")
    st.text("curl")
    st.code(legible(as_curl(operation, caller.identity, prepared.api, environment)), language="bash", wrap_lines=True)
    if operation.after:
        caption(f"What {', '.join(operation.after)} gave is not in it: put it in yourself.")
    if caller.identity.broken:
        caption("The credential was spoilt on purpose: the command takes whatever you put in its place.")
    if commands := as_aws_cli(caller.identity, prepared.api, environment):
        st.text("AWS CLI: the credential for it")
        st.code(legible(commands), language="bash", wrap_lines=True)
    st.text("Markdown")
    st.code(legible(as_cell_markdown(cell, held, held.seen.why)), language="markdown", wrap_lines=True)
    st.text("Link to this cell")
    st.code(legible(address(prepared.suite.path.name, cell)), language=None, wrap_lines=True)
