"""A table's own toolbar appears over its right end under the mouse: no button of the page may lie there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.verbs import Operator

AsOperator = Callable[..., Operator]


@pytest.mark.parametrize(
    ("path", "table", "buttons"),
    [
        ("/users", "users_table", ["Reload"]),
        ("/groups", "groups_table", ["Reload", "Create group"]),
        ("/passwords", "passwords_table", ["Reload"]),
    ],
)
def test_the_toolbar_of_a_table_covers_no_button(
    as_operator: AsOperator, path: str, table: str, buttons: list[str]
) -> None:
    operator = as_operator("ada", path)
    expect(operator.cells(table, 1)).not_to_have_count(0)
    operator.at(table).locator(".dvn-scroller").hover(position={"x": 60, "y": 50})
    toolbar = operator.at(table).get_by_test_id("stElementToolbar")
    expect(toolbar).to_be_visible()
    covered = toolbar.bounding_box()
    assert covered
    for name in buttons:
        button = operator.page.get_by_role("button", name=name, exact=True).bounding_box()
        assert button
        assert button["x"] + button["width"] <= covered["x"], name
