"""Whether what was observed fits what is declared, given that some fields may never have been reached."""

from services.authorization.cells import Declaration, Observation
from services.authorization.outcomes import Outcome

_TURNED_AWAY = Outcome.REFUSED_BY_MODE


def compatible(declaration: Declaration, observation: Observation) -> bool | None:
    """Whether an observation agrees with a prediction; None where it is no evidence for or against it.

    *Allowed* fits *filtered*: which rows come is the resolver's to decide. A refusal that was predicted and not seen
    contradicts only if the field was reached: what stands below a null or an empty list was never asked for. A call
    that a policy refused as a whole, and one of which every field was refused, are the same to the caller.
    """
    declared, seen = declaration.verdict, observation.verdict
    if declared is None or Outcome.NO_VERDICT in {declared.outcome, seen.outcome}:
        return None
    if _TURNED_AWAY in {declared.outcome, seen.outcome}:
        return declared.outcome is seen.outcome
    if _whole(declared.outcome, declared.refused) or _whole(seen.outcome, seen.refused):
        return declared.outcome is seen.outcome
    if seen.refused - declared.refused:
        return False
    missing = declared.refused - seen.refused
    if not missing:
        return True
    reached = observation.reached if observation.reached is not None else _surely_reached(missing, seen.refused)
    return False if missing & reached else None


def _whole(outcome: Outcome, refused: frozenset[str]) -> bool:
    """Whether a call was refused before any field was looked at."""
    return outcome is Outcome.REFUSED_BY_RULE and not refused


def _surely_reached(fields: frozenset[str], refused: frozenset[str]) -> frozenset[str]:
    """Root fields, and those beside one that was refused: their parent must have come."""
    parents = {_parent(field) for field in refused}
    return frozenset(field for field in fields if not _parent(field) or _parent(field) in parents)


def _parent(field: str) -> str:
    return field.rpartition(".")[0]
