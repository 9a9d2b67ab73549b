"""Whether a run agrees with what a saved operation expects, such as the smoke test of the users API."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.authorization.judged import Grid
from services.authorization.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation beside what was seen.

    Attributes:
        label: the identity's column.
        expected: the outcome it must have.
        seen: the outcome it had; *no verdict* when it was not run.
        status: the HTTP status of its answer; None where none came.
    """

    label: str
    expected: Outcome
    seen: Outcome
    status: int | None

    @property
    def agrees(self) -> bool | None:
        """Whether it is as expected; None when nothing was proven either way."""
        return self.seen is self.expected if self.seen.is_evidence else None


def checks(expected: Mapping[str, Outcome], grid: Grid) -> tuple[Check, ...]:
    """Every expectation with what the run shows; one whose identity took no part is not judged, never passed."""
    columns = {column.identity.id: column for column in grid.columns}
    found = []
    for identity, outcome in expected.items():
        column = columns.get(identity)
        if column is None:
            found.append(Check(identity, outcome, Outcome.NO_VERDICT, None))
        else:
            answer = column.call.answer
            found.append(Check(column.identity.label, outcome, column.outcome, answer.status if answer else None))
    return tuple(found)
