"""Rules of one's own: where an answer shows what AppSync says in no standard way, a named rule gives it a verdict.

A rule judges answers only: what was not run, or not answered, stays *no verdict* whatever the rules say. A verdict that
a rule gave names the rule, and says what the answer showed without it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from services.authorization.cells import Observation, Verdict
from services.authorization.evidence import errors_of
from services.authorization.outcomes import Outcome
from services.authorization.refusals import head_of
from services.authorization.suite.answer_paths import content_of, values_at
from services.graphql import Answer

# A pattern is tried on so much of a text: enough for any message, too little to stall a run.
_LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a condition looks at: an answer, and what it showed before any rule."""

    answer: Answer
    outcome: Outcome
    rest: bool = False


class Condition(Protocol):
    """Something that holds of an answer, or doesn't."""

    def holds(self, seen: Seen) -> bool:
        """Whether it does."""


@dataclass(frozen=True, slots=True)
class StatusIs:
    """The HTTP status."""

    status: int

    def holds(self, seen: Seen) -> bool:
        """Whether the answer has it."""
        return seen.answer.status == self.status


@dataclass(frozen=True, slots=True)
class ErrorTypeIs:
    """An error type, of the answer as a whole or of one of its errors."""

    error_type: str

    def holds(self, seen: Seen) -> bool:
        """Whether the answer carries it."""
        named = {head_of(seen.answer).error_type, *(error.error_type for error in errors_of(seen.answer))}
        return self.error_type in named


@dataclass(frozen=True, slots=True)
class MessageMatches:
    """A pattern, looked for in the messages of the errors; in a REST answer, in the body."""

    pattern: re.Pattern[str]

    def holds(self, seen: Seen) -> bool:
        """Whether one of them matches."""
        texts = [seen.answer.text] if seen.rest else [error.message for error in errors_of(seen.answer)]
        return any(self.pattern.search(text[:_LONGEST_TEXT]) for text in texts)


@dataclass(frozen=True, slots=True)
class PathPresent:
    """A path in the data at which something other than null stands."""

    path: str

    def holds(self, seen: Seen) -> bool:
        """Whether something does."""
        found = values_at(content_of(seen.answer, rest=seen.rest), self.path)
        return any(value is not None for value in found)


@dataclass(frozen=True, slots=True)
class OutcomeIs:
    """The outcome that the answer has by itself."""

    outcome: Outcome

    def holds(self, seen: Seen) -> bool:
        """Whether it has."""
        return seen.outcome is self.outcome


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions; none is never enough."""

    conditions: tuple[Condition, ...]

    def holds(self, seen: Seen) -> bool:
        """Whether all do."""
        return bool(self.conditions) and all(each.holds(seen) for each in self.conditions)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions."""

    conditions: tuple[Condition, ...]

    def holds(self, seen: Seen) -> bool:
        """Whether one does."""
        return any(each.holds(seen) for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Condition

    def holds(self, seen: Seen) -> bool:
        """Whether the condition doesn't."""
        return not self.condition.holds(seen)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a suite.

    Attributes:
        name: how it is called wherever it has decided something.
        when: what has to hold.
        outcome: the outcome that it gives.
        operations: the operations, by id, that it is for; empty for all.
    """

    name: str
    when: Condition
    outcome: Outcome
    operations: frozenset[str] = frozenset()


def ruled(
    rules: Sequence[Rule], operation_id: str, observation: Observation, answer: Answer | None, *, rest: bool = False
) -> Observation:
    """The observation as the first rule that holds sees it; unchanged when none does, or when nothing was answered."""
    if answer is None:
        return observation
    seen = Seen(answer, observation.verdict.outcome, rest)
    for rule in rules:
        if (not rule.operations or operation_id in rule.operations) and rule.when.holds(seen):
            return _by(rule, observation)
    return observation


def _by(rule: Rule, observation: Observation) -> Observation:
    before = observation.verdict
    if before.outcome is rule.outcome:
        return observation
    keeps_fields = rule.outcome in {Outcome.PARTIAL, Outcome.REFUSED_BY_RULE}
    words = f"The suite's rule “{rule.name}” makes this {rule.outcome}. Without it: {before.outcome}."
    return replace(
        observation,
        verdict=Verdict(rule.outcome, before.refused if keeps_fields else frozenset()),
        why=f"{words} {observation.why}".strip(),
    )
