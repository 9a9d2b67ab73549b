"""Control calls: before an identity's refusals count, something was granted to it, and something refused.

Control calls are cells of the run that are sent first, so they cost nothing. Where the suite names none, those that
are declared to be granted and to be refused stand in: some of each, since one wrong prediction must not silence a
whole column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.authorization.callers.caller import Caller
from services.authorization.cells import CellId, Declaration, Observation, Progress
from services.authorization.lab.result import LET_IN, REFUSED, CanaryResult
from services.authorization.lab.seen import Seen
from services.authorization.outcomes import Outcome
from services.authorization.refusals import Cause, cause_of
from services.authorization.suite.model import Canary
from services.authorization.suite.saved import SavedOperation

TYPENAME = "__typename"
"""The id of the control call that asks for nothing but the name of the query type: any live credential may."""
ASK_TYPENAME = "{ __typename }"
_TRIED = 3
_BY_RULE = frozenset({Outcome.REFUSED_BY_RULE})


@dataclass(frozen=True, slots=True)
class Choice:
    """The control calls of one identity.

    Attributes:
        caller: the identity.
        granted: one of these has to be granted; empty where nothing can be.
        refused: one of these has to be refused; empty where nothing is declared to be.
        turned_away: every API has to turn this identity away, so that being let in is itself what is to be shown.
    """

    caller: Caller
    granted: tuple[CellId, ...]
    refused: tuple[CellId, ...]
    turned_away: bool = False

    @property
    def cells(self) -> tuple[CellId, ...]:
        """All of them."""
        return (*self.granted, *self.refused)


def choose(
    callers: Iterable[Caller],
    operations: Sequence[SavedOperation],
    declared: Mapping[CellId, Declaration],
    named: Mapping[str, Canary],
) -> dict[str, Choice]:
    """The control calls of each identity; never an operation that changes data or needs another's answer.

    Args:
        callers: the identities.
        operations: of the run.
        declared: what cells have to show.
        named: the control calls that the suite names, by identity.
    """
    harmless = [operation.id for operation in operations if not operation.changes_data and not operation.after]
    return {caller.id: _chosen(caller, harmless, declared, named.get(caller.id, Canary())) for caller in callers}


def _chosen(caller: Caller, harmless: Sequence[str], declared: Mapping[CellId, Declaration], named: Canary) -> Choice:
    told = {operation: declared.get(CellId(operation, caller.id)) for operation in harmless}
    verdicts = {operation: each.verdict.outcome for operation, each in told.items() if each and each.verdict}
    if not caller.facts.good or caller.facts.mode is None:
        refused = [named.refused] if named.refused else harmless[:_TRIED]
        return Choice(caller, (), _cells(refused, caller), turned_away=True)
    # Where all is allowed, or all refused, a call is a better control than where some fields are.
    granted = [operation for outcome in (Outcome.ALLOWED, Outcome.FILTERED, Outcome.PARTIAL)
               for operation, each in verdicts.items() if each is outcome]  # fmt: skip
    refused = [operation for operation, outcome in verdicts.items() if outcome in REFUSED]
    if named.granted:
        granted = [named.granted]
    elif not verdicts:
        granted = [TYPENAME]
    if named.refused:
        refused = [named.refused]
    return Choice(caller, _cells(granted, caller), _cells(refused, caller))


def _cells(operations: Sequence[str], caller: Caller) -> tuple[CellId, ...]:
    return tuple(CellId(operation, caller.id) for operation in operations[:_TRIED])


def decide(choices: Mapping[str, Choice], seen: Mapping[CellId, Seen], *, ended: bool) -> dict[str, CanaryResult]:
    """What the control calls showed, by identity; an identity whose calls haven't come to an end is left out.

    Args:
        choices: the control calls.
        seen: the cells that have come to an end.
        ended: nothing more will be sent: a control call that is missing has failed.
    """
    found: dict[str, CanaryResult] = {}
    for identity, choice in choices.items():
        if not choice.turned_away and (result := _proven(choice, seen, ended)):
            found[identity] = result
    for identity, choice in choices.items():
        if choice.turned_away and (result := _turned_away(choice, seen, found, ended)):
            found[identity] = result
    return {identity: found[identity] for identity in choices if identity in found}


def _proven(choice: Choice, seen: Mapping[CellId, Seen], ended: bool) -> CanaryResult | None:
    granted = next((cell for cell in choice.granted if _granted(seen.get(cell))), None)
    refused = next((cell for cell in choice.refused if _refused(seen.get(cell))), None)
    open_ = (() if granted else choice.granted) + (() if refused else choice.refused)
    if not ended and any(cell not in seen for cell in open_):
        return None
    if choice.granted and not granted:
        cell = choice.granted[0]
        failure = f"Its control call {cell.operation} had to be granted and {_was(seen.get(cell))}"
        return CanaryResult(cell, refused, "", failure, failure, _proofs(choice.granted, seen, _BY_RULE))
    if choice.refused and not refused:
        cell = choice.refused[0]
        failure = f"Its control call {cell.operation} had to be refused and {_was(seen.get(cell))}"
        return CanaryResult(granted, cell, "", failure, failure, _proofs(choice.refused, seen, LET_IN))
    return CanaryResult(granted, refused, "", _passed(granted, refused))


def _proofs(
    cells: Sequence[CellId], seen: Mapping[CellId, Seen], outcomes: frozenset[Outcome]
) -> Mapping[CellId, Observation]:
    shown = {cell: seen[cell].observation for cell in cells if cell in seen}
    return {cell: each for cell, each in shown.items() if each.verdict.outcome in outcomes}


def _turned_away(
    choice: Choice,
    seen: Mapping[CellId, Seen],
    others: Mapping[str, CanaryResult],
    ended: bool,
) -> CanaryResult | None:
    refused = next((cell for cell in choice.refused if _refused(seen.get(cell))), None)
    if not ended and not refused and any(cell not in seen for cell in choice.refused):
        return None
    control = choice.caller.control
    if not control:
        why = "It must be refused everywhere, so nothing has to be granted to it."
        return CanaryResult(None, refused, "", why)
    theirs = others.get(control)
    if theirs is None and not ended:
        return None
    if theirs is None:
        failure = f"Its control {control}, which has to be let in with the good credential, took no part in the run."
        return CanaryResult(None, refused, control, failure, failure)
    if theirs.failure:
        failure = f"Its control {control} proved nothing. {theirs.failure}"
        return CanaryResult(None, refused, control, failure, failure)
    told = "was let in" if theirs.granted else "is not admitted here either"
    return CanaryResult(None, refused, control, f"It must be refused; its control {control} {told}.")


def _granted(seen: Seen | None) -> bool:
    if seen is None:
        return False
    if seen.observation.verdict.outcome in LET_IN:
        return True
    # A role whose policy names single fields may not ask for the type's name; being told so takes a good signature.
    is_typename = seen.operation.id == TYPENAME
    return is_typename and seen.answer is not None and cause_of(seen.answer) is Cause.POLICY


def _refused(seen: Seen | None) -> bool:
    return seen is not None and seen.observation.verdict.outcome in REFUSED


def _was(seen: Seen | None) -> str:
    if seen is None or seen.observation.progress is Progress.NOT_RUN:
        return f"was not run: {seen.observation.why if seen else 'it is no operation of this run.'}"
    outcome = seen.observation.verdict.outcome
    return f"{f'was {outcome}' if outcome.is_evidence else 'gave no verdict'}: {seen.observation.why}"


def _passed(granted: CellId | None, refused: CellId | None) -> str:
    one = f"{granted.operation} was granted" if granted else "nothing is declared to be granted"
    other = f"{refused.operation} was refused" if refused else "nothing is declared to be refused"
    return f"Control calls: {one}, {other}."
