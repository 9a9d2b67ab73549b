"""Whether a run shows a fault that was found without a call."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from services.authorization.agreed.agreement import lets_in
from services.authorization.agreed.coordinates import coordinates
from services.authorization.cells import CellId, Facts, Mode, Observation
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.static_finding import StaticFinding
from services.authorization.fields import is_at_or_above
from services.authorization.outcomes import Outcome
from services.authorization.suite.saved import SavedOperation

INERT, OPEN, POLICY, UNGRANTED, ASKED_FOR = "GH-S04", "GH-S05", "GH-S10", "GH-S11", "GH-S15"
_Shows = Callable[[StaticFinding, CellId, Observation, Collection[str]], bool]


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
        about = self._about(found)
        shows = self._by_rule(found)
        return tuple(
            cell
            for cell, seen in sorted(self.observed.items())
            if seen.verdict.outcome.is_evidence
            and shows(found, cell, seen, _labels(places.get(cell.operation, {}), about))
        )

    def asked(self, found: StaticFinding, places: Mapping[str, Mapping[str, frozenset[str]]]) -> bool:
        """Whether an operation asks for what a trap is about."""
        return any(_labels(fields, self._about(found)) for fields in places.values())

    def places(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """For each operation, what its fields are in the schema."""
        return {
            name: coordinates(self.schema, operation.operation_for(""))
            for name, operation in self.operations.items()
            if not operation.rest
        }

    def _about(self, found: StaticFinding) -> frozenset[str]:
        root = self.schema.graphql.query_type
        if found.rule == ASKED_FOR and root:
            return frozenset({f"{root.name}.__schema", f"{root.name}.__type"})
        return frozenset(found.fields)

    def _by_rule(self, found: StaticFinding) -> "_Shows":
        special: dict[str, _Shows] = {
            POLICY: self._keeps_back,
            UNGRANTED: self._bars,
            ASKED_FOR: self._answers,
            INERT: self._opens,
            OPEN: self._opens,
        }
        return special.get(found.rule, self._refuses)

    def _refuses(self, _: StaticFinding, __: CellId, seen: Observation, names: Collection[str]) -> bool:
        """A field of the trap was refused by itself, so the field above it had let the caller in."""
        return any(name in seen.verdict.refused for name in names)

    def _keeps_back(self, found: StaticFinding, cell: CellId, seen: Observation, names: Collection[str]) -> bool:
        """IAM credentials passed their policy, which is asked first, and the field refused them."""
        alone = len(self.operations[cell.operation].roots) == 1
        return alone and self._mode(cell) is Mode.IAM and self._refuses(found, cell, seen, names)

    def _bars(self, _: StaticFinding, cell: CellId, seen: Observation, names: Collection[str]) -> bool:
        """IAM credentials were refused as a whole, which is how a policy refuses."""
        whole = seen.verdict.outcome is Outcome.REFUSED_BY_RULE and not seen.verdict.refused
        return bool(names) and whole and self._mode(cell) is Mode.IAM

    def _answers(self, _: StaticFinding, __: CellId, seen: Observation, names: Collection[str]) -> bool:
        """The schema came."""
        return lets_in(seen.verdict) and any(name not in seen.verdict.refused for name in names)

    def _opens(self, found: StaticFinding, cell: CellId, seen: Observation, names: Collection[str]) -> bool:
        """Somebody of the user pool got a field that looks closed to them."""
        facts = self.facts.get(cell.identity)
        if facts is None or facts.mode is not Mode.USER_POOL or not lets_in(seen.verdict):
            return False
        if found.rule == INERT and not facts.groups.isdisjoint(self._wanted(found)):
            return False
        came = [name for name in names if not _refused(name, seen.verdict.refused)]
        return any(seen.reached is None or name in seen.reached for name in came) and (
            seen.verdict.outcome is not Outcome.FILTERED
        )

    def _mode(self, cell: CellId) -> Mode | None:
        facts = self.facts.get(cell.identity)
        return facts.mode if facts and facts.good else None

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


def _labels(places: Mapping[str, frozenset[str]], about: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name, fields in places.items() if fields & about)


def _refused(name: str, refused: frozenset[str]) -> bool:
    """Whether a field, or one above it, was refused."""
    return any(is_at_or_above(each, name) for each in refused)
