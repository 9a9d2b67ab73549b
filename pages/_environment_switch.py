"""Where one acts, on every page: the environment's badge, and the way to the others."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from pages import _app, _environment
from pages._ferry import leave_for
from pages._ui import badge, plain
from services.errors import GatehouseError
from services.settings import Environment


def show_badge(environment: Environment) -> None:
    """The environment's name in its colour; production and read-only are also said by a word and a sign."""
    icon, color = "cloud", environment.colour or "blue"
    if environment.production:
        icon, color = "warning", environment.colour or "red"
    elif environment.source == "local cloud":
        icon, color = "science", environment.colour or "green"
    badge(_called(environment), color, f":material/{icon}:")


def show_switch(current: str) -> None:
    """The other environments of this installation; nothing where there is only one.

    Args:
        current: the key of the environment that the tab is on.
    """
    others = [key for key in _app.environment_keys() if key != current]
    if not others:
        return
    with st.popover("Switch", icon=":material/swap_horiz:", key="environments"):
        _offer(others)


def show_all() -> None:
    """Every environment of this installation, or the way back to the one that has no name."""
    _offer(_app.environment_keys() or [""])


def _offer(keys: Sequence[str]) -> None:
    """A button for each; pressed, the browser loads the same page there, and nobody is signed out."""
    for key in keys:
        if st.button(plain(_label(key)), key=f"environment_{key}", width="stretch"):
            leave_for("?" + (urlencode({_environment.PARAMETER: key}) if key else ""), "environment_ferry")


def _label(key: str) -> str:
    try:
        environment = _app.environment_of(key)
    except GatehouseError:
        return f"{key} · its settings need mending"
    return _called(environment)


def _called(environment: Environment) -> str:
    """Its name, after the words for what is special about it, unless the name says so by itself."""
    flags = (("production", environment.production), ("read-only", environment.read_only))
    words = [word for word, counts in flags if counts and word != environment.name.lower()]
    return " · ".join([*words, environment.name])
