"""What was typed is kept while somebody has to sign in again, for the same person and on the same page.

Streamlit forgets the value of a field that a run doesn't draw, and what stands in a form that was not sent is known to
the browser alone. Secrets are not kept: who signs in again types them again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.session_state import SessionState

from pages import _session
from services.permissions import Operator

_DRAFT = "draft"
_TYPED = "draft_typed"
_SECRET = re.compile(r"password|secret|credential|token|code|paste|sign_in|_key\b")
_VALUES = {
    "bool_value",
    "double_array_value",
    "double_value",
    "int_array_value",
    "int_value",
    "string_array_value",
    "string_value",
}
"""What Streamlit calls the values that a page may give to a field; those of buttons and tables aren't among them."""

_collector = st.components.v2.component(
    "draft_collector",
    js="""
// Sends what stands in the fields of this page, passwords aside: once, when the session has ended.
export default function ({ setTriggerValue }) {
  const typed = {}
  for (const field of document.querySelectorAll("[class*='st-key-'] input[type=text], [class*='st-key-'] textarea")) {
    const holder = field.closest(".stTextInput, .stTextArea")?.closest("[class*='st-key-']")
    const key = holder && [...holder.classList].find((name) => name.startsWith("st-key-"))
    if (key) typed[key.slice("st-key-".length)] = field.value
  }
  setTriggerValue("typed", typed)
}
""",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed on a page.

    Attributes:
        sub: who; nobody else gets it.
        page: which page.
        values: by the fields' keys; those that have not been drawn again yet.
    """

    sub: str
    page: str
    values: dict[str, Any]


def collect() -> None:
    """Have the browser send what stands in forms that were not sent, then ask to sign in; for a fragment."""
    sent = _collector(key="draft_collector", on_typed_change=_nothing).typed
    if sent is not None:
        st.session_state[_TYPED] = {str(key): str(text) for key, text in dict(sent).items()}
        st.rerun()


def keep() -> None:
    """Keep what stands in the fields of this tab's page, whose session can't go on, for the person it was drawn for."""
    typed: dict[str, str] = st.session_state.get(_TYPED, {})
    if operator := _session.shown_to():
        values = dict(_values())
        values |= {key: text for key, text in typed.items() if isinstance(values.get(key), str)}
        before = _draft()
        if before and (before.sub, before.page) == (operator.sub, _page()):
            values = before.values | values
        st.session_state[_DRAFT] = Draft(operator.sub, _page(), values)
    st.session_state.pop(_TYPED, None)


def are_of(operator: Operator) -> bool:
    """Whether what this tab remembers is this person's, or nobody's."""
    draft = _draft()
    return draft is None or draft.sub == operator.sub


def give_back() -> None:
    """Put the draft into the fields that this run draws; called on each run of a signed-in person."""
    draft = _draft()
    if draft is None:
        return
    # A field that the browser shows holds its value itself from then on. A dialog's may be shown much later.
    shown = _shown()
    left = {key: value for key, value in draft.values.items() if key not in shown}
    if not left or draft.page != _page():
        del st.session_state[_DRAFT]
        return
    st.session_state[_DRAFT] = replace(draft, values=left)
    st.session_state.update(left)


def is_secret(key: str) -> bool:
    """Whether a field of this key may hold what must not be kept."""
    return _SECRET.search(key) is not None


def _values() -> Iterator[tuple[str, Any]]:
    """The keys of fields and what they hold."""
    state = _state()
    if state is None:
        return
    for widget_id, key in list(state._key_id_mapper.id_key_mapping.items()):  # noqa: SLF001
        known = state._new_widget_state.widget_metadata.get(widget_id)  # noqa: SLF001
        if known and known.value_type in _VALUES and not is_secret(key) and key in st.session_state:
            value = st.session_state[key]
            if _is_plain(value):
                yield key, value


def _shown() -> set[str]:
    """The keys of the fields whose values the browser has sent for this run."""
    state = _state()
    if state is None:
        return set()
    keys = state._key_id_mapper.id_key_mapping  # noqa: SLF001
    return {keys[each] for each in state._new_widget_state.states if each in keys}  # noqa: SLF001


def _state() -> SessionState | None:
    """Streamlit's own memory of this tab: it alone knows which keys are fields, of which kind, and which are shown."""
    context = get_script_run_ctx()
    return context.session_state._state if context else None  # noqa: SLF001


def _is_plain(value: object) -> bool:
    """Whether it is a value of a field, and not a table's selection or a file."""
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | bool | int | float | date | time)


def _draft() -> Draft | None:
    draft: Draft | None = st.session_state.get(_DRAFT)
    return draft


def _nothing() -> None:
    """A trigger of a component wants a callback; what it sends is read from its result."""


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""
