"""Which cell of the matrix is open: the page's address says so, and so a cell can be linked to."""

from urllib.parse import urlencode

import streamlit as st

from pages._environment import PARAMETER as ENVIRONMENT
from services.authorization.cells import CellId

PARAMETER = "matrix_cell"


def opened() -> CellId | None:
    """The cell that the address names; None where it names none."""
    operation, _, identity = st.query_params.get(PARAMETER, "").partition(" ")
    return CellId(operation, identity) if operation and identity else None


def show(cell: CellId) -> None:
    """Have the next run open a cell."""
    st.query_params[PARAMETER] = str(cell)


def close() -> None:
    """Have the next run open none."""
    st.query_params.pop(PARAMETER, None)


def address(suite: str, cell: CellId) -> str:
    """The address of a cell, for somebody who may open this environment; its run is made anew or the last one shown.

    Args:
        suite: the suite file's name.
        cell: which.
    """
    asked = {"matrix_suite": suite, PARAMETER: str(cell)}
    if key := st.query_params.get(ENVIRONMENT):
        asked[ENVIRONMENT] = key
    base = (st.context.url or "/matrix").partition("?")[0]
    return f"{base}?{urlencode(asked)}"
