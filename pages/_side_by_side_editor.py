"""Choosing and editing the operation that is run side by side."""

from collections.abc import Sequence

import streamlit as st

from pages._ui import caption, plain
from services.authorization.operations import Example, operation_names
from services.settings import Api


def choose_api(apis: Sequence[Api]) -> Api:
    """The API to call."""
    labels = {api.name: api.label for api in apis}
    name = st.selectbox(
        "API", list(labels), key="side_api", format_func=labels.__getitem__, bind="query-params", width=220
    )
    return next(api for api in apis if api.name == name)


def choose_example(api: Api, examples: Sequence[Example]) -> Example:
    """The saved operation to begin with; each keeps the changes that were made to it."""
    labels = {example.id: example.label for example in examples}
    chosen = st.selectbox(
        "Operation",
        list(labels),
        key=f"side_operation_{api.name}",
        format_func=labels.__getitem__,
        bind="query-params",
        width=320,
    )
    return next(example for example in examples if example.id == chosen)


def edited(api: Api, example: Example, *, opened: bool) -> tuple[str, str, str | None]:
    """The document, the variables and the name of the operation that is meant, as they stand in the editor."""
    document_key, variables_key = _keys(api, example)
    with st.expander("Operation and variables", expanded=opened, icon=":material/edit_note:"):
        caption(example.note)
        document = st.text_area(
            "Operation", example.document, key=document_key, height=240, persist_state="session", max_chars=100_000
        )
        variables = st.text_area(
            "Variables (JSON)", example.variables, key=variables_key, height=100, persist_state="session"
        )
        names = operation_names(document)
        chosen = st.selectbox("Which operation", names, key="side_which") if len(names) > 1 else None
        if changed(example, document, variables):
            st.button(
                plain(f"Restore {example.label}"),
                key="side_restore",
                icon=":material/undo:",
                on_click=_restore,
                args=(api, example),
            )
    return document, variables, chosen


def changed(example: Example, document: str, variables: str) -> bool:
    """Whether the editor holds something else than the saved operation."""
    return (document.strip(), variables.strip()) != (example.document, example.variables)


def _restore(api: Api, example: Example) -> None:
    for key, saved in zip(_keys(api, example), (example.document, example.variables), strict=True):
        st.session_state[key] = saved


def _keys(api: Api, example: Example) -> tuple[str, str]:
    return f"side_document_{api.name}_{example.id}", f"side_variables_{api.name}_{example.id}"
