"""The findings of one cell: where declared, agreed and observed disagree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.authorization.agreed.agreement import Agreement, lets_in
from services.authorization.agreed.comparison import Compared, Difference, compare, in_words
from services.authorization.agreed.finding import Class, Finding, Kind, Severity, finding_id
from services.authorization.cells import CellId, Declaration, Observation, Reason, Verdict
from services.authorization.declared.compatible import compatible
from services.authorization.declared.taken import Taken
from services.authorization.outcomes import Outcome

DENIED = "to be refused, since the baseline doesn't list it"
_CONTROL = "It is a control call, so that the rest of its column proves nothing; this much it proves by itself."
_AGREED: Mapping[Difference, Kind] = {
    Difference.MORE: Kind.MORE_THAN_AGREED,
    Difference.LESS: Kind.LESS_THAN_AGREED,
    Difference.OTHERWISE: Kind.OTHERWISE_THAN_AGREED,
}
_DECLARED: Mapping[Difference, Kind] = {
    Difference.MORE: Kind.MORE_THAN_DECLARED,
    Difference.LESS: Kind.LESS_THAN_DECLARED,
    Difference.OTHERWISE: Kind.OTHERWISE_THAN_DECLARED,
}
_SEVERITY: Mapping[Difference, Severity] = {
    Difference.MORE: Severity.PROBLEM,
    Difference.LESS: Severity.PROBLEM,
    Difference.OTHERWISE: Severity.WARNING,
}
_CHANGE: Mapping[Difference, str] = {
    Difference.MORE: "If it should be so, accept it with a reason; if not, take the permission away.",
    Difference.LESS: "If it should be so, accept it with a reason; if not, give the permission back.",
    Difference.OTHERWISE: "Find out which rule changed; if it should be so, accept it with a reason.",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell in all three layers.

    Attributes:
        id: which one.
        agreement: its line in the baseline, whether it still counts or not; None where it isn't listed.
        declaration: the prediction; None where none was made.
        observation: what its call showed; None where there was no run.
        today: the day on which agreements have to count.
        expected: the outcome that the suite itself wants; it stands in for a line of the baseline where there is none.
        proof: what the call proves by itself although its column proves nothing: that of a failed control call.
        taken: what the refusal of each field of the operation takes with it.
    """

    id: CellId
    agreement: Agreement | None
    declaration: Declaration | None
    observation: Observation | None
    today: date
    expected: Outcome | None = None
    proof: Observation | None = None
    taken: Taken = field(default_factory=Taken)

    @property
    def seen(self) -> Verdict | None:
        """What was observed; None where that is no evidence."""
        verdict = self.observation.verdict if self.observation else None
        return verdict if verdict and verdict.outcome.is_evidence else None

    @property
    def agreed(self) -> Verdict | None:
        """What the baseline says; None where it doesn't list the cell, or no longer."""
        return self.agreement.verdict if self.agreement and self.agreement.counts(self.today) else None

    @property
    def declared(self) -> Verdict | None:
        """The prediction; None where nothing can be predicted."""
        verdict = self.declaration.verdict if self.declaration else None
        return verdict if verdict and verdict.outcome.is_evidence else None


def findings_of(cell: Cell, *, ran: bool) -> Iterator[Finding]:
    """Every disagreement about one cell, and its missing verdict.

    Args:
        cell: the cell.
        ran: whether there was a run, so that this cell had to be observed.
    """
    yield from _ended(cell)
    if cell.seen:
        yield from _of_seen(cell, cell.seen)
        return
    if ran:
        yield _no_verdict(cell)
    if cell.proof:
        for finding in _of_seen(replace(cell, observation=cell.proof), cell.proof.verdict):
            yield replace(finding, words=f"{finding.words} {_CONTROL}")
        return
    yield from _declared_against_agreed(cell, ran=ran)


def unsent(cell: Cell) -> Iterator[Finding]:
    """The disagreements about a cell that the suite itself doesn't send: what is declared is all that can be known."""
    yield from _ended(cell)
    yield from _declared_against_agreed(cell, ran=False)


def _of_seen(cell: Cell, seen: Verdict) -> Iterator[Finding]:
    yield from _seen_against_agreed(cell, seen)
    yield from _seen_against_expected(cell, seen)
    yield from _seen_against_declared(cell, seen)


def _no_verdict(cell: Cell) -> Finding:
    why = cell.observation.why if cell.observation else "It was not run."
    step = (cell.observation.next_step if cell.observation else "") or "Repair what failed, then run this cell again."
    return Finding(
        finding_id(Kind.NO_VERDICT, *_names(cell.id)),
        Kind.NO_VERDICT,
        Class.NO_VERDICT,
        Severity.WARNING,
        f"Nothing is proven about {cell.id.operation} by {cell.id.identity}",
        why,
        step,
        (cell.id,),
    )


def _ended(cell: Cell) -> Iterator[Finding]:
    agreement = cell.agreement
    if agreement is None or agreement.counts(cell.today):
        return
    still = cell.seen is not None and lets_in(cell.seen)
    yield Finding(
        finding_id(Kind.ACCEPTANCE_ENDED, *_names(cell.id), str(agreement.accepted.until)),
        Kind.ACCEPTANCE_ENDED,
        Class.DISAGREEMENT if still else Class.ADVICE,
        Severity.PROBLEM if still else Severity.NOTE,
        f"The acceptance of {cell.id.operation} by {cell.id.identity} has ended",
        f"It counted until {agreement.accepted.until} ({agreement.accepted.owner}: {agreement.accepted.reason})."
        + (f" Seen all the same: {in_words(cell.seen)}." if still and cell.seen else ""),
        "Accept it anew with a reason, or take the permission away and the line out of the baseline.",
        (cell.id,),
        _reasons(cell),
    )


