"""Operations that use what earlier answers gave."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.authorization.suite.chains import Captured, Carried, captured, carried, ordered, undo_variables
from services.authorization.suite.saved import SavedOperation
from services.errors import Invalid
from tests.unit.authorization.samples import answer, refusal
from tests.unit.authorization.suite.texts import suite


def op(name: str, *after: str) -> SavedOperation:
    """An operation that comes after others."""
    return SavedOperation(name, "modes", document="query ($id: ID!) { a(id: $id) }", after=after)


CHAIN = """
operations:
  - id: delete
    document: "mutation ($id: ID!) { deletePost(id: $id) { id } }"
    after: [create, read]
  - id: read
    document: "query ($id: ID!) { getPost(id: $id) { id } }"
    after: [create]
  - id: create
    document: "mutation { createPost { id tags } }"
    capture: {id: createPost.id, tag: 'createPost.tags[0]'}
    safety: full
    undo: {document: "mutation ($id: ID!) { deletePost(id: $id) { id } }"}
"""


def test_each_operation_stands_behind_those_that_it_waits_for() -> None:
    assert [each.id for each in ordered(suite(operations=CHAIN).operations)] == ["create", "read", "delete"]


def test_operations_that_wait_for_nobody_keep_their_order() -> None:
    assert [each.id for each in ordered([op("c"), op("a"), op("b", "a"), op("d")])] == ["c", "a", "b", "d"]


def test_a_circle_is_refused_with_its_names() -> None:
    with pytest.raises(Invalid) as refusal:
        ordered([op("a", "c"), op("b", "a"), op("c", "b"), op("d")])

    assert all(name in refusal.value.why for name in ("a", "b", "c"))
    assert "d" not in refusal.value.why.split(": ")[1]


def test_an_operation_that_is_not_there_is_named() -> None:
    with pytest.raises(Invalid, match="a comes after gone"):
        ordered([op("a", "gone")])


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=10))
def test_any_chain_without_a_circle_can_run_in_its_order(waits: list[list[int]]) -> None:
    operations = [op(str(index), *(str(each) for each in before if each < index)) for index, before in enumerate(waits)]

    found = [each.id for each in ordered(operations[::-1])]

    assert sorted(found) == sorted(each.id for each in operations)
    assert all(found.index(earlier) < found.index(each.id) for each in operations for earlier in each.after)


def test_what_an_answer_gave_goes_into_the_operations_after_it() -> None:
    create, read = suite(operations=CHAIN).operations[2], suite(operations=CHAIN).operations[1]

    left = captured(create, answer({"data": {"createPost": {"id": "p1", "tags": ["x"]}}}))

    assert left == Captured({"id": "p1", "tag": "x"})
    # `read` has no place for the tag.
    assert carried(read, {"create": left}) == Carried({"id": "p1"})
    assert read.operation_for("nobody", {"id": "p1"}).variables == {"id": "p1"}


def test_an_operation_is_not_run_when_what_it_needs_did_not_come() -> None:
    create, read = suite(operations=CHAIN).operations[2], suite(operations=CHAIN).operations[1]

    refused = captured(create, answer({"data": {"createPost": None}}))

    assert carried(read, {"create": refused}).reason == "create gave no id: its answer has nothing at createPost.id"


def test_what_is_lacking_and_not_used_stops_nobody() -> None:
    create, read = suite(operations=CHAIN).operations[2], suite(operations=CHAIN).operations[1]

    left = captured(create, answer({"data": {"createPost": {"id": "p1", "tags": []}}}))

    assert left == Captured({"id": "p1"}, {"tag": "its answer has nothing at createPost.tags[0]"})
    assert set(captured(create, answer({"data": {"createPost": {"id": None, "tags": ["x"]}}})).lacking) == {"id"}
    assert carried(read, {"create": left}) == Carried({"id": "p1"})


def test_a_value_of_its_own_stands_in_for_one_that_did_not_come() -> None:
    make, get = suite(
        operations="""
operations:
  - {id: make, document: "{ make { id } }", capture: {id: make.id}}
  - {id: get, document: "query ($id: ID!) { get(id: $id) }", after: [make], variables: {id: made-up}}
"""
    ).operations

    refused = captured(make, answer({"data": {"make": None}, "errors": [refusal("make")]}))
    made = captured(make, answer({"data": {"make": {"id": "p1"}}}))

    assert carried(get, {"make": refused}) == Carried()
    assert get.operation_for("nobody", carried(get, {"make": refused}).variables).variables == {"id": "made-up"}
    assert get.operation_for("nobody", carried(get, {"make": made}).variables).variables == {"id": "p1"}


def test_an_operation_says_why_what_it_waits_for_gave_nothing() -> None:
    create, read = suite(operations=CHAIN).operations[2], suite(operations=CHAIN).operations[1]

    assert carried(read, {}).reason == "create was not run before it"
    never = captured(create, None, "the credential could not be had")
    assert carried(read, {"create": never}).reason == "create gave no id: the credential could not be had"


def test_an_undo_gets_the_results_of_what_it_takes_back() -> None:
    create, read = suite(operations=CHAIN).operations[2], suite(operations=CHAIN).operations[1]

    assert undo_variables(create, answer({"data": {"createPost": {"id": "p1"}}})) == Carried({"id": "p1"})
    assert "the undo needs id" in undo_variables(create, answer({"data": {"createPost": None}})).reason
    assert "has no undo" in undo_variables(read, answer({"data": {}})).reason


def test_a_rest_answer_can_be_captured_from_and_into() -> None:
    found = suite(
        operations="""
operations:
  - {id: make, rest: POST things, capture: {id: '[0].id'}}
  - {id: get, rest: 'GET things/{id}', after: [make]}
"""
    ).operations

    left = captured(found[0], answer([{"id": 7}]))

    assert carried(found[1], {"make": left}) == Carried({"id": 7})
    assert found[1].request_for("nobody", {"id": 7}).path == "things/7"
