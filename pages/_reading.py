"""What was read, when, as whom, in how many calls: kept in the tab, and told under every table."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from pages._ui import plain
from services.reading import Reading

T = TypeVar("T")


def kept(key: str, asked: Hashable, read: Callable[[], T]) -> T:
    """What was read before for the same question in this tab, else what `read` gives now.

    Args:
        key: where it is kept in the session state.
        asked: everything that the answer depends on, the operator's `sub` among it.
        read: reads it; what it raises is not kept.
    """
    entry = st.session_state.get(key)
    if entry is None or entry[0] != asked:
        entry = st.session_state[key] = (asked, read())
    answer: T = entry[1]
    return answer


def forget(*keys: str) -> None:
    """Have it read again on the next run."""
    for key in keys:
        st.session_state.pop(key, None)


def local(at: datetime) -> datetime:
    """The time on the viewer's clock; UTC where the browser does not tell its zone."""
    try:
        return at.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(UTC)


def show_reading(reading: Reading, who: str, *facts: str) -> None:
    """The caption line under a table: the facts, then when and as whom it was read, and what that took."""
    calls = "1 call" if reading.calls == 1 else f"{reading.calls} calls"
    line = (*facts, f"read {local(reading.at):%H:%M:%S} as {who}", calls, f"{reading.milliseconds:.0f} ms")
    st.caption(plain(" · ".join(line)), help=f"{reading.at:%Y-%m-%d %H:%M:%S} UTC")


def amount(number: int, one: str, many: str) -> str:
    """A number with its noun, e.g. `1 person`, `12 000 people`."""
    return f"{number:,} {one if number == 1 else many}".replace(",", "\u2009")
