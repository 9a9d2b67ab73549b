"""How much a run has given evidence about."""

from services.authorization.cells import CellId, Observation, Verdict
from services.authorization.outcomes import Outcome
from services.authorization.suite.coverage import Coverage, coverage, roots_of
from services.authorization.suite.model import CoverageTarget
from services.authorization.suite.saved import SavedOperation
from tests.unit.authorization.suite.texts import suite

SDL = """
type Query { a: String b: String c: String }
type Mutation { d: String e: String }
type Subscription { f: String }
"""

OPERATIONS = suite(
    operations="""
operations:
  - {id: both, document: "query { x: a ...Rest } fragment Rest on Query { b ...Rest }"}
  - {id: only-a, document: "{ a }"}
  - {id: change, document: "mutation { d }"}
  - {id: hello, rest: GET hello}
"""
).operations


def covered(cells: dict[tuple[str, str], Outcome], identities: tuple[str, ...] = ("nobody", "guest/iam")) -> Coverage:
    """The coverage of a run with these outcomes."""
    seen = {CellId(*cell): Observation(Verdict(outcome), "") for cell, outcome in cells.items()}
    return coverage(OPERATIONS, SDL, identities, seen)


def test_what_gave_evidence_is_covered_by_its_root_fields() -> None:
    found = covered({("both", "nobody"): Outcome.REFUSED_BY_MODE, ("hello", "nobody"): Outcome.ALLOWED})

    assert found.covered_operations == {"Query.a", "Query.b", "GET hello"}
    assert found.operations == {"Query.a", "Query.b", "Query.c", "Mutation.d", "Mutation.e", "GET hello"}
    assert found.covered_identities == {"nobody"}
    assert found.words == "3 of 6 operations, 1 of 2 identities, 2 mutations never run, 1 subscription not covered"


def test_no_verdict_covers_nothing() -> None:
    found = covered({("both", "nobody"): Outcome.NO_VERDICT})

    assert (found.operations_percent, found.identities_percent) == (0, 0)


def test_a_mutation_that_was_refused_has_been_run() -> None:
    assert covered({("change", "nobody"): Outcome.REFUSED_BY_RULE}).mutations_never_run == ("Mutation.e",)


def test_a_share_below_what_the_suite_wants_is_told() -> None:
    found = covered({("both", "nobody"): Outcome.ALLOWED})

    assert found.shortfalls(CoverageTarget()) == ()
    assert found.shortfalls(CoverageTarget(operations=33, identities=50)) == ()
    assert found.shortfalls(CoverageTarget(operations=80, identities=51)) == (
        "The operations with evidence are 33.3 %, and the suite wants 80 %.",
        "The identities with evidence are 50 %, and the suite wants 51 %.",
    )


def test_a_run_of_nobody_reaches_no_share() -> None:
    found = covered({}, identities=())

    assert found.identities_percent == 0
    assert found.shortfalls(CoverageTarget(identities=1))


def test_an_operation_covers_the_fields_of_the_one_that_is_meant() -> None:
    several = SavedOperation("x", "modes", document="query One { a } query Two { b }", name="Two")

    assert roots_of(several) == {"Query.b"}
