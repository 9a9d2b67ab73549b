"""A run as every report tells it: cells in three layers, findings and figures, without bodies and without secrets."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from services.authorization.agreed.agreement import Agreed
from services.authorization.agreed.assessment import Assessment, assess
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Finding
from services.authorization.cells import CellId, Declaration, Observation, Progress, Reason, Verdict
from services.authorization.lab.result import Result
from services.authorization.outcomes import Outcome

NOT_RUN = Observation(Verdict(Outcome.NO_VERDICT), "It was not run.", progress=Progress.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Named:
    """An operation or an identity: its id and what the screen calls it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Times:
    """How long an identity's calls took, in milliseconds: half of them, and 95 of 100, took at most this."""

    p50: float
    p95: float
    calls: int
    slow_refusals: bool = False


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One cell.

    Attributes:
        seen: what its call showed; the ids that came are left out.
        declared: the prediction; None where there is none.
        reasons: why that is predicted, the whole call's reason first.
        agreed: the line of the baseline that counts; None where the cell is agreed to be refused, unlisted.
    """

    seen: Observation
    declared: Verdict | None = None
    agreed: Verdict | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run.

    Attributes:
        suite: the suite's name.
        api: the API's name.
        environment: the environment's name.
        started_at: UTC.
        ended_at: UTC.
        operator: who ran it.
        cancelled: whether it was cancelled before its end.
        has_baseline: whether there was a baseline file.
        operations: the rows, in their order.
        identities: the columns, in their order.
        cells: every cell; what was not run says so.
        left_out: cells that the suite itself doesn't send, e.g. of mutations that it skips; they count for nothing.
        findings: the gravest first.
        times: by identity.
        coverage: what of the schema and of the identities gave evidence, in words; empty where that isn't known.
        by_cell: the findings that are about one cell by itself.
    """

    suite: str
    api: str
    environment: str
    started_at: datetime
    ended_at: datetime
    operator: str
    cancelled: bool
    has_baseline: bool
    operations: tuple[Named, ...]
    identities: tuple[Named, ...]
    cells: Mapping[CellId, CellRecord]
    findings: tuple[Finding, ...] = ()
    times: Mapping[str, Times] = field(default_factory=dict)
    left_out: frozenset[CellId] = frozenset()
    coverage: str = ""
    by_cell: Mapping[CellId, tuple[Finding, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[CellId, list[Finding]] = {}
        for finding in self.findings:
            if len(finding.cells) == 1 and finding.cells[0] in self.cells:
                found.setdefault(finding.cells[0], []).append(finding)
        object.__setattr__(self, "by_cell", {cell: tuple(findings) for cell, findings in found.items()})

    @property
    def assessment(self) -> Assessment:
        """What the run comes to."""
        observed = {cell: each.seen for cell, each in self.cells.items()}
        return assess(self.cells.keys() - self.left_out, observed, self.findings, cancelled=self.cancelled)

    def proven(self, cell: CellId) -> bool:
        """Whether a cell came to a verdict, or didn't have to."""
        return cell in self.left_out or self.cells[cell].seen.verdict.outcome.is_evidence

    def acceptable(self, cell: CellId) -> Verdict | None:
        """What of a cell can be agreed on: what was seen; what is declared where the suite itself doesn't send it.

        None where nothing is proven.
        """
        each = self.cells[cell]
        if each.seen.verdict.outcome.is_evidence:
            return each.seen.verdict
        return each.declared if cell in self.left_out else None

    def of_cell(self, cell: CellId) -> tuple[Finding, ...]:
        """The findings that are about one cell by itself."""
        return self.by_cell.get(cell, ())

    def of_run(self) -> tuple[Finding, ...]:
        """The findings that are about none of the cells that were to be run, or about several at once."""
        alone = {id(finding) for findings in self.by_cell.values() for finding in findings}
        return tuple(each for each in self.findings if id(each) not in alone)

    def disagrees(self, cell: CellId) -> bool:
        """Whether a finding that nobody put aside is about this cell."""
        return any(finding.disagrees for finding in self.of_cell(cell))


def record_of(
    run: Result,
    findings: Iterable[Finding],
    baseline: Baseline,
    declarations: Mapping[CellId, Declaration],
    *,
    operations: Iterable[Named],
    identities: Iterable[Named],
    cells: Collection[CellId],
    operator: str,
    left_out: Collection[CellId] = (),
    coverage: str = "",
) -> RunRecord:
    """A run as reports tell it.

    Args:
        run: the result.
        findings: what `disagreements` found in it.
        baseline: what was agreed on.
        declarations: the predictions.
        operations: the rows.
        identities: the columns.
        cells: every cell; one that is not in the result was not run.
        operator: who ran it.
        left_out: cells that the suite itself doesn't send.
        coverage: what gave evidence, in words.
    """
    today = run.ended_at.astimezone(UTC).date()
    columns = tuple(identities)
    return RunRecord(
        suite=run.suite,
        api=run.api,
        environment=run.environment,
        started_at=run.started_at,
        ended_at=run.ended_at,
        operator=operator,
        cancelled=run.cancelled,
        has_baseline=baseline.exists,
        operations=tuple(operations),
        identities=columns,
        cells={
            cell: CellRecord(
                seen=replace(run.cells[cell], ids={}, reached=None) if cell in run.cells else NOT_RUN,
                declared=declarations[cell].verdict if cell in declarations else None,
                agreed=_agreed(baseline.agreed, cell, today),
                reasons=_reasons(declarations.get(cell)),
            )
            for cell in cells
        },
        findings=tuple(findings),
        times=_times(run, columns),
        left_out=frozenset(left_out),
        coverage=coverage,
    )


def _agreed(agreed: Agreed, cell: CellId, today: date) -> Verdict | None:
    line = agreed.cells.get(cell)
    return line.verdict if line and line.counts(today) else None


def _reasons(declaration: Declaration | None) -> tuple[Reason, ...]:
    if declaration is None:
        return ()
    return tuple(dict.fromkeys((*declaration.reasons, *declaration.by_field.values())))


def _times(run: Result, identities: Iterable[Named]) -> Mapping[str, Times]:
    found = {each.id: run.latency(each.id) for each in identities}
    return {
        name: Times(latency.p50, latency.p95, latency.calls, latency.slow_refusals)
        for name, latency in found.items()
        if latency
    }
