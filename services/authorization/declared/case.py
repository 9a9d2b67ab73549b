"""One operation by one identity that the API has let in: which of its fields it may have, and why."""

import json
from dataclasses import dataclass

from graphql import GraphQLObjectType

from services.authorization.cells import Declaration, Facts, Mode, Reason, Verdict
from services.authorization.declared.foretold import Foreteller, Foretold
from services.authorization.declared.iam import Leave
from services.authorization.declared.rules import Rules
from services.authorization.declared.selection import Selection
from services.authorization.evaluated import explain_evaluated, refused_fields
from services.authorization.evidence import Keys, keys_of
from services.authorization.fields import label, lists_in
from services.authorization.outcomes import Outcome
from services.graphql import Answer


@dataclass(frozen=True, slots=True)
class Case:
    """What decides the fields of one call.

    Attributes:
        rules: of the API's schema.
        selection: what is asked for.
        root: the type that it is asked of.
        mode: the mode that the caller was let in by.
        facts: of the caller.
        leave: what IAM says of the root fields; None for other modes.
    """

    rules: Rules
    selection: Selection
    root: GraphQLObjectType
    mode: Mode
    facts: Facts
    leave: Leave | None = None

    def declaration(self, reasons: tuple[Reason, ...]) -> Declaration:
        """What the call has to show, for these reasons among others."""
        told = Foreteller(self.selection, self._refusal).answer(self.root)
        # Judged as an answer of AppSync's is judged, so that both are told in the same words.
        answer = Answer(200, {}, json.dumps(told.body), 0.0)
        lists = lists_in(answer)
        by_field = _by_field(told, lists)
        if told.types:
            return Declaration(None, (Reason(f"{'; '.join(told.types)}."), *reasons), by_field)
        outcome = explain_evaluated(answer).outcome
        if outcome is Outcome.NO_VERDICT:
            nothing = Reason("The operation asks for nothing, so its answer can't show anything.")
            return Declaration(None, (nothing, *reasons))
        refused = frozenset(label(keys, lists) for keys in refused_fields(answer))
        # A refusal decides more than a grant: it is told first.
        first = tuple(dict.fromkeys(by_field[name] for name in sorted(refused)))
        return Declaration(Verdict(outcome, refused), (*first, *reasons, *self._granted(told)), by_field)

    def _refusal(self, parent: GraphQLObjectType, name: str, at_root: bool) -> Reason | None:
        if at_root and self.leave and name in self.leave.denied:
            return self.leave.denied[name]
        if name.startswith("__"):
            return None
        place, arn = f"{parent.name}.{name}", self.rules.configuration.field_arn(parent.name, name)
        if self.mode is Mode.LAMBDA and self.facts.denied_fields & {place, arn}:
            words = f"The Lambda authorizer denies {place} to this token."
            return Reason(words, f"deniedFields: {place}", "the Lambda authorizer's answer")
        rule = self.rules.of(parent, name)
        return None if rule.admits(self.mode, self.facts.groups) else rule.reason(self.mode, self.facts)

    def _granted(self, told: Foretold) -> tuple[Reason, ...]:
        """Why the root fields that are let in are let in."""
        found: list[Reason] = []
        for key, nodes in self.selection.fields(self.root, (self.selection.operation.selection_set,)).items():
            name = nodes[0].name.value
            if (key,) in told.refused or name.startswith("__"):
                continue
            if self.leave and name in self.leave.granted:
                found.append(self.leave.granted[name])
            found.append(self.rules.of(self.root, name).reason(self.mode, self.facts))
        return tuple(dict.fromkeys(found))


def _by_field(told: Foretold, lists: frozenset[Keys]) -> dict[str, Reason]:
    """The reason of each refused field, and of each that comes as null because of one below it."""
    found = {label(keys_of(path), lists): reason for path, reason in told.refused.items()}
    for keys, below in told.nulled.items():
        cause, taken = told.refused[below], label(keys_of(below), lists)
        words = f"It comes as null, since {taken} below it is refused and may not be null. {cause.words}"
        found.setdefault(label(keys, lists), Reason(words, cause.line, cause.place, cause.groups))
    return found
