"""What is invisible in a text from outside is seen, and what people write stays as it is."""

import json
import sys
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._frames import visible
from services.legible import isolated, legible, legible_value


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u200bda", "a\\u200bda"),
        ("ad\u034fa", "ad\\u034fa"),  # a mark that Cognito takes in a user name
        ("ad\u3164a", "ad\\u3164a"),  # a letter that Cognito takes, and nobody sees
        ("evil\u202egpj.exe", "evil\\u202egpj.exe"),
        ("\u2066ada\u2069", "\\u2066ada\\u2069"),
        ("\ufeffada", "\\ufeffada"),
        ("ada\U000e0041", "ada\\udb40\\udc41"),
        ("ada\u200d", "ada\\u200d"),
        ("a\ufe0fda", "a\\ufe0fda"),
        ("bell\x07", "bell\\u0007"),
    ],
)
def test_an_invisible_sign_is_spelt_out(text: str, seen: str) -> None:
    assert legible(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        "ada",
        "Zoë Ångström",
        "Łukasz",
        "李明",
        "שלום",
        "محمد",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d💻 ❤\ufe0f",
        "one\ttwo\nthree",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert legible(text) == text


@given(st.text())
def test_what_is_shown_is_the_same_text_to_a_reader_of_json(text: str) -> None:
    assert json.loads(legible(json.dumps(text, ensure_ascii=False))) == text


def test_no_sign_that_turns_the_direction_is_left_of_all_that_unicode_has() -> None:
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
    signs = (chr(number) for number in range(sys.maxunicode + 1))
    left = [each for each in signs if unicodedata.bidirectional(each) in turning and each in legible(f"a{each}b")]
    assert left == []


def test_every_text_of_an_answer_is_shown() -> None:
    assert legible_value({"a\u200b": ["\u202e", 1, None, {"b": "c"}]}) == {"a\\u200b": ["\\u202e", 1, None, {"b": "c"}]}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Add שלום 5 to admins", "Add \u2068שלום\u2069 5 to admins"),
        ("Add שלום עולם to admins", "Add \u2068שלום עולם\u2069 to admins"),
        ("Add ada to admins", "Add ada to admins"),
        ("محمد or ada or رضا", "\u2068محمد\u2069 or ada or \u2068رضا\u2069"),
    ],
)
def test_what_is_written_from_right_to_left_moves_nothing_around_it(text: str, seen: str) -> None:
    assert isolated(text) == seen


def test_a_table_is_spelt_out_in_its_texts_and_the_names_of_its_rows_and_else_stays_as_it_is() -> None:
    frame = pd.DataFrame({"name": ["a\u200bda", None], "number": [1, 2], "plain": ["x", "y"]}, index=["\u202er", "s"])
    told = visible(frame)
    assert list(told["name"].dropna()) == ["a\\u200bda"]
    assert list(told.index) == ["\\u202er", "s"]
    assert (list(told["number"]), list(told["plain"]), told.dtypes.to_list()) == (
        [1, 2],
        ["x", "y"],
        frame.dtypes.to_list(),
    )
    clean = pd.DataFrame({"name": ["ada"]})
    assert visible(clean) is clean
