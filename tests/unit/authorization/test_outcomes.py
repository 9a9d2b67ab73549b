"""Which outcome an answer shows, from its data, errors, status and header together."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.authorization.evidence import evidence_of, lengths
from services.authorization.explain import explain, explain_failure
from services.authorization.identity import Kind
from services.authorization.outcomes import SIGNS, Outcome, outcome_of
from services.errors import Unavailable
from services.graphql import Answer
from tests.unit.authorization.samples import answer, fault, identity, refusal


def outcome(body: Any, status: int = 200) -> Outcome:
    return explain(answer(body, status), identity()).outcome


def test_data_without_errors_is_allowed() -> None:
    assert outcome({"data": {"listUsers": {"items": [{"userId": "1"}], "nextToken": None}}}) is Outcome.ALLOWED


def test_an_empty_list_is_filtered_not_allowed() -> None:
    assert outcome({"data": {"listUsers": {"items": [], "nextToken": None}}}) is Outcome.FILTERED


def test_a_null_without_an_error_is_filtered() -> None:
    assert outcome({"data": {"byDefault": None}}) is Outcome.FILTERED


@pytest.mark.parametrize("value", [False, 0, ""])
def test_false_zero_and_an_empty_text_are_values(value: object) -> None:
    assert outcome({"data": {"field": value}}) is Outcome.ALLOWED


def test_a_refused_root_field_is_refused_by_rule_although_the_status_is_200() -> None:
    assert outcome({"data": {"forAdmins": None}, "errors": [refusal("forAdmins")]}) is Outcome.REFUSED_BY_RULE


def test_a_refused_root_field_that_may_not_be_null_is_refused_by_rule() -> None:
    assert outcome({"data": None, "errors": [refusal("forAdmins")]}) is Outcome.REFUSED_BY_RULE


def test_one_refused_field_beside_one_that_came_is_partial() -> None:
    body = {"data": {"byUserPool": "yes", "forAdmins": None}, "errors": [refusal("forAdmins")]}
    assert outcome(body) is Outcome.PARTIAL


def test_an_object_whose_every_field_is_refused_is_refused_by_rule() -> None:
    body = {
        "data": {"listUsers": {"items": None, "nextToken": None}},
        "errors": [refusal("listUsers", "items"), refusal("listUsers", "nextToken")],
    }
    assert outcome(body) is Outcome.REFUSED_BY_RULE


def test_a_null_that_nobody_refused_beside_a_refused_field_is_partial() -> None:
    body = {"data": {"listUsers": {"items": None, "nextToken": None}}, "errors": [refusal("listUsers", "items")]}
    assert outcome(body) is Outcome.PARTIAL


def test_a_refused_child_that_takes_its_parent_away_is_refused_by_rule() -> None:
    body = {"data": {"trapNonNullChild": None}, "errors": [refusal("trapNonNullChild", "adminsOnly")]}
    assert outcome(body) is Outcome.REFUSED_BY_RULE


def test_a_field_refused_in_one_list_element_makes_the_answer_partial() -> None:
    body = {
        "data": {"items": [{"email": "a@example.com"}, {"email": None}]},
        "errors": [refusal("items", 1, "email")],
    }
    assert outcome(body) is Outcome.PARTIAL


def test_the_type_name_of_a_refused_object_is_no_data() -> None:
    body = {"data": {"trap": {"__typename": "Trap", "text": None}}, "errors": [refusal("trap", "text")]}
    assert outcome(body) is Outcome.REFUSED_BY_RULE


def test_the_type_name_alone_is_data_when_nothing_else_was_asked_for() -> None:
    assert outcome({"data": {"__typename": "Query"}}) is Outcome.ALLOWED


def test_a_value_that_came_in_spite_of_its_refusal_is_not_allowed() -> None:
    assert outcome({"data": {"secret": "x"}, "errors": [refusal("secret")]}) is Outcome.REFUSED_BY_RULE


def test_a_refusal_of_a_field_that_is_not_in_the_data_still_counts() -> None:
    assert outcome({"data": {"a": 1}, "errors": [refusal("b")]}) is Outcome.PARTIAL


@pytest.mark.parametrize("data", [None, {"one": None}, {"one": "x"}])
@pytest.mark.parametrize("path", [[], None, "one"])
def test_a_refusal_that_names_no_field_refuses_nobody_and_lets_nobody_in(data: object, path: object) -> None:
    body = {"data": data, "errors": [{"path": path, "errorType": "Unauthorized", "message": "no"}]}
    assert outcome(body) is Outcome.NO_VERDICT


def test_a_failed_resolver_is_no_verdict() -> None:
    assert outcome({"data": {"listUsers": None}, "errors": [fault("listUsers")]}) is Outcome.NO_VERDICT


def test_a_failed_resolver_beside_data_is_no_verdict_since_the_failed_field_was_not_judged() -> None:
    body = {"data": {"a": 1, "b": None}, "errors": [fault("b")]}
    assert outcome(body) is Outcome.NO_VERDICT


def test_a_refused_field_beside_a_failed_one_is_no_verdict_unless_something_came() -> None:
    errors = [refusal("a"), fault("b")]
    assert outcome({"data": {"a": None, "b": None}, "errors": errors}) is Outcome.NO_VERDICT
    assert outcome({"data": {"a": None, "b": None, "c": 1}, "errors": errors}) is Outcome.PARTIAL


def test_a_validation_error_is_no_verdict() -> None:
    message = "Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'"
    body = {"data": None, "errors": [{"path": None, "locations": [], "message": message}]}
    explanation = explain(answer(body), identity())
    assert explanation.outcome is Outcome.NO_VERDICT
    assert "badfield" in explanation.why


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"data": null}', '{"data": {}}', '"text"', "null"])
def test_an_answer_without_data_and_errors_is_no_verdict(body: str) -> None:
    assert explain(answer(body), identity()).outcome is Outcome.NO_VERDICT


@pytest.mark.parametrize("errors", [None, "text", {}, [None], ["text"], [{"path": "items"}], [{"path": [None]}]])
def test_malformed_errors_do_not_stop_the_judging(errors: object) -> None:
    assert outcome({"data": None, "errors": errors}) is Outcome.NO_VERDICT


def test_a_call_that_was_not_answered_is_no_verdict() -> None:
    explanation = explain_failure(Unavailable("Could not reach the API", "No answer within 30 s", "Try again"))
    assert explanation.outcome is Outcome.NO_VERDICT
    assert explanation.why == "Could not reach the API: No answer within 30 s."


def test_every_outcome_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS) == len(Outcome)


def test_only_the_first_five_are_evidence() -> None:
    assert [each for each in Outcome if not each.is_evidence] == [Outcome.NO_VERDICT]


def test_list_elements_are_counted_by_field_over_all_elements_above() -> None:
    counted = lengths(answer({"data": {"items": [{"tags": ["a"]}, {"tags": ["b", "c"]}, {"tags": None}], "no": None}}))
    assert counted == {("items",): 3, ("items", "tags"): 3}


# --- for all answers -------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "items", "email", "__typename"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=3),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(KEYS, below, max_size=2),
    max_leaves=5,
)
DATA = st.none() | st.dictionaries(KEYS, VALUES, max_size=3)
PATHS = st.lists(KEYS | st.integers(0, 2), max_size=4)
TYPES = st.sampled_from(["Unauthorized", "UnauthorizedException", "Lambda:Unhandled", "MappingTemplate", "", None])
ERRORS = st.lists(
    st.builds(lambda path, kind: {"path": path, "errorType": kind, "message": "m"}, PATHS, TYPES), max_size=4
)
KINDS = st.sampled_from(list(Kind))
# Drawing an answer takes its time on a busy machine, which says nothing about the code.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FAILING = st.sampled_from([429, 500, 502, 503, 504, 404, 302])


@unhurried
@given(DATA, ERRORS, FAILING, KINDS, st.booleans())
def test_no_failing_status_is_ever_evidence_whatever_the_body_says(
    data: Any, errors: list[Any], status: int, kind: Kind, broken: bool
) -> None:
    failing = answer({"data": data, "errors": errors}, status, {"x-amzn-errortype": "UnauthorizedException"})
    assert explain(failing, identity(kind, broken=broken)).outcome is Outcome.NO_VERDICT


@unhurried
@given(st.text(max_size=40), st.integers(100, 599).filter(lambda status: status != 200), KINDS)
def test_no_status_is_evidence_with_a_body_that_is_not_appsyncs(text: str, status: int, kind: Kind) -> None:
    assert explain(answer(text, status), identity(kind)).outcome is Outcome.NO_VERDICT


@unhurried
@given(DATA, ERRORS)
def test_an_answer_with_a_refused_field_is_never_allowed_or_filtered(data: Any, errors: list[Any]) -> None:
    body = {"data": data, "errors": [*errors, refusal("a", "email")]}
    assert outcome(body) not in {Outcome.ALLOWED, Outcome.FILTERED}


@unhurried
@given(DATA, ERRORS)
def test_an_answer_with_any_error_is_never_allowed_or_filtered(data: Any, errors: list[Any]) -> None:
    if errors:
        assert outcome({"data": data, "errors": errors}) not in {Outcome.ALLOWED, Outcome.FILTERED}


@unhurried
@given(DATA, ERRORS, st.randoms())
def test_the_order_of_errors_does_not_matter(data: Any, errors: list[Any], random: Any) -> None:
    shuffled = random.sample(errors, len(errors))
    assert outcome({"data": data, "errors": errors}) is outcome({"data": data, "errors": shuffled})


@unhurried
@given(DATA, ERRORS)
def test_refused_ends_are_never_counted_among_what_came(data: Any, errors: list[Any]) -> None:
    evidence = evidence_of(answer({"data": data, "errors": errors}))
    assert not evidence.refused & (evidence.values | evidence.empty)


@unhurried
@given(DATA, ERRORS)
def test_partial_needs_something_that_came_and_something_refused(data: Any, errors: list[Any]) -> None:
    evidence = evidence_of(answer({"data": data, "errors": errors}))
    came = bool(evidence.values or evidence.empty)
    assert (outcome_of(evidence) is Outcome.PARTIAL) == (came and bool(evidence.refused))


@unhurried
@given(st.binary(max_size=40), st.integers(100, 599))
def test_no_answer_breaks_the_judging(raw: bytes, status: int) -> None:
    given_answer = Answer(status, {}, raw.decode("latin-1"), 1.0)
    assert explain(given_answer, identity()).why


def test_a_throttled_call_says_that_it_was_throttled() -> None:
    assert "too many requests" in explain(answer(json.dumps({"errors": []}), 429), identity()).why
