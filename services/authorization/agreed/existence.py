"""How refusals look and what they give away: one refusal in two shapes, a message that tells what exists, a slow no."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from services.authorization.agreed.finding import Class, Finding, Kind, Severity, finding_id
from services.authorization.cells import CellId, Observation
from services.authorization.evidence import REFUSALS
from services.authorization.outcomes import Outcome
from services.authorization.suite.saved import Owner, SavedOperation

_REFUSED = frozenset({Outcome.REFUSED_BY_MODE, Outcome.REFUSED_BY_RULE})


@dataclass(frozen=True, slots=True)
class Shape:
    """What a caller sees of a refusal: the status, the error type, and the outcome that they make."""

    outcome: Outcome
    status: int | None
    error_type: str

    def __str__(self) -> str:
        status = f"HTTP {self.status}" if self.status is not None else "no status"
        return f"{self.outcome}, {status}, {self.error_type or 'no error type'}"


APPSYNCS_OWN = Shape(Outcome.REFUSED_BY_RULE, None, "AppSync's own error types")
"""A directive and a policy refuse in two shapes; both are AppSync's, and nobody can change that."""
_APPSYNCS = REFUSALS | {"AccessDeniedException"}


def deny_quality(
    operations: Collection[SavedOperation], observed: Mapping[CellId, Observation], slow: Collection[str] = ()
) -> Iterator[Finding]:
    """Findings about refusals. They are worth knowing and decide nothing: nobody got what they should not.

    Args:
        operations: the suite's.
        observed: what the cells showed.
        slow: the identities whose refusals take longer than granted calls.
    """
    yield from _shapes(observed)
    yield from _existence(operations, observed)
    for identity in sorted(slow):
        yield Finding(
            finding_id(Kind.SLOW_REFUSALS, identity),
            Kind.SLOW_REFUSALS,
            Class.ADVICE,
            Severity.NOTE,
            f"Refusals of {identity} are slow",
            "Half of them take longer than 95 of 100 granted calls: whoever measures them learns from the time what the"
            " answer keeps back.",
            "Refuse by mode, directive or policy, before a resolver runs.",
        )


def _shapes(observed: Mapping[CellId, Observation]) -> Iterator[Finding]:
    """Refusals by rule of one operation that come in several shapes."""
    found: dict[str, dict[Shape, list[CellId]]] = {}
    for cell, seen in sorted(observed.items()):
        if seen.verdict.outcome is Outcome.REFUSED_BY_RULE:
            shape = APPSYNCS_OWN if seen.error_type in _APPSYNCS else _shape(seen)
            found.setdefault(cell.operation, {}).setdefault(shape, []).append(cell)
    for operation, shapes in found.items():
        if len(shapes) > 1:
            told = "; ".join(f"{shape} ({cells[0].identity}{_more(cells)})" for shape, cells in shapes.items())
            yield Finding(
                finding_id(Kind.ANSWERS_DIFFER, operation, *sorted(map(str, shapes))),
                Kind.ANSWERS_DIFFER,
                Class.ADVICE,
                Severity.NOTE,
                f"{operation} is refused in {len(shapes)} shapes",
                f"{told}. Clients that know one of them take the others for something else.",
                "Refuse with one status and one error type, whoever asks.",
                tuple(cell for cells in shapes.values() for cell in cells),
            )


def _existence(operations: Collection[SavedOperation], observed: Mapping[CellId, Observation]) -> Iterator[Finding]:
    """Somebody else's object is refused otherwise than one that doesn't exist: the answer tells which is which."""
    hers = {each.id.removesuffix(f"[{Owner.HERS}]"): each for each in operations if each.owner is Owner.HERS}
    nobodys = {each.id.removesuffix(f"[{Owner.NOBODYS}]"): each for each in operations if each.owner is Owner.NOBODYS}
    for name in sorted(hers.keys() & nobodys.keys()):
        for identity in sorted({cell.identity for cell in observed}):
            pair = (CellId(hers[name].id, identity), CellId(nobodys[name].id, identity))
            seen = [observed.get(cell) for cell in pair]
            if all(seen) and (finding := _leak(name, pair, seen[0], seen[1])):
                yield finding


def _leak(
    name: str, pair: tuple[CellId, CellId], hers: Observation | None, nobodys: Observation | None
) -> Finding | None:
    if hers is None or nobodys is None or hers.verdict.outcome not in _REFUSED:
        return None
    # What proves nothing about who may have it may still tell that it is there: only a call that left is looked at.
    if nobodys.status is None or _shape(hers) == _shape(nobodys):
        return None
    return Finding(
        finding_id(Kind.EXISTENCE_LEAK, name, pair[0].identity),
        Kind.EXISTENCE_LEAK,
        Class.ADVICE,
        Severity.WARNING,
        f"{name} tells {pair[0].identity} what exists",
        f"Somebody else's: {_shape(hers)}. One that doesn't exist: {_shape(nobodys)}.",
        "Answer both in the same way: a refusal that says the same whether the object is there or not.",
        pair,
    )


def _shape(seen: Observation) -> Shape:
    return Shape(seen.verdict.outcome, seen.status, seen.error_type)


def _more(cells: Collection[CellId]) -> str:
    return f" and {len(cells) - 1} more" if len(cells) > 1 else ""
