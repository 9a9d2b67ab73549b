"""The page that says what holds each row of the authorization reference."""

import pytest

from tools import local_cloud_table as table


@pytest.fixture(scope="module")
def tests() -> dict[str, list[str]]:
    return table.held()


def test_the_page_is_what_rows_and_tests_say(tests: dict[str, list[str]]) -> None:
    current = table.document(table.rows(), tests, table.missing_operations())
    assert table.DOCUMENT.read_text(encoding="utf-8") == current, "run python -m tools.local_cloud_table"


def test_no_test_names_a_row_that_is_not_there(tests: dict[str, list[str]]) -> None:
    assert table.unknown(table.rows(), tests) == []


def test_every_confirmed_row_on_appsync_and_iam_has_a_test_or_a_reason(tests: dict[str, list[str]]) -> None:
    assert table.unheld(table.rows(), tests) == []


def test_no_row_is_out_of_scope_and_tested_too(tests: dict[str, list[str]]) -> None:
    given_up = ("Out of scope", "Not imitated", "Not enforced", "Not there")
    assert [row.name for row in table.rows() if row.choice.startswith(given_up) and row.name in tests] == []


def test_no_row_is_there_twice() -> None:
    names = [row.name for row in table.rows()]
    assert len(names) == len(set(names))


def test_a_row_without_test_and_reason_is_found() -> None:
    bare = table.Row("3.1 Something", "CONFIRMED", "")
    assert table.unheld([bare], {}) == ["3.1 Something"]
    assert table.unheld([bare], {"3.1 Something": ["a test"]}) == []
    assert table.unheld([table.Row("3.1 Something", "CONFIRMED", "Out of scope: so.")], {}) == []
    assert table.unheld([table.Row("3.1 Something", "OPEN", "")], {}) == []
    assert table.unknown([bare], {"3.1 Other": ["a test"]}) == ["3.1 Other"]
