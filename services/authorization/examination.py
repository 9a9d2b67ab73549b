"""A suite on an environment: what is declared and agreed before any call, and what a run of it comes to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from services import permissions
from services.application import Application
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.confirmation import Confirmation
from services.authorization.agreed.existence import deny_quality
from services.authorization.agreed.finding import Finding
from services.authorization.agreed.findings import disagreements
from services.authorization.agreed.left_out import left_out
from services.authorization.agreed.run_findings import coverage_findings, left_behind
from services.authorization.agreed.traps import as_findings
from services.authorization.callers.caller import Caller
from services.authorization.callers.ids import members_of
from services.authorization.callers.removal import Removal
from services.authorization.cells import CellId, Declaration
from services.authorization.declared.predict import predict
from services.authorization.declared.reading import read_declared
from services.authorization.declared.static import static_findings
from services.authorization.declared.static_finding import StaticFinding
from services.authorization.declared.taken import Taken, taken_with
from services.authorization.declared.values import SCHEMA, Declared
from services.authorization.lab.doors import Doors
from services.authorization.lab.result import Result
from services.authorization.outcomes import Outcome
from services.authorization.reports.record import Named, RunRecord, record_of
from services.authorization.suite.completion import completed
from services.authorization.suite.coverage import Coverage, coverage
from services.authorization.suite.model import Suite
from services.authorization.suite.rest import RestApi
from services.authorization.suite.saved import SavedOperation
from services.errors import Invalid
from services.permissions import Operator, Permission
from services.secret import Secret
from services.settings import Api


@dataclass(frozen=True)
class Prepared:
    """All that is known before any call.

    Attributes:
        application: the environment's services.
        suite: with the operations that it wants generated.
        declared: what schema, modes, policies and groups say, and what of it could not be read.
        baseline: what was agreed on.
    """

    application: Application
    suite: Suite
    declared: Declared
    baseline: Baseline

    @property
    def api(self) -> Api:
        """The API that the suite calls."""
        return self.application.environment.api(self.suite.api)

    @property
    def doors(self) -> Doors:
        """Where its calls go in."""
        environment = self.application.environment
        rest = RestApi(environment.rest_api_url, environment.region) if environment.rest_api_url else None
        return Doors(self.api, self.application.clients.apis[self.suite.api], rest)

    def agreeing(self, baseline: Baseline) -> "Prepared":
        """The same with another baseline."""
        return Prepared(self.application, self.suite, self.declared, baseline)

    @property
    def operations(self) -> tuple[SavedOperation, ...]:
        """The rows."""
        return self.suite.operations

    @cached_property
    def static(self) -> tuple[StaticFinding, ...]:
        """What schema and settings show by themselves."""
        return static_findings(self.declared)

    @cached_property
    def taken(self) -> Mapping[str, Taken]:
        """For each GraphQL operation, what the refusal of one of its fields takes with it."""
        schema = self.declared.schema
        if schema is None:
            return {}
        return {each.id: taken_with(schema, each.operation_for("")) for each in self.operations if each.rest is None}

    def declarations(self, callers: Sequence[Caller]) -> dict[CellId, Declaration]:
        """What each cell has to show."""
        return {
            CellId(operation.id, caller.id): predict(self.declared, operation, caller.facts, caller.id)
            for operation in self.operations
            for caller in callers
        }

    def coverage(self, callers: Sequence[Caller], result: Result | None) -> Coverage | None:
        """What a run gave evidence about; None where the schema could not be read."""
        if self.declared.schema is None:
            return None
        ids = [caller.id for caller in callers]
        return coverage(self.operations, self.declared.schema.sdl, ids, result.cells if result else {})


@dataclass(frozen=True)
class Concluded:
    """What a run comes to.

    Attributes:
        prepared: what was known before it.
        callers: who took part.
        declarations: what each cell had to show.
        result: what each cell showed, with the evidence.
        removals: what became of the stand-ins.
        findings: where the three layers disagree, and what else isn't as it should be; the gravest first.
        record: the run as every report tells it.
        beside: the identities that are not the suite's, by id.
        secrets: every credential of the run, which no report may hold.
    """

    prepared: Prepared
    callers: tuple[Caller, ...]
    declarations: Mapping[CellId, Declaration]
    result: Result
    removals: tuple[Removal, ...]
    findings: tuple[Finding, ...]
    record: RunRecord
    beside: frozenset[str] = frozenset()
    secrets: tuple[Secret, ...] = field(default=(), repr=False)

    @property
    def coverage(self) -> Coverage | None:
        """What it gave evidence about; None where the schema could not be read."""
        return self.prepared.coverage(self.callers, self.result)


def prepare(application: Application, suite: Suite, *, operator: Operator) -> Prepared:
    """Read what is declared and agreed, and make the operations that the suite wants generated. Calls no API.

    For an operator who may change no data, every operation that would is left out of the run, as the suite itself can.

    Raises:
        NotPermitted: the operator may not run calls.
        Invalid: the suite or its baseline doesn't hold, or it generates operations and the schema can't be read.
        SettingsError: the environment has no such API.
    """
    permissions.check(operator, Permission.RUN_CALLS, application.environment.admin_group)
    api = application.environment.api(suite.api)
    declared = read_declared(application.clients, api, application.environment)
    if declared.schema:
        suite = completed(suite, declared.schema.sdl)
    elif suite.generated:
        raise Invalid(
            f"The operations of {suite.name} can't be generated",
            declared.missing(SCHEMA).words,
            "Give the dashboard the right to read the schema, or write the operations into the suite",
        )
    if not permissions.may(operator, Permission.SEND_MUTATIONS):
        suite = suite.without_changes()
    baseline = Baseline.read(suite.baseline_path) if suite.baseline_path else Baseline.empty()
    return Prepared(application, suite, declared, baseline)


def conclude(
    prepared: Prepared,
    callers: Sequence[Caller],
    declarations: Mapping[CellId, Declaration],
    result: Result,
    *,
    operator: Operator,
    removals: Collection[Removal] = (),
    cells: Collection[CellId] | None = None,
    beside: Collection[str] = (),
    secrets: Collection[Secret] = (),
    now: datetime | None = None,
) -> Concluded:
    """Hold a run against what was declared and agreed.

    Args:
        prepared: what was known before it.
        callers: who took part.
        declarations: what each cell had to show.
        result: what each cell showed.
        operator: who ran it.
        removals: what became of the stand-ins.
        cells: the cells that were to be run; every one by default.
        beside: identities, by id, that take part beside those of the suite: what was agreed for somebody in the same
            groups holds for them, too, and nothing is agreed on for them alone.
        secrets: every credential that was sent.
        now: the time.
    """
    at = now or datetime.now(UTC)
    known = tuple(CellId(operation.id, caller.id) for operation in prepared.operations for caller in callers)
    asked = known if cells is None else tuple(cells)
    spare = {caller.id for caller in callers if caller.spare}
    unsent = left_out(prepared.operations, asked, declarations) | {cell for cell in asked if cell.identity in spare}
    baseline = _standing_in(prepared.baseline, [each for each in callers if each.id in beside], known)
    covered = prepared.coverage(callers, result)
    slow = [caller.id for caller in callers if (times := result.latency(caller.id)) and times.slow_refusals]
    extra = [*left_behind(result.cleanups, removals), *deny_quality(prepared.operations, result.cells, slow)]
    if covered and cells is None:
        extra += coverage_findings(covered, prepared.suite.coverage)
    options: dict[str, Any] = {
        "now": at,
        "known": known,
        "extra": extra,
        "expected": _expected(prepared, callers),
        "left_out": unsent,
        "taken": prepared.taken,
    }
    findings = disagreements(
        frozenset(asked) - unsent,
        declarations,
        baseline,
        result,
        _static(prepared, callers, result),
        **options,
    )
    return Concluded(
        prepared=prepared,
        callers=tuple(callers),
        declarations=declarations,
        result=result,
        removals=tuple(removals),
        findings=findings,
        record=record_of(
            result,
            findings,
            baseline,
            declarations,
            operations=[Named(each.id, each.label or each.id) for each in prepared.operations],
            identities=[Named(each.id, each.label) for each in callers],
            cells=asked,
            operator=operator.username,
            left_out=unsent,
            coverage=covered.words if covered and cells is None else "",
        ),
        beside=frozenset(beside),
        secrets=tuple(secrets),
    )


def _expected(prepared: Prepared, callers: Sequence[Caller]) -> dict[CellId, Outcome]:
    wanted = {
        CellId(operation.id, caller.id): operation.expected_of(caller.id)
        for operation in prepared.operations
        for caller in callers
    }
    return {cell: outcome for cell, outcome in wanted.items() if outcome}


def _static(prepared: Prepared, callers: Sequence[Caller], result: Result) -> tuple[Finding, ...]:
    schema = prepared.declared.schema
    if schema is None:
        return as_findings(prepared.static)
    operations = {operation.id: operation for operation in prepared.operations}
    facts = {caller.id: caller.facts for caller in callers}
    return as_findings(prepared.static, Confirmation(schema, operations, facts, {**result.cells, **result.proofs}))


def _standing_in(baseline: Baseline, callers: Sequence[Caller], known: Sequence[CellId]) -> Baseline:
    """The baseline in which people who take part beside the suite's identities are what their groups make of them."""
    same = {each.id: members_of(each.facts.groups) + "/" + each.id.rpartition("/")[2] for each in callers}
    agreed = baseline.agreed.cells
    lent = {
        cell: agreed[CellId(cell.operation, same[cell.identity])]
        for cell in known
        if cell.identity in same and CellId(cell.operation, same[cell.identity]) in agreed
    }
    return replace(baseline, agreed=replace(baseline.agreed, cells={**lent, **agreed}))
