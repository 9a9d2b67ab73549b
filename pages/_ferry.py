"""Leaves the page for another address: the browser loads it anew, and nothing of this tab's memory comes along."""

import streamlit as st

_ferry = st.components.v2.component(
    "ferry",
    js="""
export default function ({ data }) {
  window.location.assign(data.path)
}
""",
)


def leave_for(path: str, key: str) -> None:
    """Have the browser leave at once.

    Args:
        path: where to, relative to the page or to this server.
        key: of the element that carries the order; one for each place that gives one.
    """
    _ferry(data={"path": path}, key=key)
