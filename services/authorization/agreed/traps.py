"""What the schema and the settings show by themselves, and whether a run shows it too."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from services.authorization.agreed.agreement import lets_in
from services.authorization.agreed.coordinates import coordinates
from services.authorization.agreed.finding import Class, Finding, Kind, Severity, finding_id
from services.authorization.cells import CellId, Facts, Mode, Observation, Reason
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.static_finding import StaticFinding
from services.authorization.outcomes import Outcome
from services.authorization.suite.saved import SavedOperation

INERT, OPEN = "GH-S04", "GH-S05"
_BY_REFUSAL = frozenset({"GH-S01", "GH-S02", "GH-S03", "GH-S08", "GH-S09"})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What it takes to see in a run what was found without one.

    Attributes:
        schema: the API's.
        operations: the suite's, by id.
        facts: what is known of each identity.
        observed: what the cells showed.
    """

    schema: ApiSchema
    operations: Mapping[str, SavedOperation]
    facts: Mapping[str, Facts]
    observed: Mapping[CellId, Observation] = field(default_factory=dict)

    def cells(self, found: StaticFinding, places: Mapping[str, Mapping[str, frozenset[str]]]) -> tuple[CellId, ...]:
        """The cells in which a trap shows itself.

        Args:
            found: the trap.
            places: the fields of each operation in the schema, as `places` gives them.
        """
        about = frozenset(found.fields)
        shows = self._refuses if found.rule in _BY_REFUSAL else self._opens
        return tuple(
            cell
            for cell, seen in sorted(self.observed.items())
            if seen.verdict.outcome.is_evidence
            and shows(found, self.facts.get(cell.identity), seen, _about(places.get(cell.operation, {}), about))
        )

    def places(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """For each operation, what its fields are in the schema."""
        return {
            name: coordinates(self.schema, operation.operation_for(""))
            for name, operation in self.operations.items()
            if not operation.rest
        }

    def _refuses(self, _: StaticFinding, __: Facts | None, seen: Observation, names: Collection[str]) -> bool:
        """A field of the trap was refused by itself, so the field above it had let the caller in."""
        return any(name in seen.verdict.refused for name in names)

    def _opens(self, found: StaticFinding, facts: Facts | None, seen: Observation, names: Collection[str]) -> bool:
        """Somebody of the user pool got a field that looks closed to them."""
        if facts is None or facts.mode is not Mode.USER_POOL or not lets_in(seen.verdict):
            return False
        if found.rule == INERT and not facts.groups.isdisjoint(self._wanted(found)):
            return False
        came = [name for name in names if not _refused(name, seen.verdict.refused)]
        return any(seen.reached is None or name in seen.reached for name in came) and (
            seen.verdict.outcome is not Outcome.FILTERED
        )

    def _wanted(self, found: StaticFinding) -> frozenset[str]:
        """The groups that the inert directive names."""
        groups: set[str] = set()
        for place in found.fields:
            type_name, _, name = place.partition(".")
            parents = [each for each in self.schema.objects if each.name == type_name]
            for parent in parents:
                marks = self.schema.of_field(parent, name)
                groups |= set((marks.aws_auth.groups if marks.aws_auth else None) or ())
        return frozenset(groups)


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
        if confirmation and each.rule in _BY_REFUSAL | {INERT, OPEN}:
            cells = confirmation.cells(each, places)
            words = " Seen by running: " + _named(cells) + "." if cells else ""
            finding = replace(finding, cells=cells, seen_by_running=bool(cells), words=finding.words + words)
        findings.append(finding)
    return tuple(findings)


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


def _about(places: Mapping[str, frozenset[str]], about: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name, fields in places.items() if fields & about)


def _refused(name: str, refused: frozenset[str]) -> bool:
    """Whether a field, or one above it, was refused."""
    return any(name == each or name.startswith((f"{each}.", f"{each}[]")) for each in refused)


def _named(cells: tuple[CellId, ...], most: int = 3) -> str:
    names = ", ".join(f"{cell.operation} by {cell.identity}" for cell in cells[:most])
    return f"{names} and {len(cells) - most} more" if len(cells) > most else names
