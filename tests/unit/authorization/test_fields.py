"""What each selected field showed: the rows of the grid."""

from graphql import parse

from services.authorization.evidence import Keys
from services.authorization.explain import explain
from services.authorization.explanation import Explanation
from services.authorization.fields import FieldState, findings, label, lists_in, selected
from services.authorization.outcomes import Outcome
from services.graphql import Answer
from tests.unit.authorization.samples import answer, fault, identity, refusal, turned_away


def outcomes(fields: list[Keys], given: Answer, reference: dict[Keys, int] | None = None) -> list[Outcome]:
    explanation = explain(given, identity())
    return [finding.outcome for finding in findings(fields, given, explanation, reference).values()]


def test_fields_are_listed_in_the_order_of_the_operation_with_aliases_and_fragments() -> None:
    document = parse(
        """
        query A { users: listUsers { ...page ... on Connection { nextToken } } __typename }
        fragment page on Connection { items { userId } nextToken }
        query B { other }
        """
    )
    assert selected(document, "A") == (
        ("users",),
        ("users", "items"),
        ("users", "items", "userId"),
        ("users", "nextToken"),
        ("__typename",),
    )
    assert selected(document, "B") == (("other",),)


def test_a_fragment_that_spreads_itself_is_walked_once() -> None:
    document = parse("{ a { ...f } } fragment f on A { b { ...f } }")
    assert selected(document) == (("a",), ("a", "b"))


def test_a_list_is_marked_in_the_path_of_what_stands_in_it() -> None:
    lists = lists_in(answer({"data": {"listUsers": {"items": [{"email": "a"}]}}}))
    assert lists == {("listUsers", "items")}
    assert label(("listUsers", "items", "email"), lists) == "listUsers.items[].email"
    assert label(("listUsers", "items"), lists) == "listUsers.items"


def test_a_list_that_was_taken_away_shows_by_the_index_in_the_error() -> None:
    given = answer({"data": {"items": None}, "errors": [refusal("items", 0, "id")]})
    assert lists_in(given) == {("items",)}


def test_a_call_that_was_turned_away_turned_every_field_away() -> None:
    given = turned_away(401, "UnauthorizedException", "Valid authorization header not provided.")
    assert outcomes([("a",), ("a", "b")], given) == [Outcome.REFUSED_BY_MODE] * 2


def test_a_call_without_an_answer_judges_no_field() -> None:
    found = findings([("a",)], None, Explanation(Outcome.NO_VERDICT, "It was not run."))
    assert found[("a",)].outcome is Outcome.NO_VERDICT


def test_values_refusals_faults_and_nulls_are_told_apart() -> None:
    given = answer(
        {
            "data": {"value": 0, "refused": None, "failed": None, "empty": None},
            "errors": [refusal("refused"), fault("failed")],
        }
    )
    fields: list[Keys] = [("value",), ("refused",), ("failed",), ("empty",)]
    assert outcomes(fields, given) == [
        Outcome.ALLOWED,
        Outcome.REFUSED_BY_RULE,
        Outcome.NO_VERDICT,
        Outcome.FILTERED,
    ]


def test_an_object_with_a_refused_child_is_partial_and_the_child_refused() -> None:
    given = answer({"data": {"o": {"open": "x", "closed": None}}, "errors": [refusal("o", "closed")]})
    assert outcomes([("o",), ("o", "open"), ("o", "closed")], given) == [
        Outcome.PARTIAL,
        Outcome.ALLOWED,
        Outcome.REFUSED_BY_RULE,
    ]


def test_an_object_of_which_nothing_came_is_refused_as_its_children_are() -> None:
    given = answer({"data": {"o": {"__typename": "O", "closed": None}}, "errors": [refusal("o", "closed")]})
    found = findings([("o",), ("o", "closed")], given, explain(given, identity()))
    assert [each.outcome for each in found.values()] == [Outcome.REFUSED_BY_RULE] * 2
    assert found[("o",)].words == FieldState.EMPTIED.value


def test_an_object_whose_fields_are_all_null_is_filtered() -> None:
    given = answer({"data": {"o": {"a": None, "list": [None]}}})
    assert outcomes([("o",)], given) == [Outcome.FILTERED]


def test_what_stands_beside_a_child_that_took_the_object_away_was_not_reached() -> None:
    given = answer({"data": {"o": None}, "errors": [refusal("o", "closed")]})
    found = findings([("o",), ("o", "open"), ("o", "closed")], given, explain(given, identity()))
    assert [each.outcome for each in found.values()] == [
        Outcome.REFUSED_BY_RULE,
        Outcome.NO_VERDICT,
        Outcome.REFUSED_BY_RULE,
    ]
    assert found[("o", "open")].words == FieldState.NOT_REACHED.value


def test_what_stands_in_an_empty_list_was_not_reached() -> None:
    given = answer({"data": {"items": []}})
    assert outcomes([("items",), ("items", "id")], given) == [Outcome.FILTERED, Outcome.NO_VERDICT]


def test_a_field_refused_in_some_elements_is_partial() -> None:
    given = answer({"data": {"items": [{"id": 1}, {"id": None}]}, "errors": [refusal("items", 1, "id")]})
    assert outcomes([("items", "id")], given) == [Outcome.PARTIAL]


def test_a_shorter_list_than_the_reference_identity_saw_is_filtered() -> None:
    given = answer({"data": {"items": [1]}})
    assert outcomes([("items",)], given, {("items",): 2}) == [Outcome.FILTERED]
    assert outcomes([("items",)], given, {("items",): 1}) == [Outcome.ALLOWED]


def test_a_field_carries_appsyncs_text_about_itself_and_not_about_its_neighbours() -> None:
    given = answer({"data": {"a": None, "b": None}, "errors": [refusal("a"), refusal("b")]})
    found = findings([("a",), ("b",)], given, explain(given, identity()))
    assert found[("b",)].messages == ("Not Authorized to access b on type Query",)
