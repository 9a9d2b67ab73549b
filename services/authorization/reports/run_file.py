"""The run file: one run as JSON, to be kept, read back and compared. It holds no body, no id and no secret."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from services.authorization.agreed.agreement import Accepted
from services.authorization.agreed.finding import Class, Finding, Kind, Severity
from services.authorization.cells import CellId, Observation, Progress, Reason, Verdict
from services.authorization.outcomes import Outcome
from services.authorization.reports.record import CellRecord, Named, RunRecord, Times
from services.errors import Invalid

FORMAT = "gatehouse-run"
VERSION = 1


def as_json(record: RunRecord) -> str:
    """The run file's text; equal runs give equal texts."""
    assessment = record.assessment
    content = {
        "format": FORMAT,
        "version": VERSION,
        "result": {"exit": int(assessment.exit), "words": assessment.words},
        "suite": record.suite,
        "api": record.api,
        "environment": record.environment,
        "started_at": record.started_at.isoformat(),
        "ended_at": record.ended_at.isoformat(),
        "operator": record.operator,
        "cancelled": record.cancelled,
        "has_baseline": record.has_baseline,
        "coverage": record.coverage,
        "operations": [asdict(each) for each in record.operations],
        "identities": [asdict(each) for each in record.identities],
        "cells": [_cell(cell, each) for cell, each in sorted(record.cells.items())],
        "left_out": [asdict(cell) for cell in sorted(record.left_out)],
        "findings": [_finding(each) for each in record.findings],
        "times": {name: asdict(times) for name, times in sorted(record.times.items())},
    }
    return json.dumps(content, indent=1) + "\n"


def read(path: Path) -> RunRecord:
    """The run of a file; raises `Invalid` where it is none, or one of another version."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"Could not read the run file {path}", type(error).__name__, "Check the path and its rights"
        ) from None
    except Invalid as error:
        raise Invalid(f"{path} is no run file", error.why or error.failed, error.next_step) from None


def parse(text: str) -> RunRecord:
    """The run that a text holds; raises `Invalid`."""
    step = "Write it anew: python -m services.authorization run SUITE --json FILE"
    try:
        content = json.loads(text)
    except ValueError as error:
        raise Invalid("This is no run file", f"It is not JSON ({error})", step) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Invalid("This is no run file", f"Its format is not {FORMAT}", step)
    if content.get("version") != VERSION:
        raise Invalid("This is no run file", f"Its version is {content.get('version')}, not {VERSION}", step)
    try:
        return _record(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid("This is no run file", f"A value is missing or malformed ({error})", step) from None


def _record(content: Mapping[str, Any]) -> RunRecord:
    return RunRecord(
        suite=str(content["suite"]),
        api=str(content["api"]),
        environment=str(content["environment"]),
        started_at=datetime.fromisoformat(content["started_at"]),
        ended_at=datetime.fromisoformat(content["ended_at"]),
        operator=str(content["operator"]),
        cancelled=bool(content["cancelled"]),
        has_baseline=bool(content["has_baseline"]),
        operations=tuple(Named(**each) for each in content["operations"]),
        identities=tuple(Named(**each) for each in content["identities"]),
        cells=dict(map(_read_cell, content["cells"])),
        left_out=frozenset(CellId(**each) for each in content["left_out"]),
        findings=tuple(map(_read_finding, content["findings"])),
        times={name: Times(**each) for name, each in content["times"].items()},
        coverage=str(content.get("coverage", "")),
    )


def _cell(cell: CellId, record: CellRecord) -> dict[str, Any]:
    seen = record.seen
    return {
        "operation": cell.operation,
        "identity": cell.identity,
        "seen": _verdict(seen.verdict),
        "declared": _verdict(record.declared),
        "agreed": _verdict(record.agreed),
        "reasons": [asdict(each) for each in record.reasons],
        "progress": seen.progress.value,
        "why": seen.why,
        "next_step": seen.next_step,
        "status": seen.status,
        "error_type": seen.error_type,
        "request_id": seen.request_id,
        "milliseconds": seen.milliseconds,
        "bytes": seen.bytes,
        "at": seen.at.isoformat() if seen.at else None,
    }


def _read_cell(content: Mapping[str, Any]) -> tuple[CellId, CellRecord]:
    seen = _read_verdict(content["seen"])
    if seen is None:
        raise ValueError("a cell shows nothing")
    observation = Observation(
        verdict=seen,
        why=str(content["why"]),
        next_step=str(content["next_step"]),
        progress=Progress(content["progress"]),
        status=content["status"],
        error_type=str(content["error_type"]),
        request_id=str(content["request_id"]),
        milliseconds=content["milliseconds"],
        bytes=int(content["bytes"]),
        at=datetime.fromisoformat(content["at"]) if content["at"] else None,
    )
    record = CellRecord(
        observation,
        _read_verdict(content["declared"]),
        _read_verdict(content["agreed"]),
        tuple(map(_read_reason, content["reasons"])),
    )
    return CellId(content["operation"], content["identity"]), record


def _read_reason(content: Mapping[str, Any]) -> Reason:
    return Reason(**{**content, "groups": tuple(content["groups"])})


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    return {"outcome": verdict.outcome.value, "refused": sorted(verdict.refused)} if verdict else None


def _read_verdict(content: Mapping[str, Any] | None) -> Verdict | None:
    return Verdict(Outcome(content["outcome"]), frozenset(map(str, content["refused"]))) if content else None


def _finding(finding: Finding) -> dict[str, Any]:
    content = asdict(finding)
    content["suppressed"] = _accepted(finding.suppressed)
    return content


def _accepted(accepted: Accepted | None) -> dict[str, Any] | None:
    if accepted is None:
        return None
    until = accepted.until.isoformat() if accepted.until else None
    return {"reason": accepted.reason, "owner": accepted.owner, "until": until}


def _read_finding(content: Mapping[str, Any]) -> Finding:
    aside = content["suppressed"]
    return Finding(
        **{
            **content,
            "kind": Kind(content["kind"]),
            "weight": Class(content["weight"]),
            "severity": Severity(content["severity"]),
            "cells": tuple(CellId(**cell) for cell in content["cells"]),
            "reasons": tuple(map(_read_reason, content["reasons"])),
            "suppressed": _read_accepted(aside) if aside else None,
        }
    )


def _read_accepted(content: Mapping[str, Any]) -> Accepted:
    until = date.fromisoformat(content["until"]) if content["until"] else None
    return Accepted(content["reason"], content["owner"], until)
