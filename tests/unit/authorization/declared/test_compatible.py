"""When an observation fits a prediction, contradicts it, or is no evidence at all."""

import pytest

from services.authorization.cells import Declaration, Observation, Verdict
from services.authorization.declared.compatible import compatible
from services.authorization.outcomes import Outcome

ALLOWED, FILTERED, PARTIAL = Outcome.ALLOWED, Outcome.FILTERED, Outcome.PARTIAL
BY_MODE, BY_RULE, NOTHING = Outcome.REFUSED_BY_MODE, Outcome.REFUSED_BY_RULE, Outcome.NO_VERDICT


def fits(
    declared: Outcome | None,
    refused: set[str],
    seen: Outcome,
    seen_refused: set[str],
    reached: set[str] | None = None,
) -> bool | None:
    verdict = Verdict(declared, frozenset(refused)) if declared else None
    observation = Observation(
        Verdict(seen, frozenset(seen_refused)), "", reached=None if reached is None else frozenset(reached)
    )
    return compatible(Declaration(verdict, ()), observation)


@pytest.mark.parametrize("seen", list(Outcome))
def test_without_a_prediction_and_without_a_verdict_there_is_no_evidence(seen: Outcome) -> None:
    assert fits(None, set(), seen, set()) is None
    assert fits(ALLOWED, set(), NOTHING, set()) is None
    assert fits(BY_MODE, set(), NOTHING, set()) is None


@pytest.mark.parametrize("seen", [ALLOWED, FILTERED, PARTIAL, BY_RULE])
def test_a_refusal_by_mode_fits_itself_alone(seen: Outcome) -> None:
    refused = {"a"} if seen in {PARTIAL, BY_RULE} else set()
    assert fits(BY_MODE, set(), BY_MODE, set()) is True
    assert fits(BY_MODE, set(), seen, refused) is False
    assert fits(seen, refused, BY_MODE, set()) is False


def test_allowed_fits_allowed_and_filtered_since_no_schema_tells_which_rows_come() -> None:
    assert fits(ALLOWED, set(), ALLOWED, set()) is True
    assert fits(ALLOWED, set(), FILTERED, set()) is True


@pytest.mark.parametrize(("seen", "refused"), [(PARTIAL, {"a"}), (BY_RULE, {"a"}), (BY_RULE, set())])
def test_a_refusal_that_is_not_declared_contradicts(seen: Outcome, refused: set[str]) -> None:
    assert fits(ALLOWED, set(), seen, refused) is False


def test_the_same_refused_fields_fit_whatever_else_came() -> None:
    assert fits(PARTIAL, {"a.b"}, PARTIAL, {"a.b"}) is True
    assert fits(BY_RULE, {"a[].b"}, PARTIAL, {"a[].b"}) is True


def test_a_field_more_or_less_contradicts_when_it_was_reached() -> None:
    assert fits(PARTIAL, {"a.b"}, PARTIAL, {"a.b", "a.c"}) is False
    assert fits(PARTIAL, {"a.b", "a.c"}, PARTIAL, {"a.b"}, {"a", "a.b", "a.c"}) is False
    assert fits(PARTIAL, {"a.b"}, ALLOWED, set(), {"a", "a.b"}) is False


def test_a_refusal_below_what_never_came_is_no_evidence() -> None:
    assert fits(PARTIAL, {"a[].b"}, FILTERED, set(), {"a"}) is None
    assert fits(PARTIAL, {"a.b"}, ALLOWED, set(), {"a", "c"}) is None
    assert fits(PARTIAL, {"a.b", "c.d"}, PARTIAL, {"c.d"}, {"a", "c", "c.d"}) is None


def test_where_it_is_not_known_what_was_reached_root_fields_and_siblings_of_refused_ones_were() -> None:
    assert fits(PARTIAL, {"a"}, ALLOWED, set()) is False
    assert fits(PARTIAL, {"a.b", "a.c"}, PARTIAL, {"a.b"}) is False
    assert fits(PARTIAL, {"a.b"}, ALLOWED, set()) is None


def test_refused_as_a_whole_and_refused_field_by_field_are_one_to_the_caller() -> None:
    assert fits(BY_RULE, set(), BY_RULE, {"a"}) is True
    assert fits(BY_RULE, {"a"}, BY_RULE, set()) is True
    assert fits(BY_RULE, set(), ALLOWED, set()) is False
    assert fits(BY_RULE, set(), FILTERED, set()) is False
    assert fits(PARTIAL, {"a"}, BY_RULE, set()) is False
