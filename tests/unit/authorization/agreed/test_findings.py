"""Findings: every disagreement is told, and nothing that isn't proven ever agrees."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.authorization.agreed.agreement import Accepted, lets_in
from services.authorization.agreed.assessment import Exit, assess
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Class, Severity
from services.authorization.agreed.findings import disagreements
from services.authorization.cells import CellId, Verdict
from services.authorization.outcomes import Outcome
from tests.unit.authorization.agreed.samples import (
    ALLOWED,
    BY_MODE,
    BY_RULE,
    CELL,
    FILTERED,
    LINE,
    NO_VERDICT,
    NOON,
    WHY,
    Result,
    agreed,
    declared,
    found,
    kinds,
    partial,
    seen,
)

ANY = (ALLOWED, FILTERED, partial("a"), partial("a", "b"), BY_MODE, BY_RULE)


@pytest.mark.parametrize("refusal", [BY_MODE, BY_RULE])
def test_what_is_not_listed_is_agreed_to_be_refused_one_way_or_the_other(refusal: Verdict) -> None:
    assert found(refusal) == ()


@pytest.mark.parametrize("verdict", [each for each in ANY if lets_in(each)])
def test_what_is_not_listed_but_let_in_is_a_problem(verdict: Verdict) -> None:
    (finding,) = found(verdict)
    assert finding.kind.value == "let-in-unlisted"
    assert finding.severity is Severity.PROBLEM
    assert finding.disagrees
    assert finding.cells == (CELL,)


@given(st.sampled_from(ANY), st.sampled_from(ANY))
def test_an_observation_agrees_with_its_line_and_with_nothing_else(wanted: Verdict, shown: Verdict) -> None:
    findings = found(shown, agreed(wanted))
    assert (findings == ()) == (wanted == shown)
    assert all(each.disagrees for each in findings)


@pytest.mark.parametrize(
    ("wanted", "shown", "kind"),
    [
        (BY_RULE, ALLOWED, "more-than-agreed"),
        (partial("a"), ALLOWED, "more-than-agreed"),
        (ALLOWED, partial("a"), "less-than-agreed"),
        (ALLOWED, BY_MODE, "less-than-agreed"),
        (BY_MODE, BY_RULE, "refused-otherwise-than-agreed"),
    ],
)
def test_more_and_less_access_are_findings_of_their_own_kinds(wanted: Verdict, shown: Verdict, kind: str) -> None:
    assert kinds(found(shown, agreed(wanted))) == [kind]


def test_a_call_that_shows_something_else_than_declared_is_found_with_the_line_that_says_so() -> None:
    (finding,) = found(BY_RULE, declaration=ALLOWED)
    assert finding.kind.value == "less-than-declared"
    assert finding.disagrees
    (finding,) = found(ALLOWED, agreed(ALLOWED), partial("email"))
    assert finding.reasons == (LINE,)


def test_a_line_of_the_baseline_settles_what_schema_and_policies_do_not_tell() -> None:
    (finding,) = found(BY_RULE, agreed(BY_RULE), ALLOWED)
    assert finding.kind.value == "less-than-declared"
    assert finding.weight is Class.ADVICE
    assert not finding.disagrees


def test_a_prediction_against_the_agreement_is_found_before_any_call() -> None:
    (finding,) = found(None, agreed(BY_RULE), ALLOWED, ran=False)
    assert finding.kind.value == "declared-not-agreed"
    assert found(None, None, ALLOWED, ran=False)[0].kind.value == "declared-not-agreed"
    assert found(None, None, BY_RULE, ran=False) == ()
    assert found(None, agreed(FILTERED), ALLOWED, ran=False) == ()
    assert found(None, agreed(ALLOWED), ALLOWED, ran=False) == ()


def test_a_prediction_about_a_cell_that_proved_nothing_is_worth_knowing_and_proves_nothing() -> None:
    findings = found(NO_VERDICT, agreed(BY_RULE), ALLOWED)
    assert set(kinds(findings)) == {"declared-not-agreed", "no-verdict", "nothing-ran"}
    assert assess([CELL], {CELL: seen(NO_VERDICT)}, findings).exit is Exit.NO_VERDICT


def test_what_was_observed_is_not_told_a_second_time_as_a_prediction() -> None:
    assert kinds(found(ALLOWED, agreed(BY_RULE), ALLOWED)) == ["more-than-agreed"]


@pytest.mark.parametrize("shown", [NO_VERDICT, None])
@pytest.mark.parametrize("baseline", [None, agreed(ALLOWED), agreed(BY_MODE)])
def test_no_verdict_is_never_agreement(shown: Verdict | None, baseline: Baseline | None) -> None:
    findings = found(shown, baseline)
    assert set(kinds(findings)) == {"no-verdict", "nothing-ran"}
    assert not any(each.disagrees for each in findings)
    observed = {CELL: seen(shown)} if shown else {}
    assert assess([CELL], observed, findings).exit is Exit.NO_VERDICT


def test_a_missing_verdict_can_not_be_put_aside() -> None:
    (finding, *_) = [each for each in found(NO_VERDICT) if each.kind.value == "no-verdict"]
    (again, *_) = [
        each
        for each in found(NO_VERDICT, Baseline.empty().suppressing(finding.id, WHY))
        if each.kind.value == "no-verdict"
    ]
    assert again.suppressed is None


def test_a_suite_in_which_nothing_ran_fails() -> None:
    findings = disagreements([], {}, Baseline.empty(), Result(), now=NOON)
    assert kinds(findings) == ["nothing-ran"]
    assert assess([], {}, findings).exit is Exit.NO_VERDICT


def test_an_acceptance_past_its_end_no_longer_counts() -> None:
    ended = agreed(ALLOWED, date(2026, 5, 31))
    (finding,) = found(ALLOWED, ended)
    assert finding.kind.value == "acceptance-ended"
    assert finding.disagrees
    (note,) = found(BY_MODE, ended)
    assert (note.kind.value, note.disagrees) == ("acceptance-ended", False)
    assert found(ALLOWED, agreed(ALLOWED, date(2026, 6, 1))) == ()


def test_a_line_whose_operation_or_identity_is_gone_is_found() -> None:
    other = CellId("all-users", "nobody")
    findings = disagreements([other], {}, agreed(ALLOWED), Result({other: seen(BY_MODE)}), now=NOON)
    assert kinds(findings) == ["cell-gone"]
    assert "the identity guest/iam" not in findings[0].words
    assert "no identity guest/iam" in findings[0].words
    assert findings[0].disagrees


def test_a_line_of_a_cell_that_was_left_out_of_this_run_is_not_gone() -> None:
    other = CellId("all-users", "nobody")
    result = Result({other: seen(BY_MODE)})
    assert disagreements([other], {}, agreed(ALLOWED), result, now=NOON, known=[other, CELL]) == ()


def test_a_finding_that_is_put_aside_stays_visible_and_decides_nothing() -> None:
    (finding,) = found(ALLOWED)
    aside = Baseline.empty().suppressing(finding.id, WHY)
    (again,) = found(ALLOWED, aside)
    assert again.suppressed == WHY
    assert not again.disagrees
    assert assess([CELL], {CELL: seen(ALLOWED)}, (again,)).exit is Exit.AGREED


def test_what_is_put_aside_covers_what_was_looked_at_and_no_more() -> None:
    (finding,) = found(partial("a", "b"))
    aside = Baseline.empty().suppressing(finding.id, WHY)
    assert found(partial("a", "b"), aside)[0].suppressed
    widened = next(each for each in found(partial("a"), aside) if each.kind.value == "let-in-unlisted")
    assert widened.disagrees


def test_a_finding_counts_again_when_its_putting_aside_has_ended() -> None:
    (finding,) = found(ALLOWED)
    ended = Baseline.empty().suppressing(finding.id, Accepted("x", "ada", date(2026, 5, 31)))
    assert found(ALLOWED, ended)[0].disagrees


def test_a_finding_that_no_longer_shows_needs_not_be_put_aside() -> None:
    (finding,) = found(ALLOWED)
    notes = found(BY_MODE, Baseline.empty().suppressing(finding.id, WHY))
    assert [(each.kind.value, each.disagrees) for each in notes] == [("suppression-without-finding", False)]


def test_the_id_of_a_finding_is_the_same_in_every_run() -> None:
    (finding,) = found(ALLOWED)
    again = disagreements(
        [CELL, CellId("z", "nobody")],
        {CELL: declared(ALLOWED)},
        Baseline.empty(),
        Result({CELL: seen(ALLOWED, "In other words."), CellId("z", "nobody"): seen(ALLOWED)}),
        now=NOON.replace(year=2027),
    )
    assert finding.id == "af7a0e0b6e58" == next(each for each in again if each.cells == (CELL,)).id


def test_a_proven_disagreement_outweighs_what_is_not_proven() -> None:
    other = CellId("b", "nobody")
    observed = {CELL: seen(ALLOWED), other: seen(NO_VERDICT)}
    findings = disagreements([CELL, other], {}, Baseline.empty(), Result(observed), now=NOON)
    assessment = assess([CELL, other], observed, findings)
    assert assessment.exit is Exit.DISAGREEMENT
    assert (assessment.proven, assessment.without_verdict) == (1, 1)
    assert assessment.outcomes[Outcome.NO_VERDICT] == 1


@given(
    st.dictionaries(st.sampled_from([CellId(x, y) for x in "ab" for y in "cd"]), st.sampled_from([*ANY, NO_VERDICT]))
)
def test_a_run_agrees_only_when_every_cell_is_proven_and_as_agreed(shown: dict[CellId, Verdict]) -> None:
    cells = [CellId(x, y) for x in "ab" for y in "cd"]
    observed = {cell: seen(verdict) for cell, verdict in shown.items()}
    assessment = assess(cells, observed, disagreements(cells, {}, Baseline.empty(), Result(observed), now=NOON))
    green = all(shown.get(cell, NO_VERDICT) in (BY_MODE, BY_RULE) for cell in cells)
    assert (assessment.exit is Exit.AGREED) == green


def test_an_unproven_cell_is_no_agreement_even_where_no_finding_says_so() -> None:
    assert assess([CELL], {CELL: seen(NO_VERDICT)}, ()).exit is Exit.NO_VERDICT
    assert assess([CELL], {}, ()).exit is Exit.NO_VERDICT
    assert assess([], {}, ()).exit is Exit.NO_VERDICT


@pytest.mark.parametrize(
    ("shown", "baseline", "kind"),
    [
        (ALLOWED, Baseline.empty(), "let-in-unlisted"),
        (ALLOWED, agreed(partial("a")), "more-than-agreed"),
        (BY_RULE, agreed(ALLOWED), "less-than-agreed"),
    ],
)
def test_what_a_failed_control_call_proves_by_itself_is_a_disagreement(
    shown: Verdict, baseline: Baseline, kind: str
) -> None:
    result = Result({CELL: seen(NO_VERDICT)}, {CELL: seen(shown)})
    findings = disagreements([CELL], {}, baseline, result, now=NOON)
    assert kinds(findings) == [kind, "nothing-ran", "no-verdict"]
    assert assess([CELL], result.cells, findings).exit is Exit.DISAGREEMENT
    as_agreed = disagreements([CELL], {}, agreed(shown), result, now=NOON)
    assert kinds(as_agreed) == ["nothing-ran", "no-verdict"]


def test_what_is_declared_about_a_cell_that_is_not_sent_has_to_be_agreed_on() -> None:
    other = CellId("list", "guest/iam")
    result = Result({other: seen(BY_MODE), CELL: seen(NO_VERDICT)})

    def unsent(declaration: Verdict | None, baseline: Baseline) -> list[str]:
        told = {CELL: declared(declaration)}
        return kinds(disagreements([other], told, baseline, result, now=NOON, known=[CELL, other], left_out=[CELL]))

    assert unsent(ALLOWED, Baseline.empty()) == ["declared-not-agreed"]
    assert unsent(partial("a"), agreed(ALLOWED)) == ["declared-not-agreed"]
    assert unsent(BY_RULE, agreed(ALLOWED)) == ["declared-not-agreed"]
    for declaration, baseline in (
        (ALLOWED, agreed(ALLOWED)),
        (BY_RULE, Baseline.empty()),
        (None, Baseline.empty()),
        (None, agreed(ALLOWED)),
    ):
        assert unsent(declaration, baseline) == []
