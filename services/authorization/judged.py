"""A run, judged: what each identity's call showed, as a whole and field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.authorization.calls import Call, Run
from services.authorization.evaluated import refused_fields
from services.authorization.evidence import Keys, lengths
from services.authorization.explain import compared, explain, explain_failure
from services.authorization.explanation import Explanation
from services.authorization.fields import Finding, findings, label, lists_in
from services.authorization.identity import Identity, Kind
from services.authorization.operations import Operation
from services.authorization.outcomes import Outcome
from services.authorization.refusals import Head, head_of
from services.authorization.token_facts import KeysFor, TokenFacts, facts_of
from services.graphql import Answer
from services.settings import Environment

REFERENCE = "me-id"
_SAW_DATA = frozenset({Outcome.ALLOWED, Outcome.PARTIAL})


@dataclass(frozen=True, slots=True)
class Judged:
    """One identity's call with what it showed.

    Attributes:
        call: what was sent and what came.
        explanation: the outcome of the whole call, and why.
        findings: each selected field's outcome.
        refused: the refused fields, as they are read.
        head: AppSync's error type and text; for a call without an answer, the failure's code.
        claims: what the token said, unverified; empty where none was sent.
    """

    call: Call
    explanation: Explanation
    findings: Mapping[Keys, Finding]
    refused: tuple[str, ...]
    head: Head
    claims: Mapping[str, Any] = field(repr=False)

    @property
    def identity(self) -> Identity:
        """Who called."""
        return self.call.identity

    @property
    def outcome(self) -> Outcome:
        """What the whole call showed."""
        return self.explanation.outcome


@dataclass(frozen=True, slots=True)
class Grid:
    """A judged run: one column for each identity, one row for each field.

    Attributes:
        run: what was run.
        labels: the fields as they are read, in the order of the operation.
        columns: the identities' results, in the order of the run.
    """

    run: Run
    labels: Mapping[Keys, str]
    columns: tuple[Judged, ...]


def judge(run: Run, environment: Environment, keys_for: KeysFor, reference: str = REFERENCE) -> Grid:
    """What a run showed.

    Args:
        run: the run.
        environment: names the user pool that tokens should come from.
        keys_for: the pool's published keys, for telling a forged token from one that this API doesn't take.
        reference: the identity (by id) that *filtered* compares with; without evidence of its own, nobody is compared.
    """
    answers = [call.answer for call in run.calls if call.answer]
    lists = frozenset[Keys]().union(*(lists_in(answer) for answer in answers))
    labels = {keys: label(keys, lists) for keys in run.operation.fields}
    known = [_facts(call, environment, keys_for, run) for call in run.calls]
    explained = [_explained(call, facts) for call, facts in zip(run.calls, known, strict=True)]
    measure = _measure(run, explained, reference)
    columns = []
    for call, facts, first in zip(run.calls, known, explained, strict=True):
        explanation = compared(first, call.answer, *measure) if call.answer and measure else first
        counts = lengths(measure[0]) if measure else None
        columns.append(judged(call, run.operation, explanation, facts, lists=lists, reference=counts))
    return Grid(run, labels, tuple(columns))


def judged(
    call: Call,
    operation: Operation | None,
    explanation: Explanation,
    facts: TokenFacts | None,
    *,
    lists: frozenset[Keys] = frozenset(),
    reference: Mapping[Keys, int] | None = None,
) -> Judged:
    """One call, field by field.

    Args:
        call: what was sent and what came.
        operation: what was asked; None for a REST request, which has no fields.
        explanation: the outcome of the whole call.
        facts: what is known of the token that was sent, where one was.
        lists: the fields that are lists.
        reference: how many elements the reference identity saw in each list, if it is to be compared.
    """
    return Judged(
        call=call,
        explanation=explanation,
        findings=findings(operation.fields, call.answer, explanation, reference) if operation else {},
        refused=_refused(call, lists),
        head=_head(call),
        claims=facts.claims if facts else {},
    )


def _facts(call: Call, environment: Environment, keys_for: KeysFor, run: Run) -> TokenFacts | None:
    if call.token is None or call.identity.kind is not Kind.JWT:
        return None
    return facts_of(call.token, environment, keys_for, run.started_at)


def _explained(call: Call, facts: TokenFacts | None) -> Explanation:
    if call.answer:
        return explain(call.answer, call.identity, facts)
    if call.failure:
        return explain_failure(call.failure)
    return Explanation(Outcome.NO_VERDICT, "It was not run.")


def _measure(run: Run, explanations: list[Explanation], reference: str) -> tuple[Answer, str] | None:
    """The reference identity's answer and label, when it saw data."""
    for call, explanation in zip(run.calls, explanations, strict=True):
        if call.identity.id == reference and call.answer and explanation.outcome in _SAW_DATA:
            return call.answer, call.identity.label
    return None


def _refused(call: Call, lists: frozenset[Keys]) -> tuple[str, ...]:
    return tuple(label(keys, lists) for keys in refused_fields(call.answer)) if call.answer else ()


def _head(call: Call) -> Head:
    if call.answer:
        return head_of(call.answer)
    return Head(call.failure.code if call.failure else "", "")
