"""What the cells of a run show once they are looked at together: control calls first, then each beside the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.authorization.cells import CellId, Observation, Progress, Verdict
from services.authorization.lab.canaries import Choice, decide
from services.authorization.lab.comparing import against, reference_of
from services.authorization.lab.result import CanaryResult
from services.authorization.lab.seen import Seen
from services.authorization.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Settled:
    """Cells as they are shown.

    Attributes:
        canaries: by identity, as far as they are decided.
        cells: what each cell shows.
        reference: the identity that others were compared with; empty for none.
    """

    canaries: Mapping[str, CanaryResult] = field(default_factory=dict)
    cells: Mapping[CellId, Observation] = field(default_factory=dict)
    reference: str = ""


def settled(
    grid: Sequence[CellId], seen: Mapping[CellId, Seen], choices: Mapping[str, Choice], wanted: str, *, ended: bool
) -> Settled:
    """What the cells show that have come to an end.

    Args:
        grid: the run's cells, in their order.
        seen: the cells that have come to an end, control calls outside of the grid included.
        choices: each identity's control calls.
        wanted: the identity that the suite compares others with; empty for the first that was allowed most.
        ended: nothing more will be sent. Before that, nobody is compared with anybody.
    """
    canaries = decide(choices, seen, ended=ended)
    own = {cell: seen[cell] for cell in grid if cell in seen}
    out = {identity for identity, choice in choices.items() if choice.turned_away}
    out |= {identity for identity, result in canaries.items() if result.failure}
    reference = reference_of(own, tuple(choices), out, wanted) if ended else ""
    label = choices[reference].caller.label if reference else ""
    cells = {}
    for cell, each in own.items():
        failed = canaries[cell.identity].failure if cell.identity in canaries else ""
        if failure := each.withheld or failed:
            cells[cell] = _withheld(each.observation, failure)
        elif reference and cell.identity != reference:
            cells[cell] = against(each, own.get(CellId(cell.operation, reference)), label)
        else:
            cells[cell] = each.observation
    return Settled(canaries, cells, reference)


def _withheld(seen: Observation, failure: str) -> Observation:
    """An observation whose column proved nothing: *no verdict*, with the reason. What was not run keeps its own."""
    if seen.progress is Progress.NOT_RUN:
        return seen
    return replace(
        seen,
        verdict=Verdict(Outcome.NO_VERDICT),
        why=f"{failure.rstrip('.')}. So nothing that this identity shows is evidence.",
        next_step="Mend the control call first; then run the column again.",
    )
