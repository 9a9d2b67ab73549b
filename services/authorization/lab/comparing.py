"""Who saw less than others: *filtered*, by comparison with one identity's answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from services.authorization.cells import CellId, Observation, Verdict
from services.authorization.explain import compared
from services.authorization.explanation import Explanation
from services.authorization.lab.seen import Seen
from services.authorization.outcomes import Outcome

_SAW_DATA = frozenset({Outcome.ALLOWED, Outcome.PARTIAL})


def reference_of(seen: Mapping[CellId, Seen], identities: Sequence[str], out: Collection[str], wanted: str = "") -> str:
    """The identity that others are compared with: the wanted one, else the first that was allowed most; or none.

    Args:
        seen: the cells.
        identities: in their order.
        out: those whose cells are no evidence, or that are spoilt on purpose.
        wanted: what the suite says.
    """
    if wanted in identities and wanted not in out:
        return wanted
    counted = dict.fromkeys((each for each in identities if each not in out), 0)
    for cell, each in seen.items():
        if cell.identity in counted and not each.withheld and each.observation.verdict.outcome is Outcome.ALLOWED:
            counted[cell.identity] += 1
    best = max(counted.values(), default=0)
    return next((identity for identity, count in counted.items() if count == best), "") if best else ""


def against(ours: Seen, theirs: Seen | None, label: str) -> Observation:
    """The cell's observation, or *filtered* where it was allowed and saw fewer elements, or not all the same ones.

    Args:
        ours: the cell.
        theirs: the same operation by the reference identity; None where it has none.
        label: what the reference identity is called.
    """
    seen = ours.observation
    if seen.verdict.outcome is not Outcome.ALLOWED or theirs is None or ours.answer is None or theirs.answer is None:
        return seen
    if ours.operation.changes_data:
        return seen  # what a change answers with is each caller's own
    if theirs.withheld or theirs.observation.verdict.outcome not in _SAW_DATA:
        return seen
    by_count = compared(Explanation(seen.verdict.outcome, seen.why, seen.next_step), ours.answer, theirs.answer, label)
    if by_count.outcome is Outcome.FILTERED:
        return _filtered(seen, by_count.why, by_count.next_step)
    for name, ids in theirs.observation.ids.items():
        if kept := ids - seen.ids.get(name, frozenset()):
            return _filtered(
                seen,
                f"No field was refused, but {len(kept)} of the {len(ids)} elements of {name} that came to {label}"
                " did not come to this caller.",
                "Find out whether the resolver keeps some from this caller.",
            )
    return seen


def _filtered(seen: Observation, why: str, next_step: str) -> Observation:
    return replace(seen, verdict=Verdict(Outcome.FILTERED), why=why, next_step=next_step)
