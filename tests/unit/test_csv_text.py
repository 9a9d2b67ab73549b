"""Exported tables are text to every spreadsheet, and nothing is lost."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.csv_text import as_csv

READABLE = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=("Cs",)))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", '=HYPERLINK("http://x")', "＝1+1"])
def test_what_a_spreadsheet_would_compute_stands_behind_an_apostrophe(text: str) -> None:
    (_, row) = list(csv.reader(io.StringIO(as_csv(["a"], [[text]]))))
    assert row == [f"'{text}"]


def test_numbers_stay_numbers() -> None:
    assert as_csv(["a", "b"], [[-1, 2.5]]) == "a,b\r\n-1,2.5\r\n"


@given(st.lists(READABLE, min_size=2, max_size=4))
def test_every_text_is_read_back(values: list[str]) -> None:
    (_, row) = list(csv.reader(io.StringIO(as_csv(["h"] * len(values), [values]), newline="")))
    assert [read.removeprefix("'") for read in row] == [value.removeprefix("'") for value in values]
