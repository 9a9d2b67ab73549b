"""Going forward and back by tokens shows the pages as they lie."""

from hypothesis import given
from hypothesis import strategies as st

from services.page_tokens import PageTokens


@given(st.lists(st.sampled_from(["forward", "back"]), max_size=60))
def test_any_walk_asks_for_the_pages_that_a_reader_expects(steps: list[str]) -> None:
    """The model: page n is asked for by the token "to n", the first by none."""
    tokens, page = PageTokens(), 1
    for step in steps:
        if step == "forward":
            tokens, page = tokens.forward(f"to {page + 1}"), page + 1
        else:
            tokens, page = tokens.back(), max(1, page - 1)
        assert tokens.number == page
        assert tokens.current == (f"to {page}" if page > 1 else None)
