"""Runs that the tests of reports share."""

from datetime import UTC, datetime
from pathlib import Path

from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.findings import disagreements
from services.authorization.cells import CellId, Declaration, Observation, Progress, Reason, Verdict
from services.authorization.lab.result import Result
from services.authorization.outcomes import Outcome
from services.authorization.reports.record import Named, RunRecord, record_of
from services.authorization.reports.sarif import Places
from tests.unit.authorization.agreed.samples import ALLOWED, BY_MODE, BY_RULE, NO_VERDICT, WHY, partial

NASTY = "</script><script>alert(1)</script> ]]> | `x` [a](javascript:x) =1+1 \x00\x1b[31m \u202e \ud800 & \" '"
STARTED = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIST, MUTE = Named("all-users", "All users"), Named("rename", "Rename somebody")
NOBODY, GUEST, ADA = Named("nobody", "No credentials"), Named("guest/iam", "Guest"), Named("group:admins/id", "Admins")


def seen(verdict: Verdict, why: str = "So it was.", **more: object) -> Observation:
    """An observation of a call that was answered."""
    known = {"status": 200, "request_id": "r-1", "milliseconds": 12.5, "bytes": 300, "at": STARTED}
    return Observation(verdict, why, **{**known, **more})  # type: ignore[arg-type]


NOT_RUN = Observation(NO_VERDICT, "The run was cancelled.", "Run again.", progress=Progress.NOT_RUN)


def run_of(
    cells: dict[CellId, Observation],
    baseline: Baseline | None = None,
    declarations: dict[CellId, Declaration] | None = None,
    *,
    operations: tuple[Named, ...] = (LIST, MUTE),
    identities: tuple[Named, ...] = (NOBODY, GUEST, ADA),
    cancelled: bool = False,
    suite: str = "users",
    started: datetime = STARTED,
) -> RunRecord:
    """A run of these cells, with the findings that it comes to."""
    baseline, predictions = baseline or Baseline.empty(), declarations or {}
    result = Result(
        suite=suite,
        api="users",
        environment="staging",
        started_at=started,
        ended_at=started,
        wall_ms=100.0,
        cells=cells,
        canaries={},
        cleanups=(),
        history={},
        reference="",
        cancelled=cancelled,
        evidence={},
    )
    known = [CellId(row.id, column.id) for row in operations for column in identities]
    return record_of(
        result,
        disagreements(known, predictions, baseline, result, now=started),
        baseline,
        predictions,
        operations=operations,
        identities=identities,
        cells=known,
        operator="command line",
    )


def cell(operation: Named, identity: Named) -> CellId:
    """A place."""
    return CellId(operation.id, identity.id)


def mixed() -> RunRecord:
    """Six cells: one agreed, one refused as it should be, two disagreements, one put aside, one that proves nothing."""
    line = Reason("Only the user pool.", "email: String @aws_cognito_user_pools", "schema line 12")
    cells = {
        cell(LIST, NOBODY): seen(BY_MODE, status=401, error_type="UnauthorizedException"),
        cell(LIST, GUEST): seen(partial("listUsers.items[].email")),
        cell(LIST, ADA): seen(ALLOWED),
        cell(MUTE, NOBODY): seen(ALLOWED),
        cell(MUTE, GUEST): seen(BY_RULE),
        cell(MUTE, ADA): NOT_RUN,
    }
    baseline = Baseline.parse(
        "gatehouse-baseline 1\n"
        'all-users  group:admins/id  allowed  reason="they run it" owner=ada\n'
        'all-users  guest/iam  allowed  reason="start page" owner=ada\n'
    )
    declarations = {
        cell(LIST, GUEST): Declaration(partial("listUsers.items[].email"), (line,), {"listUsers.items[].email": line})
    }
    first = run_of(cells, baseline, declarations)
    aside = next(each for each in first.findings if each.cells == (cell(MUTE, NOBODY),))
    return run_of(cells, baseline.suppressing(aside.id, WHY), declarations)


def agreeing() -> RunRecord:
    """Everything is refused, and agreed to be."""
    return run_of({cell(row, column): seen(BY_MODE) for row in (LIST, MUTE) for column in (NOBODY, GUEST, ADA)})


def nasty() -> RunRecord:
    """A run in which every text from outside means to be something else."""
    row, column = Named(NASTY, NASTY), Named(f"person:{NASTY}", NASTY)
    place = CellId(row.id, column.id)
    strange = Observation(
        Verdict(Outcome.PARTIAL, frozenset({NASTY})), NASTY, NASTY, error_type=NASTY, request_id=NASTY
    )
    said = Declaration(BY_RULE, (Reason(NASTY, NASTY, NASTY),))
    return run_of({place: strange}, None, {place: said}, operations=(row,), identities=(column,), suite=NASTY)


def places(folder: Path = Path()) -> Places:
    """A suite without a baseline file."""
    return Places(folder / "suite.yaml", None, lambda _: 7, folder)
