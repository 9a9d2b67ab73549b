"""Findings about a run as a whole, and the terms in which it is expected."""

from services.authorization.agreed.assessment import Exit, assess
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.findings import disagreements
from services.authorization.agreed.run_findings import coverage_findings, left_behind
from services.authorization.callers.removal import Removal, Stay
from services.authorization.cells import CellId
from services.authorization.lab.result import Cleaning, Cleanup
from services.authorization.outcomes import Outcome
from services.authorization.suite.coverage import Coverage
from services.authorization.suite.model import CoverageTarget
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE, CELL, NOON, Result, kinds, seen

HALF = Coverage(frozenset({"Query.a", "Query.b"}), frozenset({"Query.a"}), frozenset({"x"}), frozenset({"x"}), (), ())


def test_too_little_coverage_is_a_disagreement_that_names_what_is_missing() -> None:
    (finding,) = coverage_findings(HALF, CoverageTarget(operations=80, identities=100))
    assert finding.disagrees
    assert "Query.b" in finding.words
    assert "Query.a" not in finding.words
    assert list(coverage_findings(HALF, CoverageTarget(operations=50))) == []


def test_what_is_not_taken_back_keeps_a_run_from_agreeing() -> None:
    cleanups = [
        Cleanup(CELL, Cleaning.FAILED, "The post 1.", "Refused."),
        Cleanup(CELL, Cleaning.DONE, "The post 2.", "Deleted."),
    ]
    removals = [
        Removal(Stay("stand-in-1", "group:admins"), proven=False, why="Still there."),
        Removal(Stay("stand-in-2", "no-group"), proven=True, why="Gone."),
    ]
    found = list(left_behind(cleanups, removals))
    assert kinds(tuple(found)) == ["not-cleaned-up", "not-cleaned-up"]
    findings = disagreements([CELL], {}, Baseline.empty(), Result({CELL: seen(BY_MODE)}), now=NOON, extra=found)
    assert assess([CELL], {CELL: seen(BY_MODE)}, findings).exit is Exit.NO_VERDICT


def test_the_id_of_a_leftover_does_not_change_with_its_made_up_name() -> None:
    first, second = (
        next(left_behind([], [Removal(Stay(name, "group:admins"), proven=False, why="")])) for name in ("a-1", "b-2")
    )
    assert first.id == second.id


def test_what_a_suite_expects_stands_in_for_a_line_of_the_baseline() -> None:
    def found(shown: Outcome) -> list[str]:
        observed = Result({CELL: seen(ALLOWED if shown is Outcome.ALLOWED else BY_MODE)})
        return kinds(disagreements([CELL], {}, Baseline.empty(), observed, now=NOON, expected={CELL: Outcome.ALLOWED}))

    assert found(Outcome.ALLOWED) == []
    assert found(Outcome.REFUSED_BY_MODE) == ["not-as-expected"]


def test_what_a_suite_expects_of_one_cell_says_nothing_about_another() -> None:
    other = CellId("b", "nobody")
    observed = Result({CELL: seen(ALLOWED), other: seen(ALLOWED)})
    findings = disagreements([CELL, other], {}, Baseline.empty(), observed, now=NOON, expected={CELL: Outcome.ALLOWED})
    assert [(each.kind.value, each.cells) for each in findings] == [("let-in-unlisted", (other,))]


def test_a_run_that_was_cut_off_judges_nothing() -> None:
    assert assess([CELL], {CELL: seen(BY_MODE)}, ()).exit is Exit.AGREED
    assert assess([CELL], {CELL: seen(BY_MODE)}, (), cancelled=True).exit is Exit.NO_VERDICT
