"""What an act has to tell once it is done, and the way to take it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from pages._acting import carried_out
from pages._ui import plain, show_error
from services.errors import GatehouseError

UNDO_FOR = timedelta(minutes=2)
_NEWS = "news"


@dataclass(frozen=True, slots=True)
class _News:
    """What there is to tell.

    Attributes:
        text: what was done.
        undo: takes it back and returns what to tell then; None for what can't be.
        page: where it is offered.
        at: when it was done.
        error: why it could not be taken back.
    """

    text: str
    undo: Callable[[], str] | None
    page: str
    at: datetime
    error: GatehouseError | None = None


def tell(text: str, undo: Callable[[], str] | None = None, page: str = "") -> None:
    """Have it shown by the next run: a message of this one may be gone before anybody saw it.

    Args:
        text: what was done.
        undo: takes it back and returns what to tell then; offered for two minutes on that page.
        page: where.
    """
    st.session_state[_NEWS] = _News(text, undo, page, datetime.now(UTC))


def show_news(page: str = "") -> None:
    """Show what the run before had to tell: once, or as long as it can be taken back."""
    news: _News | None = st.session_state.get(_NEWS)
    if news is None or (news.undo and news.page != page):
        return
    # Forgotten only when it was shown: a click that ends this run in between must not cost the news.
    if news.error:
        show_error(news.error)
        st.session_state.pop(_NEWS, None)
    elif news.undo is None:
        st.toast(plain(news.text), icon=":material/check:", duration="long")
        st.session_state.pop(_NEWS, None)
    elif datetime.now(UTC) - news.at < UNDO_FOR:
        with st.container(horizontal=True, vertical_alignment="center", key="news"):
            st.success(plain(news.text), icon=":material/check:", width="stretch")
            if st.button("Undo", key="news_undo", icon=":material/undo:"):
                carried_out(partial(_take_back, news.undo, page))
                st.rerun()


def _take_back(undo: Callable[[], str], page: str) -> None:
    news: _News | None = st.session_state.get(_NEWS)
    if news is None or news.undo is not undo:
        return  # a second click, after the first was carried out
    try:
        tell(undo())
    except GatehouseError as error:
        st.session_state[_NEWS] = _News("", None, page, datetime.now(UTC), error)
