"""Which cell of a side-by-side run is open: the page's address says so, and so a cell can be linked to."""

import streamlit as st

from services.authorization.evidence import Keys
from services.authorization.judged import Grid, Judged

PARAMETER = "side_cell"


def named() -> bool:
    """Whether the address names a cell."""
    return PARAMETER in st.query_params


def opened(grid: Grid) -> tuple[Judged, Keys] | None:
    """The column and the field that the address names; None where it names none of this run."""
    identity, _, path = st.query_params.get(PARAMETER, "").partition(" ")
    fields = {".".join(keys): keys for keys in ((), *grid.labels)}
    column = next((each for each in grid.columns if each.identity.id == identity), None)
    return (column, fields[path]) if column and path in fields else None


def show(identity: str, keys: Keys) -> None:
    """Have the next run open a cell; without keys, the whole call."""
    st.query_params[PARAMETER] = f"{identity} {'.'.join(keys)}".strip()


def close() -> None:
    """Have the next run open none."""
    st.query_params.pop(PARAMETER, None)
