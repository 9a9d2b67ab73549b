"""REST requests and the places in them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.authorization.suite.rest_request import RestRequest
from services.errors import Invalid


def test_variables_go_into_the_path_the_query_and_the_body() -> None:
    request = RestRequest("PUT", "users/{id}/x", {"q": "{q}", "r": "no {id}"}, {"list": ["{count}", 1], "n": None})

    filled = request.filled({"id": "a b", "q": "1&2", "count": 3})

    assert filled == RestRequest("PUT", "users/a%20b/x", {"q": "1&2", "r": "no a b"}, {"list": [3, 1], "n": None})
    assert request.places == ("id", "q", "count")


@settings(deadline=None)
@given(st.text())
@example("a/b")
@example("..")
@example("a?b#c")
def test_a_value_never_leaves_its_segment_of_the_path(value: str) -> None:
    path = RestRequest("GET", "users/{id}/posts").filled({"id": value}).path

    before, segment, after = path.split("/")
    assert (before, after) == ("users", "posts")
    assert segment not in {".", ".."}
    assert not set(segment) & set("?#\\")


def test_a_place_without_a_value_is_told() -> None:
    with pytest.raises(Invalid, match="no value for id"):
        RestRequest("GET", "users/{id}").filled({"other": 1})


@pytest.mark.parametrize(("method", "changes"), [("GET", False), ("HEAD", False), ("POST", True), ("DELETE", True)])
def test_what_is_not_for_reading_changes_data(method: str, changes: bool) -> None:
    assert RestRequest(method, "x").changes_data is changes
