"""Findings about a run as a whole: what it covered, and what it left behind."""

from collections.abc import Iterable, Iterator

from services.authorization.agreed.finding import Class, Finding, Kind, Severity, finding_id
from services.authorization.callers.removal import Removal
from services.authorization.lab.result import Cleaning, Cleanup
from services.authorization.suite.coverage import Coverage
from services.authorization.suite.model import CoverageTarget


def coverage_findings(covered: Coverage, target: CoverageTarget) -> Iterator[Finding]:
    """One finding for each share that is below what the suite wants."""
    for shortfall in covered.shortfalls(target):
        what = "operations" if "operations" in shortfall else "identities"
        missing = covered.operations - covered.covered_operations
        if what == "identities":
            missing = covered.identities - covered.covered_identities
        yield Finding(
            finding_id(Kind.COVERAGE, what),
            Kind.COVERAGE,
            Class.DISAGREEMENT,
            Severity.WARNING,
            f"Too few {what} are covered",
            f"{shortfall} Without evidence: {', '.join(sorted(missing))}.",
            "Add operations or identities to the suite, or lower what it wants.",
        )


def left_behind(cleanups: Iterable[Cleanup], removals: Iterable[Removal]) -> Iterator[Finding]:
    """One finding for each thing that the run made or changed and that is not proven to be taken back.

    Args:
        cleanups: of data that operations changed.
        removals: of stand-ins, this run's and killed runs'.
    """
    for cleanup in cleanups:
        if cleanup.state is Cleaning.FAILED:
            yield _left(f"What {cleanup.cell} changed was not taken back", cleanup.what, cleanup.why, str(cleanup.cell))
    for removal in removals:
        if not removal.proven:
            name = removal.stay.username
            yield _left(f"The stand-in {name} is not proven to be removed", "", removal.why, removal.stay.subject)


def _left(title: str, what: str, why: str, about: str) -> Finding:
    return Finding(
        finding_id(Kind.NOT_CLEANED_UP, about),
        Kind.NOT_CLEANED_UP,
        Class.NO_VERDICT,
        Severity.PROBLEM,
        title,
        " ".join(part for part in (what, why) if part),
        "Take it back by hand; the next run, and the command's `clean`, remove stand-ins, too.",
    )
