"""An operation as each identity sends it."""

import pytest

from services.authorization.suite.saved import SavedOperation
from services.errors import Invalid
from tests.unit.authorization.suite.texts import operation

SEVERAL = SavedOperation(
    "a",
    "modes",
    document="query One($x: Int) { one(x: $x) } mutation Two($y: Int!, $z: Int! = 2) { two(y: $y, z: $z) }",
    name="Two",
    variables={"y": 1},
    variables_for={"guest": {"y": 2}, "guest/iam": {"z": 3}},
)


def test_the_operation_that_is_meant_is_sent_with_the_variables_of_who_sends_it() -> None:
    sent = SEVERAL.operation_for("guest/iam")

    assert (sent.name, sent.changes_data, sent.fields) == ("Two", True, (("two",),))
    assert sent.variables == {"y": 2, "z": 3}
    assert SEVERAL.operation_for("nobody").variables == {"y": 1}


def test_what_earlier_answers_gave_comes_before_what_is_written() -> None:
    assert SEVERAL.operation_for("guest/iam", {"y": 9}).variables == {"y": 9, "z": 3}


def test_a_variable_without_a_value_is_lacking_only_where_it_has_to_be_given() -> None:
    bare = SavedOperation("a", "modes", document=SEVERAL.document, name="Two")

    assert bare.lacking("nobody") == ("y",)
    assert bare.lacking("nobody", {"y": 1}) == ()
    assert SavedOperation("a", "modes", document=SEVERAL.document, name="One").lacking("nobody") == ()
    assert SEVERAL.takes == {"y", "z"}


def test_a_place_of_a_rest_request_is_lacking_without_a_value() -> None:
    request = operation("{id: a, rest: 'GET users/{id}', variables_for: {guest: {id: 5}}}")

    assert request.lacking("nobody") == ("id",)
    assert request.request_for("guest/iam").path == "users/5"


def test_a_document_is_not_sent_to_the_rest_api_nor_a_request_to_the_graphql_api() -> None:
    with pytest.raises(Invalid, match="no REST request"):
        operation("{id: a, document: '{ a }'}").request_for("nobody")
    with pytest.raises(Invalid, match="no GraphQL operation"):
        operation("{id: a, rest: GET x}").operation_for("nobody")
