"""Two answers beside each other, compared by what they mean and not by how they are written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.authorization.agreed.diff import Row, State, diff
from services.authorization.agreed.masks import mask_of
from tests.unit.authorization.samples import answer, fault, refusal, turned_away

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=4), below, max_size=4),
    max_leaves=12,
)


def data(content: Any, *errors: Any) -> Any:
    return answer({"data": content, **({"errors": list(errors)} if errors else {})})


def states(left: Any, right: Any, *masks: str) -> dict[str, str]:
    return {row.path: row.state.value for row in diff(left, right, masks)}


def test_the_order_of_keys_and_of_elements_is_no_difference() -> None:
    left = data({"users": [{"id": "1", "a": 1}, {"id": "2", "a": 2}], "tags": ["x", "y"]})
    right = data({"tags": ["y", "x"], "users": [{"a": 2, "id": "2"}, {"a": 1, "id": "1"}]})
    assert set(states(left, right).values()) == {"same"}


@given(json_values)
def test_an_answer_is_the_same_as_itself(content: Any) -> None:
    assert {row.state for row in diff(data({"x": content}), data({"x": content}))} == {State.SAME}


@given(json_values, json_values)
def test_sides_can_be_changed(one: Any, other: Any) -> None:
    mirrored = {State.ONLY_LEFT: State.ONLY_RIGHT, State.ONLY_RIGHT: State.ONLY_LEFT}
    there = diff(data({"x": one}), data({"x": other}))
    back = diff(data({"x": other}), data({"x": one}))
    turned = [Row(row.path, mirrored.get(row.state, row.state), row.right, row.left) for row in back]
    assert sorted(map(repr, there)) == sorted(map(repr, turned))


@given(json_values, json_values)
def test_what_differs_is_never_all_the_same(one: Any, other: Any) -> None:
    found = {row.state for row in diff(data({"x": one}), data({"x": other}))}
    if repr(one) == repr(other):
        assert found == {State.SAME}
    elif not _as_sets(one, other):
        assert found != {State.SAME}


def _as_sets(one: Any, other: Any) -> bool:
    """Whether they hold lists, whose order is no difference."""
    return "[" in repr(one) or "[" in repr(other) or sorted(repr(one)) == sorted(repr(other))


def test_elements_are_held_beside_each_other_by_their_ids() -> None:
    left = data({"list": {"items": [{"userId": "1", "n": 1}, {"userId": "2", "n": 2}]}})
    right = data({"list": {"items": [{"userId": "2", "n": 3}, {"userId": "3", "n": 4}]}})
    assert states(left, right) == {
        'list.items[userId="1"]': "only left",
        'list.items[userId="2"].userId': "same",
        'list.items[userId="2"].n': "different",
        'list.items[userId="3"]': "only right",
    }


def test_elements_without_ids_are_compared_as_a_set() -> None:
    rows = diff(data({"n": [1, 1, 2]}), data({"n": [2, 1, 3]}))
    assert [(row.path, row.state.value, row.left, row.right) for row in rows] == [
        ("n[]", "same", "1", "1"),
        ("n[]", "only left", "1", ""),
        ("n[]", "same", "2", "2"),
        ("n[]", "only right", "", "3"),
    ]


def test_elements_without_ids_are_the_same_whatever_the_order_of_their_keys() -> None:
    assert set(states(data({"n": [{"a": 1, "b": 2}]}), data({"n": [{"b": 2, "a": 1}]})).values()) == {"same"}


def test_an_id_that_names_two_elements_names_none() -> None:
    left, right = data({"x": [{"id": 1, "a": 1}, {"id": 1, "a": 2}]}), data({"x": [{"id": 1, "a": 2}]})
    assert [row.state for row in diff(left, right)] == [State.ONLY_LEFT, State.SAME]


def test_a_refused_null_is_no_null() -> None:
    left = data({"me": {"name": "a", "email": None}}, refusal("me", "email"))
    right = data({"me": {"name": "a", "email": "x"}})
    assert states(left, right) == {"me.name": "same", "me.email": "refused left"}
    assert states(right, left)["me.email"] == "refused right"
    assert states(left, left)["me.email"] == "refused on both sides"
    assert states(data({"me": {"email": None}}), right)["me.email"] == "different"
    assert states(data({"me": {"email": None}}, fault("me", "email")), right)["me.email"] == "different"


def test_a_refusal_inside_of_a_list_belongs_to_the_element_that_stands_there() -> None:
    left = data(
        {"items": [{"id": 1, "email": None}, {"id": 2, "email": "b"}]},
        refusal("items", 0, "email"),
    )
    right = data({"items": [{"id": 2, "email": "b"}, {"id": 1, "email": "a"}]})
    found = states(left, right)
    assert found["items[id=1].email"] == "refused left"
    assert found["items[id=2].email"] == "same"


def test_a_null_that_a_refused_child_was_carried_up_to_is_refused() -> None:
    left = data({"me": None}, refusal("me", "secret"))
    assert states(left, data({"me": {"secret": "x"}})) == {"me": "refused left"}


def test_a_call_that_was_turned_away_is_refused_as_a_whole() -> None:
    left = turned_away(401, "UnauthorizedException", "Valid authorization header not provided.")
    (row,) = diff(left, data({"me": 1}))
    assert (row.path, row.state, row.right) == ("", State.REFUSED_LEFT, '{"me": 1}')


def test_a_value_that_changes_by_itself_is_masked_by_a_rule_that_shows() -> None:
    left, right = data({"a": {"createdAt": 1, "n": 1}}), data({"a": {"createdAt": 2, "n": 1}})
    (masked,) = [row for row in diff(left, right, ["**.createdAt"]) if row.state is State.MASKED]
    assert (masked.path, masked.mask, masked.left) == ("a.createdAt", "**.createdAt", "")
    gone = data({"a": {"n": 1}})
    assert states(gone, right, "**.createdAt")["a.createdAt"] == "only right"
    refused = data({"a": {"createdAt": None, "n": 1}}, refusal("a", "createdAt"))
    assert states(refused, right, "**.createdAt")["a.createdAt"] == "refused left"


@pytest.mark.parametrize(
    ("mask", "path", "covers"),
    [
        ("**.createdAt", "createdAt", True),
        ("**.createdAt", "a.b.createdAt", True),
        ("**.createdAt", "a.createdAtAll", False),
        ("a.*.c", "a.b.c", True),
        ("a.*.c", "a.b.b.c", False),
        ("a.**.c", "a.c", True),
        ("**.next*", "list.nextToken", True),
        ("listUsers.items[].id", "listUsers.items.id", True),
        ("a.c", "a.b", False),
        ("a+", "aa", False),
    ],
)
def test_a_mask_covers_the_paths_that_it_says(mask: str, path: str, covers: bool) -> None:
    assert bool(mask_of(tuple(path.split(".")), [mask])) is covers


def test_a_masked_id_names_no_element() -> None:
    left, right = data({"x": [{"id": 1, "userId": 7}]}), data({"x": [{"id": 2, "userId": 7}]})
    assert states(left, right, "**.id") == {"x[userId=7].id": "masked", "x[userId=7].userId": "same"}


def test_an_answer_of_a_rest_api_is_compared_too() -> None:
    assert states(answer({"hello": "a"}), answer({"hello": "b"})) == {"hello": "different"}
    assert states(answer({"message": "Unauthorized"}, 401), answer({"hello": "b"}))["hello"] == "only right"
