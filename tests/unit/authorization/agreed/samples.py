"""Cells, verdicts and baselines that the tests of this folder share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from services.authorization.agreed.agreement import Accepted, Agreement
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Finding
from services.authorization.agreed.findings import disagreements
from services.authorization.cells import CellId, Declaration, Observation, Reason, Verdict
from services.authorization.outcomes import Outcome

CELL = CellId("all-users", "guest/iam")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WHY = Accepted("the start page lists users", "ada")
ALLOWED = Verdict(Outcome.ALLOWED)
FILTERED = Verdict(Outcome.FILTERED)
BY_MODE = Verdict(Outcome.REFUSED_BY_MODE)
BY_RULE = Verdict(Outcome.REFUSED_BY_RULE)
NO_VERDICT = Verdict(Outcome.NO_VERDICT)
LINE = Reason("Only the user pool is admitted.", "email: String @aws_cognito_user_pools", "schema line 12")


def partial(*refused: str) -> Verdict:
    """Data beside refused fields."""
    return Verdict(Outcome.PARTIAL, frozenset(refused))


@dataclass(frozen=True)
class Result:
    """What a run showed."""

    cells: Mapping[CellId, Observation] = field(default_factory=dict)
    proofs: Mapping[CellId, Observation] = field(default_factory=dict)


def seen(verdict: Verdict, why: str = "So it was.") -> Observation:
    """An observation."""
    return Observation(verdict, why)


def declared(verdict: Verdict | None) -> Declaration:
    """A prediction, with a line for every refused field."""
    return Declaration(verdict, (LINE,), dict.fromkeys(verdict.refused, LINE) if verdict else {})


def agreed(verdict: Verdict, until: date | None = None) -> Baseline:
    """A baseline of one cell."""
    why = Accepted(WHY.reason, WHY.owner, until)
    return Baseline.empty().accepting({CELL: Agreement(verdict, why)})


def found(
    observed: Verdict | None = None,
    baseline: Baseline | None = None,
    declaration: Verdict | None = None,
    *,
    ran: bool = True,
) -> tuple[Finding, ...]:
    """The findings of a suite of one cell."""
    result = Result({CELL: seen(observed)} if observed else {})
    predictions = {CELL: declared(declaration)} if declaration else {}
    return disagreements([CELL], predictions, baseline or Baseline.empty(), result if ran else None, now=NOON)


def kinds(findings: tuple[Finding, ...]) -> list[str]:
    """What the findings are."""
    return [each.kind.value for each in findings]
