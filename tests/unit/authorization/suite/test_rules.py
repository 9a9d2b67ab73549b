"""Each kind of condition, with an answer that it holds of and one that it doesn't."""

import pytest

from services.authorization.cells import Observation, Verdict
from services.authorization.outcomes import Outcome
from services.authorization.suite.rules import All, AnyOf, Rule, Seen, ruled
from services.graphql import Answer
from tests.unit.authorization.samples import answer, fault, refusal
from tests.unit.authorization.suite.texts import suite

EMPTY = answer({"data": {"items": []}})
FULL = answer({"data": {"items": [{"id": "1", "mail": None}]}})
REFUSED = answer({"data": {"items": None}, "errors": [refusal("items")]})
FAILED = answer({"data": {"items": None}, "errors": [fault("items", error_type="Custom:NotYours")]})
AWAY = answer({"errors": [{"errorType": "UnauthorizedException", "message": "x"}]}, 401)


def rule(when: str, outcome: str = "refused by rule", more: str = "") -> Rule:
    """A rule as a suite file writes it."""
    return suite(f"rules: [{{name: mine, when: {when}, outcome: {outcome}{more}}}]").rules[0]


def decides(given: Rule, seen: Answer, before: Outcome = Outcome.NO_VERDICT, operation: str = "a") -> Outcome:
    """The outcome that the rule leaves."""
    return ruled([given], operation, Observation(Verdict(before), "As it was."), seen).verdict.outcome


@pytest.mark.parametrize(
    ("when", "holds", "fails"),
    [
        ("{status: 401}", AWAY, EMPTY),
        ("{error_type: 'Custom:NotYours'}", FAILED, REFUSED),
        ("{error_type: UnauthorizedException}", AWAY, EMPTY),
        ("{message: '^not authorized to access'}", REFUSED, FAILED),
        ("{path: 'items[].id'}", FULL, EMPTY),
        ("{path: 'items[].mail'}", answer({"data": {"items": [{"mail": None}, {"mail": "x"}]}}), FULL),
        ("{not: {path: 'items[0]'}}", EMPTY, FULL),
        ("{all: [{status: 200}, {error_type: Unauthorized}]}", REFUSED, EMPTY),
        ("{any: [{status: 401}, {error_type: 'Custom:NotYours'}]}", FAILED, REFUSED),
        ("{all: [{any: [{status: 401}, {status: 200}]}, {not: {message: boom}}]}", EMPTY, FAILED),
    ],
)
def test_a_condition_holds_of_one_and_not_of_the_other(when: str, holds: Answer, fails: Answer) -> None:
    given = rule(when)

    assert decides(given, holds) is Outcome.REFUSED_BY_RULE
    assert decides(given, fails) is Outcome.NO_VERDICT


def test_a_condition_can_ask_for_the_outcome_that_the_answer_has_by_itself() -> None:
    given = rule("{outcome: filtered}")

    assert decides(given, EMPTY, Outcome.FILTERED) is Outcome.REFUSED_BY_RULE
    assert decides(given, EMPTY, Outcome.ALLOWED) is Outcome.ALLOWED


def test_a_verdict_that_a_rule_gave_names_the_rule_and_what_there_was_without_it() -> None:
    found = ruled([rule("{status: 200}")], "a", Observation(Verdict(Outcome.NO_VERDICT), "It failed."), FAILED)

    assert found.why == "The suite's rule “mine” makes this refused by rule. Without it: no verdict. It failed."


def test_a_call_without_an_answer_stays_no_verdict() -> None:
    seen = Observation(Verdict(Outcome.NO_VERDICT), "It timed out.")

    assert ruled([rule("{not: {status: 500}}")], "a", seen, None) is seen


def test_a_rule_can_be_for_some_operations_only() -> None:
    given = rule("{status: 200}", more=", operations: [a]")

    assert decides(given, EMPTY, operation="a") is Outcome.REFUSED_BY_RULE
    assert decides(given, EMPTY, operation="b") is Outcome.NO_VERDICT


def test_all_of_nothing_never_holds() -> None:
    assert not All(()).holds(Seen(EMPTY, Outcome.ALLOWED))
    assert not AnyOf(()).holds(Seen(EMPTY, Outcome.ALLOWED))


def test_the_first_rule_that_holds_decides() -> None:
    seen = Observation(Verdict(Outcome.FILTERED), "")

    rules = [rule("{status: 500}", "partial"), rule("{status: 200}"), rule("{status: 200}", "allowed")]
    found = ruled(rules, "a", seen, EMPTY)

    assert found.verdict.outcome is Outcome.REFUSED_BY_RULE


def test_a_rule_that_changes_nothing_is_not_named() -> None:
    seen = Observation(Verdict(Outcome.REFUSED_BY_RULE, frozenset({"items"})), "As it was.")

    assert ruled([rule("{status: 200}")], "a", seen, REFUSED) is seen


def test_refused_fields_are_kept_where_they_mean_something() -> None:
    seen = Observation(Verdict(Outcome.PARTIAL, frozenset({"items"})), "")

    assert ruled([rule("{status: 200}")], "a", seen, REFUSED).verdict.refused == {"items"}
    assert ruled([rule("{status: 200}", "allowed")], "a", seen, REFUSED).verdict.refused == frozenset()


def test_a_rest_answer_is_looked_at_as_a_whole() -> None:
    seen = Observation(Verdict(Outcome.ALLOWED), "")
    answered = answer([{"state": "denied"}])

    by_message = ruled([rule("{message: denied}")], "a", seen, answered, rest=True)
    by_path = ruled([rule("{path: '[0].state'}")], "a", seen, answered, rest=True)

    assert by_message.verdict.outcome is by_path.verdict.outcome is Outcome.REFUSED_BY_RULE
