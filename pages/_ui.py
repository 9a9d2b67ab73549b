"""How things look on every page: plain text, errors, headers, captions. Knows no AWS."""

import re

import streamlit as st

from services.errors import GatehouseError
from services.legible import isolated, legible

# Every sign that Streamlit's Markdown gives a meaning to.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^=])")

# Addresses become links, arrows, icons and the logo become signs after the escapes are gone; an empty span in their
# middle keeps them text.
_JOINT = re.compile(
    r"(?<=@)(?=\w)|(?<=:)(?=//|material/|streamlit:)|(?<=www)(?=\.)|(?<=[<>~-])(?=[=>-])", re.IGNORECASE
)
_BREAK = "\ufffc"


SEARCH_WIDTH = 340
"""Pixels of a search field: the buttons beside it then end left of the tools that a table shows above its right corner
while the pointer is over it, and that would take their clicks."""


def plain(text: str) -> str:
    """The text with everything taken away that Streamlit's Markdown would act on; for titles, labels and toasts.

    A line break would start a new block: every run of white space becomes one space. What can't be seen is spelt out,
    and what is written from right to left doesn't turn the words around it.
    """
    seen = isolated(legible(" ".join(text.replace(_BREAK, " ").split())))
    return _MARKDOWN.sub(r"\\\1", _JOINT.sub(_BREAK, seen)).replace(_BREAK, ":gray[]")


def page_header(title: str, icon: str) -> None:
    """The title of a page; environment, Region and operator stand above it, drawn by the shell."""
    st.title(title, icon=icon, anchor=False)


def caption(text: str) -> None:
    """A caption line of text that may come from outside."""
    st.caption(plain(text))


def badge(text: str, color: str, icon: str = "") -> None:
    """A coloured badge of text that may come from outside; `st.badge` would escape what `plain` has escaped."""
    st.markdown(f":{color}-badge[{icon} {plain(text)}]", width="content")


def is_dark() -> bool:
    """Whether the viewer's theme is the dark one; styled tables don't follow it by themselves."""
    return st.context.theme.type == "dark"


def show_error(error: GatehouseError) -> None:
    """The one way an error is shown: what failed, why, what to do; AWS's code and request id below."""
    sentences = [f"**{plain(error.failed.rstrip('.'))}\\.**"]
    sentences += [f"{plain(part.rstrip('.'))}\\." for part in (error.why, error.next_step) if part]
    trace = [f"{name} {value}" for name, value in (("Error", error.code), ("Request", error.request_id)) if value]
    lines = [" ".join(sentences)]
    if trace:
        lines.append(f":small[{plain(' · '.join(trace))}]")
    st.error("  \n".join(lines), icon=":material/error:")
