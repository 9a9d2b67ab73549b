"""Which way a verdict leans from another."""

import pytest

from services.authorization.agreed.comparison import Difference, compare, in_words
from services.authorization.cells import Verdict
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE, BY_RULE, FILTERED, partial

MORE, LESS, OTHERWISE = Difference


@pytest.mark.parametrize(
    ("wanted", "seen", "difference"),
    [
        (BY_MODE, ALLOWED, MORE),
        (BY_RULE, partial("a"), MORE),
        (BY_RULE, FILTERED, MORE),
        (partial("a", "b"), partial("a"), MORE),
        (partial("a"), ALLOWED, MORE),
        (partial("a"), partial("b"), MORE),
        (FILTERED, ALLOWED, MORE),
        (FILTERED, partial("a"), MORE),
        (ALLOWED, BY_MODE, LESS),
        (ALLOWED, BY_RULE, LESS),
        (ALLOWED, partial("a"), LESS),
        (partial("a"), partial("a", "b"), LESS),
        (ALLOWED, FILTERED, LESS),
        (partial("a"), FILTERED, LESS),
        (BY_MODE, BY_RULE, OTHERWISE),
        (BY_RULE, BY_MODE, OTHERWISE),
    ],
)
def test_verdicts_that_differ_lean_one_way(wanted: Verdict, seen: Verdict, difference: Difference) -> None:
    compared = compare(wanted, seen)
    assert compared
    assert compared.difference is difference


@pytest.mark.parametrize("verdict", [ALLOWED, FILTERED, partial("a"), BY_MODE, BY_RULE])
def test_equal_verdicts_agree(verdict: Verdict) -> None:
    assert compare(verdict, verdict) is None


def test_the_fields_that_came_and_those_that_were_kept_back_are_named() -> None:
    compared = compare(partial("a", "b"), partial("b", "c"))
    assert compared
    assert (compared.gained, compared.lost) == ({"a"}, {"c"})


def test_an_empty_answer_is_as_good_as_a_full_one_where_nothing_tells_them_apart() -> None:
    for wanted in (ALLOWED, partial("list[].email")):
        assert compare(wanted, FILTERED, filtered_is_allowed=True) is None
    compared = compare(ALLOWED, partial("a"), filtered_is_allowed=True)
    assert compared
    assert compared.difference is LESS


def test_a_verdict_names_its_refused_fields_in_order() -> None:
    assert in_words(partial("b", "a")) == "partial (refused: a, b)"
    assert in_words(ALLOWED) == "allowed"


def test_what_was_never_asked_for_was_not_let_through() -> None:
    wanted = partial("list[].email", "me.email")
    gained = compare(wanted, ALLOWED, reached=frozenset({"list", "me", "me.email"}))
    assert gained
    assert (gained.difference, gained.gained) == (MORE, {"me.email"})
    nothing = compare(wanted, ALLOWED, reached=frozenset({"list", "me"}))
    assert nothing
    assert nothing.difference is LESS, "what was agreed did not show itself"
    assert compare(wanted, ALLOWED, reached=frozenset({"list"}), filtered_is_allowed=True) is None
