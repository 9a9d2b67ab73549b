"""SARIF 2.1.0, for code scanning: every finding with a stable rule, a stable fingerprint and a line to look at."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from services.authorization.agreed.assessment import Exit
from services.authorization.agreed.finding import Class, Finding, Kind, Severity
from services.authorization.cells import CellId
from services.authorization.reports.record import RunRecord

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "gatehouseFinding/v1"
ROOT = "%SRCROOT%"
_LEVELS: Mapping[Severity, str] = {Severity.PROBLEM: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_RULES: Mapping[Kind, str] = {
    Kind.LET_IN_UNLISTED: "Somebody is let in whom the baseline doesn't list",
    Kind.ACCEPTANCE_ENDED: "An acceptance is past its end date",
    Kind.MORE_THAN_AGREED: "A call gets more than was agreed",
    Kind.LESS_THAN_AGREED: "A call gets less than was agreed",
    Kind.OTHERWISE_THAN_AGREED: "A call is refused in another way than was agreed",
    Kind.MORE_THAN_DECLARED: "A call gets more than schema, modes and policies say",
    Kind.LESS_THAN_DECLARED: "A call gets less than schema, modes and policies say",
    Kind.OTHERWISE_THAN_DECLARED: "A call is refused in another way than schema, modes and policies say",
    Kind.DECLARED_NOT_AGREED: "Schema, modes and policies say something else than was agreed",
    Kind.NOT_AS_EXPECTED: "A call shows another outcome than the suite expects",
    Kind.CELL_GONE: "The baseline lists an operation or an identity that no longer exists",
    Kind.NO_VERDICT: "A call proved nothing",
    Kind.NOTHING_RAN: "No call of the suite proved anything",
    Kind.NOT_CLEANED_UP: "Something that the run made or changed was not taken back",
    Kind.COVERAGE: "Too little of the schema or of the identities was covered",
    Kind.STATIC: "Schema or settings hold a trap",
    Kind.ANSWERS_DIFFER: "An operation is refused in several shapes",
    Kind.EXISTENCE_LEAK: "A refusal tells whether an object exists",
    Kind.SLOW_REFUSALS: "Refusals take longer than granted calls",
    Kind.UNUSED_SUPPRESSION: "A finding that was put aside no longer shows",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where findings are shown.

    Attributes:
        suite: the suite file.
        baseline: the baseline file; None where the suite has none.
        line_of: the number of a cell's line in the baseline.
        root: the folder that paths are relative to.
    """

    suite: Path
    baseline: Path | None
    line_of: Callable[[CellId], int]
    root: Path


def as_sarif(record: RunRecord, places: Places) -> str:
    """The findings of a run; *no verdict* stands as an open result and as a fault of the run."""
    rules = _rules(record.findings)
    ids = [rule["id"] for rule in rules]
    assessment = record.assessment
    run = {
        "tool": {"driver": {"name": "Gatehouse authorization lab", "rules": rules}},
        "automationDetails": {"id": f"{record.suite}/{record.environment}/"},
        "invocations": [
            {
                "executionSuccessful": assessment.exit is not Exit.NO_VERDICT,
                "exitCode": int(assessment.exit),
                "exitCodeDescription": assessment.words,
                "startTimeUtc": record.started_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "endTimeUtc": record.ended_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": f"{each.title}. {each.words}"}}
                    for each in record.findings
                    if each.weight is Class.NO_VERDICT
                ],
            }
        ],
        "results": [_result(each, ids, places) for each in record.findings],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Every kind of finding, and the static rules that were met."""
    told = {kind.value: words for kind, words in _RULES.items()}
    for finding in findings:
        told.setdefault(finding.rule, finding.title)
    return [
        {"id": rule, "name": _pascal(rule), "shortDescription": {"text": words}, "fullDescription": {"text": words}}
        for rule, words in sorted(told.items())
    ]


def _result(finding: Finding, rules: list[str], places: Places) -> dict[str, Any]:
    proven = finding.weight is not Class.NO_VERDICT
    lines = [f"{each.place}: {each.line or each.words}" for each in finding.reasons if each.place]
    text = " ".join(part for part in (f"{finding.title}.", finding.words, finding.change) if part)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "kind": "fail" if proven else "open",
        "level": _LEVELS[finding.severity] if proven else "none",
        "message": {"text": "\n".join([text, *lines])},
        "locations": [_location(finding, places)],
        "partialFingerprints": {FINGERPRINT: finding.id},
    }
    if finding.suppressed:
        words = f"{finding.suppressed.owner}: {finding.suppressed.reason}"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": words}]
    return result


def _location(finding: Finding, places: Places) -> dict[str, Any]:
    cell = finding.cells[0] if finding.cells else None
    in_baseline = places.baseline is not None and places.baseline.exists() and cell is not None
    path = places.baseline if in_baseline and places.baseline else places.suite
    line = places.line_of(cell) if in_baseline and cell else 1
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(path, places.root), "uriBaseId": ROOT},
            "region": {"startLine": line},
        }
    }
    if finding.cells:
        location["logicalLocations"] = [{"fullyQualifiedName": str(each), "kind": "member"} for each in finding.cells]
    return location


def _uri(path: Path, root: Path) -> str:
    """The path below the root; a file elsewhere goes by its name, so that no folder of this machine is told."""
    whole = path.resolve()
    inside = whole.is_relative_to(root.resolve())
    return quote((whole.relative_to(root.resolve()) if inside else PurePath(path.name)).as_posix())


def _pascal(rule: str) -> str:
    return "".join(word.capitalize() for word in rule.replace("_", "-").split("-"))
