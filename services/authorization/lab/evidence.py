"""Each call of a run with its answer, judged field by field when somebody looks at it, and not before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.authorization.calls import Call
from services.authorization.cells import CellId, Observation
from services.authorization.evidence import lengths
from services.authorization.explanation import Explanation
from services.authorization.fields import Finding, lists_in
from services.authorization.judged import Judged, judged
from services.authorization.lab.column import Column
from services.authorization.lab.doors import Doors
from services.authorization.lab.seen import Seen
from services.authorization.outcomes import Outcome
from services.credentials import Token


@dataclass(frozen=True, slots=True)
class Evidence(Mapping[CellId, Judged]):
    """The calls of a run, by cell; a cell for which nothing was sent has none.

    Judging field by field takes longer than a fast call does, so that a run of a thousand cells leaves it to whoever
    opens one. What it holds stays in memory: credentials are kept for showing the request, wrapped as secrets.

    Attributes:
        doors: where the calls went in.
        seen: the calls.
        cells: what the cells show in the end.
        columns: the identities.
        reference: the identity that others were compared with; empty for none.
    """

    doors: Doors
    seen: Mapping[CellId, Seen] = field(repr=False)
    cells: Mapping[CellId, Observation] = field(repr=False)
    columns: Mapping[str, Column] = field(repr=False)
    reference: str = ""

    def __iter__(self) -> Iterator[CellId]:
        """Every cell whose call was made."""
        return (cell for cell in self.cells if cell in self.seen and self.seen[cell].sent)

    def __len__(self) -> int:
        """How many there are."""
        return sum(1 for _ in self)

    def __getitem__(self, cell: CellId) -> Judged:
        """One call, judged; raises `KeyError` where none was made."""
        seen, observation = self.seen[cell], self.cells[cell]
        sent = seen.sent
        if sent is None:
            raise KeyError(cell)
        column = self.columns[cell.identity]
        operation = None if seen.operation.rest else seen.operation.operation_for(cell.identity, seen.variables)
        credentials = sent.credentials
        call = Call(
            identity=column.caller.identity,
            answer=sent.answer,
            failure=sent.failure,
            request=(
                self.doors.shown(seen.operation, cell.identity, seen.variables, credentials) if credentials else ""
            ),
            token=credentials.token if isinstance(credentials, Token) else None,
        )
        found = judged(
            call,
            operation,
            Explanation(observation.verdict.outcome, observation.why, observation.next_step),
            column.facts(credentials) if credentials else None,
            lists=lists_in(sent.answer) if sent.answer else frozenset(),
            reference=self._counts(cell) if observation.verdict.outcome is Outcome.FILTERED else None,
        )
        return _without_verdicts(found) if seen.withheld else found

    def _counts(self, cell: CellId) -> Mapping[tuple[str, ...], int] | None:
        theirs = self.seen.get(CellId(cell.operation, self.reference))
        return lengths(theirs.answer) if theirs and theirs.answer else None


def _without_verdicts(found: Judged) -> Judged:
    """A call whose column proved nothing has no fields that prove anything, whatever they hold."""
    words = "not judged, as the whole column"
    nothing = {keys: Finding(Outcome.NO_VERDICT, words, each.messages) for keys, each in found.findings.items()}
    return replace(found, findings=nothing)