def _seen_against_agreed(cell: Cell, seen: Verdict) -> Iterator[Finding]:
    if cell.agreed is None:
        if lets_in(seen) and cell.agreement is None and cell.expected is None:
            title = f"{cell.id.operation} lets {cell.id.identity} in, and nobody agreed to it"
            words = f"Seen: {in_words(seen)}. Agreed: {DENIED}."
            more = Compared(Difference.MORE)
            yield _finding(cell, Kind.LET_IN_UNLISTED, more, seen, title=title, words=words)
        return
    if found := compare(cell.agreed, seen, reached=_reached(cell), taken=cell.taken):
        title = f"{cell.id.operation} by {cell.id.identity}: {found.difference} than agreed"
        words = f"Seen: {in_words(seen)}. Agreed: {in_words(cell.agreed)}.{_fields(found)}"
        yield _finding(cell, _AGREED[found.difference], found, seen, title=title, words=words)


def _seen_against_expected(cell: Cell, seen: Verdict) -> Iterator[Finding]:
    if cell.expected in (None, seen.outcome):
        return
    found = compare(Verdict(cell.expected), Verdict(seen.outcome)) or Compared(Difference.OTHERWISE)
    title = f"{cell.id.operation} by {cell.id.identity} is not as the suite expects"
    words = f"Seen: {in_words(seen)}. Expected: {cell.expected}."
    yield _finding(cell, Kind.NOT_AS_EXPECTED, found, seen, title=title, words=words)


def _seen_against_declared(cell: Cell, seen: Verdict) -> Iterator[Finding]:
    if not (cell.declaration and cell.declared and cell.observation):
        return
    if compatible(cell.declaration, cell.observation) is False:
        found = compare(cell.declared, seen, reached=_reached(cell), filtered_is_allowed=True)
        found = found or Compared(Difference.OTHERWISE)
        # A line of the baseline settles it: somebody has looked at what schema and policies don't tell.
        settled = cell.agreed is not None and compare(cell.agreed, seen, taken=cell.taken) is None
        title = f"{cell.id.operation} by {cell.id.identity}: {found.difference} than declared"
        words = f"Seen: {in_words(seen)}. Declared: {in_words(cell.declared)}.{_fields(found)}"
        words += " It was agreed to so." if settled else ""
        yield _finding(cell, _DECLARED[found.difference], found, seen, title=title, words=words, settled=settled)


def _reached(cell: Cell) -> frozenset[str] | None:
    return cell.observation.reached if cell.observation else None


def _declared_against_agreed(cell: Cell, *, ran: bool) -> Iterator[Finding]:
    if cell.declared is None:
        return
    found: Compared | None
    if cell.agreed is None and cell.agreement is None and cell.expected is not None:
        return  # the suite says what it wants of a call, not of the schema
    if cell.agreed is None:
        found = Compared(Difference.MORE) if lets_in(cell.declared) else None
        agreed = DENIED if cell.agreement is None else "to be refused, since its acceptance has ended"
    else:
        found = compare(cell.agreed, cell.declared, filtered_is_allowed=True, taken=cell.taken)
        found = None if cell.agreed.outcome is Outcome.FILTERED and lets_in(cell.declared) else found
        agreed = in_words(cell.agreed)
    if found:
        title = f"{cell.id.operation} by {cell.id.identity}: {found.difference} is declared than was agreed"
        words = f"Declared: {in_words(cell.declared)}. Agreed: {agreed}.{_fields(found)}"
        finding = _finding(cell, Kind.DECLARED_NOT_AGREED, found, cell.declared, title=title, words=words)
        # In a run only what was seen is proven: this cell is no verdict, and the prediction is worth knowing.
        yield replace(finding, weight=Class.ADVICE) if ran else finding


def _finding(
    cell: Cell, kind: Kind, found: Compared, shown: Verdict, *, title: str, words: str, settled: bool = False
) -> Finding:
    return Finding(
        finding_id(kind, *_names(cell.id), in_words(shown)),
        kind,
        Class.ADVICE if settled else Class.DISAGREEMENT,
        Severity.NOTE if settled else _SEVERITY[found.difference],
        title,
        words,
        "Nothing, as long as the acceptance holds." if settled else _CHANGE[found.difference],
        (cell.id,),
        _reasons(cell, found.gained | found.lost),
    )


def _fields(found: Compared) -> str:
    told = ""
    if found.gained:
        told += f" No longer refused: {', '.join(sorted(found.gained))}."
    if found.lost:
        told += f" Refused now: {', '.join(sorted(found.lost))}."
    return told


def _reasons(cell: Cell, fields: frozenset[str] = frozenset()) -> tuple[Reason, ...]:
    if cell.declaration is None:
        return ()
    by_field = [reason for name, reason in cell.declaration.by_field.items() if name in fields]
    return tuple(dict.fromkeys([*by_field, *cell.declaration.reasons]))


def _names(cell: CellId) -> tuple[str, str]:
    return cell.operation, cell.identity
