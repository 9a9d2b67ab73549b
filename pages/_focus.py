"""Puts the cursor where the next key belongs: Streamlit has no way to say so."""

import streamlit as st

_cursor = st.components.v2.component(
    "cursor",
    js="""
let last = ""

export default function ({ data }) {
  const wanted = data.key + data.turn
  if (wanted === last) return
  const begun = !last && document.activeElement?.matches("input") // somebody was quicker than this script
  last = wanted
  if (begun) return
  document.querySelector(`.st-key-${data.key} input`)?.focus()
}
""",
)


def focus(key: str, turn: int) -> None:
    """Focus the input of the widget with that key, once for each turn."""
    _cursor(data={"key": key, "turn": turn}, key="cursor")
