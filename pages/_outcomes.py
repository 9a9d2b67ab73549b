"""How the six outcomes look: one sign, one word and one colour each, wherever they stand."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from services.authorization.outcomes import Outcome

# Ink on ground, for the light and for the dark theme; each pair is readable (contrast of at least 4.5).
LIGHT: Mapping[Outcome, tuple[str, str]] = {
    Outcome.ALLOWED: ("#0f7b45", "#e3f5ea"),
    Outcome.FILTERED: ("#6a5b00", "#fbf3cf"),
    Outcome.PARTIAL: ("#8a5300", "#fdebd3"),
    Outcome.REFUSED_BY_MODE: ("#45526b", "#e8ecf3"),
    Outcome.REFUSED_BY_RULE: ("#a32036", "#fbe4e7"),
    Outcome.NO_VERDICT: ("#5b5b5b", "#f0f0f0"),
}
DARK: Mapping[Outcome, tuple[str, str]] = {
    Outcome.ALLOWED: ("#7fe0a8", "#12301f"),
    Outcome.FILTERED: ("#e6d36a", "#322b0a"),
    Outcome.PARTIAL: ("#f2b46b", "#38240b"),
    Outcome.REFUSED_BY_MODE: ("#aebbd3", "#212a38"),
    Outcome.REFUSED_BY_RULE: ("#f193a1", "#3a151c"),
    Outcome.NO_VERDICT: ("#b5b5b5", "#2a2a2a"),
}
_BADGES: Mapping[Outcome, Literal["green", "yellow", "orange", "blue", "red", "gray"]] = {
    Outcome.ALLOWED: "green",
    Outcome.FILTERED: "yellow",
    Outcome.PARTIAL: "orange",
    Outcome.REFUSED_BY_MODE: "blue",
    Outcome.REFUSED_BY_RULE: "red",
    Outcome.NO_VERDICT: "gray",
}


def text(outcome: Outcome) -> str:
    """Sign and word."""
    return f"{outcome.sign} {outcome}"


def style(outcome: Outcome, *, dark: bool) -> str:
    """The colours of a table cell, as CSS."""
    ink, ground = (DARK if dark else LIGHT)[outcome]
    return f"color: {ink}; background-color: {ground}"


def badge(outcome: Outcome) -> None:
    """Sign and word on the outcome's colour."""
    st.badge(text(outcome), color=_BADGES[outcome])
