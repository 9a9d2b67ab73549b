"""What one call of a run showed: the cell's observation, with all that it was judged by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.authorization.cells import Observation, Progress, Verdict
from services.authorization.declared.labels import reached
from services.authorization.evaluated import refused_fields
from services.authorization.evidence import Keys
from services.authorization.explain import explain, explain_failure
from services.authorization.explanation import Explanation
from services.authorization.fields import label, lists_in
from services.authorization.lab.column import Column
from services.authorization.lab.safety import before_any_resolver
from services.authorization.lab.sending import Sent
from services.authorization.outcomes import Outcome
from services.authorization.refusals import head_of
from services.authorization.suite.rest_outcomes import explain_rest
from services.authorization.suite.rules import Rule, ruled
from services.authorization.suite.saved import SavedOperation
from services.graphql import Answer

_NAMES_REFUSED = frozenset({Outcome.PARTIAL, Outcome.REFUSED_BY_RULE})
_SAW_DATA = frozenset({Outcome.ALLOWED, Outcome.FILTERED, Outcome.PARTIAL})


@dataclass(frozen=True, slots=True)
class Seen:
    """One cell that has come to an end.

    Attributes:
        observation: what it shows by itself, before it is compared with others.
        operation: what was to be sent.
        variables: what earlier answers of a chain gave it.
        sent: the call; None where none left.
        withheld: why it proves nothing although it was answered: its column's control calls failed when it was made.
            Later control calls, perhaps with another credential, don't change that.
    """

    observation: Observation
    operation: SavedOperation
    variables: Mapping[str, Any] = field(default_factory=dict)
    sent: Sent | None = None
    withheld: str = ""

    @property
    def answer(self) -> Answer | None:
        """What came back; None where nothing did."""
        return self.sent.answer if self.sent else None

    @property
    def may_have_changed(self) -> bool:
        """Whether it may have changed data: unless it was turned away before its resolver, or never left."""
        if not self.operation.changes_data or self.sent is None or not self.sent.tries:
            return False
        return not before_any_resolver(self.observation.verdict, self.operation)


def not_run(operation: SavedOperation, why: str, next_step: str = "") -> Seen:
    """A cell that wasn't sent: *no verdict*, with the reason."""
    return Seen(Observation(Verdict(Outcome.NO_VERDICT), why, next_step, Progress.NOT_RUN), operation)


def seen(
    operation: SavedOperation, variables: Mapping[str, Any], sent: Sent, column: Column, rules: Sequence[Rule]
) -> Seen:
    """What a call showed.

    Args:
        operation: what was sent.
        variables: what earlier answers gave it.
        sent: the call.
        column: who sent it.
        rules: the suite's own; they judge answers after AppSync's.
    """
    if sent.failure:
        return Seen(_failed(sent), operation, variables, sent)
    answer = sent.answer
    if answer is None:
        return not_run(operation, "It was not run.")
    explanation = _explained(operation, sent, answer, column)
    observation = _observed(operation, sent, answer, explanation)
    judged = ruled(rules, operation.id, observation, answer, rest=operation.rest is not None)
    return Seen(judged, operation, variables, sent)


def _failed(sent: Sent) -> Observation:
    assert sent.failure is not None  # noqa: S101 - asked by the only caller
    explanation = explain_failure(sent.failure)
    return Observation(
        verdict=Verdict(Outcome.NO_VERDICT),
        why=explanation.why,
        next_step=explanation.next_step,
        progress=Progress.DONE if sent.tries else Progress.NOT_RUN,
        error_type=sent.failure.code,
        request_id=sent.failure.request_id,
        at=sent.at if sent.tries else None,
    )


def _explained(operation: SavedOperation, sent: Sent, answer: Answer, column: Column) -> Explanation:
    identity = column.caller.identity
    # What a token says of itself explains refusals alone, and takes a signature to check.
    facts = column.facts(sent.credentials) if sent.credentials and answer.status != 200 else None
    return explain_rest(answer, identity, facts) if operation.rest else explain(answer, identity, facts)


def _observed(operation: SavedOperation, sent: Sent, answer: Answer, explanation: Explanation) -> Observation:
    head = head_of(answer)
    lists = lists_in(answer)
    named = explanation.outcome in _NAMES_REFUSED
    return Observation(
        verdict=Verdict(
            explanation.outcome,
            frozenset(label(keys, lists) for keys in refused_fields(answer)) if named else frozenset(),
        ),
        why=explanation.why,
        next_step=explanation.next_step,
        status=answer.status,
        error_type=head.error_type,
        request_id=answer.request_id,
        milliseconds=answer.milliseconds,
        bytes=len(answer.text.encode()),
        ids=ids_in(answer) if explanation.outcome in _SAW_DATA else {},
        at=sent.at,
        reached=_reached(operation, answer, lists),
    )


def _reached(operation: SavedOperation, answer: Answer, lists: frozenset[Keys]) -> frozenset[str] | None:
    """The fields that an evaluated GraphQL operation says something about."""
    if operation.rest or answer.status != 200:
        return None
    asked = operation.operation_for("")
    return reached(answer, asked, {keys: label(keys, lists) for keys in asked.fields})


def ids_in(answer: Answer) -> Mapping[str, frozenset[str]]:
    """For each list of objects that have an id, the ids that came, by the list's label."""
    found: dict[Keys, set[str]] = {}
    for keys, element in _elements(answer.body.get("data"), ()):
        name = _id_name(element)
        if name:
            found.setdefault(keys, set()).add(str(element[name]))
    lists = lists_in(answer) if found else frozenset()
    return {label(keys, lists): frozenset(ids) for keys, ids in found.items()}


def _elements(value: Any, keys: Keys) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
    """Every object that stands in a list, with the list's field."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _elements(below, (*keys, key))
    elif isinstance(value, list):
        for below in value:
            if isinstance(below, dict):
                yield keys, below
            yield from _elements(below, keys)


def _id_name(element: Mapping[str, Any]) -> str:
    """The field that tells an object from its neighbours: `id`, else the first that ends in Id; empty if none."""
    told = [name for name, value in element.items() if isinstance(value, str | int) and not isinstance(value, bool)]
    if "id" in told:
        return "id"
    return next((name for name in told if name.endswith(("Id", "_id"))), "")
