"""What the schema and the settings show by themselves, and whether a run shows it too."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.authorization.agreed.confirmation import POLICY, Confirmation
from services.authorization.agreed.finding import Class, Finding, Kind, Severity, finding_id
from services.authorization.cells import CellId, Reason
from services.authorization.declared.static_finding import StaticFinding

Places = Mapping[str, Mapping[str, frozenset[str]]]
_KEPT_BACK = f"{POLICY} policy-without-directive "
"""How the ids of those begin that say: a policy grants a field, and the schema refuses it."""

_NO_CALL: Mapping[str, str] = {
    "GH-S06": "No call shows it while the key lives; once it has ended, a column that calls by it proves nothing.",
    "GH-S07": "No call shows it: nobody can come by a mode that the API doesn't have.",
    POLICY: "No call shows it: calls show what a policy grants, and not that this is more than is used.",
    "GH-S12": "No call shows it: without a role there are no credentials to call with.",
    "GH-S13": "No call shows it: no answer tells which role its caller was given.",
    "GH-S14": "No call shows it: no answer tells which role its caller was given.",
}
_NOT_ASKED = "Not seen by running: no operation of the suite asks for it."
_NOT_SHOWN = "Not seen by running: no cell that asks for it and gave evidence shows it."


def as_findings(found: Iterable[StaticFinding], confirmation: Confirmation | None = None) -> tuple[Finding, ...]:
    """The static findings among the others: advice, since who gets what is held against the agreement anyway.

    Args:
        found: what schema and settings show.
        confirmation: sees whether a run shows it too; None before any call.
    """
    places = confirmation.places() if confirmation else {}
    findings = []
    for each in found:
        finding = _finding(each)
        if confirmation:
            finding = _beside_the_run(finding, each, confirmation, places)
        findings.append(finding)
    return tuple(findings)


def _beside_the_run(
    finding: Finding,
    found: StaticFinding,
    confirmation: Confirmation,
    places: Places,
) -> Finding:
    """A finding with what the run says of it: where it shows, else why it doesn't."""
    if found.rule in _NO_CALL and not found.id.startswith(_KEPT_BACK):
        return replace(finding, words=f"{finding.words} {_NO_CALL[found.rule]}")
    cells = confirmation.cells(found, places)
    if cells:
        words = f"Seen by running: {_named(cells)}."
    else:
        words = _NOT_SHOWN if confirmation.asked(found, places) else _NOT_ASKED
    return replace(finding, cells=cells, seen_by_running=bool(cells), words=f"{finding.words} {words}")


def _finding(found: StaticFinding) -> Finding:
    return Finding(
        id=finding_id(Kind.STATIC, found.id),
        kind=Kind.STATIC,
        weight=Class.ADVICE,
        severity=Severity(found.severity.value),
        title=found.title,
        words=found.words,
        change=found.change,
        reasons=(Reason(found.title, found.line, found.place),),
        rule=found.rule,
    )


def _named(cells: tuple[CellId, ...], most: int = 3) -> str:
    names = ", ".join(f"{cell.operation} by {cell.identity}" for cell in cells[:most])
    return f"{names} and {len(cells) - most} more" if len(cells) > most else names
