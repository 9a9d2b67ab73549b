"""Changing the baseline: what was seen becomes what is agreed on, by somebody, for a reason, on the record."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from services import permissions
from services.audit import because, recorded
from services.authorization.agreed.agreement import Accepted, Agreement
from services.authorization.agreed.baseline import Baseline
from services.authorization.agreed.finding import Finding
from services.authorization.cells import CellId, Verdict
from services.authorization.examination import Prepared
from services.errors import Invalid
from services.permissions import Operator, Permission


def accept(
    prepared: Prepared,
    cells: Mapping[CellId, Verdict],
    reason: str,
    owner: str,
    until: date | None = None,
    *,
    operator: Operator,
) -> Baseline:
    """Write cells into the suite's baseline; returns it as it now stands in its file.

    Args:
        prepared: the suite, with the baseline as it was read.
        cells: what is agreed on.
        reason: why it should be so.
        owner: who answers for it.
        until: the last day on which it counts, in UTC.
        operator: who accepts.

    Raises:
        NotPermitted: the operator may not accept results.
        Invalid: somebody would be let in without a reason and an owner, or the file changed since it was read.
    """
    accepted = Accepted(" ".join(reason.split()), " ".join(owner.split()), until)
    changed = prepared.baseline.accepting({cell: Agreement(verdict, accepted) for cell, verdict in cells.items()})
    after = {str(cell): str(verdict.outcome) for cell, verdict in cells.items()}
    detail = {"cells": after, "owner": accepted.owner, "until": str(accepted.until or "")}
    with because(accepted.reason):
        return _written(prepared, changed, "baseline.accept", detail, operator)


def put_aside(
    prepared: Prepared, finding: Finding, reason: str, owner: str, until: date | None = None, *, operator: Operator
) -> Baseline:
    """Write into the suite's baseline that a finding is put aside; otherwise as `accept`."""
    accepted = Accepted(" ".join(reason.split()), " ".join(owner.split()), until)
    changed = prepared.baseline.suppressing(finding.id, accepted)
    detail = {"finding": finding.id, "title": finding.title, "owner": accepted.owner, "until": str(until or "")}
    with because(accepted.reason):
        return _written(prepared, changed, "finding.put_aside", detail, operator)


def _written(
    prepared: Prepared, changed: Baseline, act: str, detail: Mapping[str, object], operator: Operator
) -> Baseline:
    permissions.check(operator, Permission.ACCEPT_RESULTS, prepared.application.environment.admin_group)
    path = _path(prepared)
    # The baseline is a file of the suite, not a part of the environment: read-only environments are tested as well.
    with recorded(operator, act, prepared.suite.name, detail, reads=True):
        return changed.write(path)


def _path(prepared: Prepared) -> Path:
    if prepared.suite.baseline_path is None:
        raise Invalid(
            f"Nothing can be agreed on in {prepared.suite.name}",
            "The suite names no baseline",
            "Add the line `baseline: NAME.baseline` to the suite",
        )
    return prepared.suite.baseline_path
