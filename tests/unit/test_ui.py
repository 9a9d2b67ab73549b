"""Text from outside stays text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._ui import plain
from services.legible import isolated, legible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("eu-west-1", "eu\\-west\\-1"),
        ("ana@example.com", "ana@:gray[]example\\.com"),
        ("http://evil.example", "http\\::gray[]//evil\\.example"),
        ("WWW.evil.example", "WWW:gray[]\\.evil\\.example"),
        ("a -> b <= c--d", "a \\-:gray[]\\> b \\<:gray[]\\= c\\-:gray[]\\-d"),
        (":material/home:", "\\::gray[]material/home\\:"),
        (":streamlit:", "\\::gray[]streamlit\\:"),
        ("![x](y)", "\\!\\[x\\]\\(y\\)"),
        (":red[alarm]", "\\:red\\[alarm\\]"),
        ("$x$ `y` <b>z</b>", "\\$x\\$ \\`y\\` \\<b\\>z\\</b\\>"),
        ("# title\n- item", "\\# title \\- item"),
        ("a\u200bda", "a\\\\u200bda"),
        ("Add שלום to 5", "Add \u2068שלום\u2069 to 5"),
    ],
)
def test_what_markdown_would_act_on_is_taken_away(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(st.characters(exclude_characters="\ufffc")))
def test_without_its_escapes_it_is_the_legible_text_again(text: str) -> None:
    unescaped = re.sub(r"\\([^\w\s]|_)", r"\1", plain(text).replace(":gray[]", ""))
    assert unescaped == isolated(legible(" ".join(text.split())))


@given(st.text())
def test_no_sign_of_markdown_is_left_unescaped(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`\[\]<>$!#|~:]", plain(text).replace(":gray[]", ""))
