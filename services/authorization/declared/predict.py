"""What a cell has to show: the prediction from schema, modes, policies and groups, with the lines that say so."""

from functools import lru_cache
from typing import Protocol

from services.authorization.cells import Declaration, Facts, Mode, Reason, Verdict
from services.authorization.declared.admission import Admission, admission
from services.authorization.declared.case import Case
from services.authorization.declared.configuration import ApiConfiguration
from services.authorization.declared.executable import not_run, selection_of
from services.authorization.declared.iam import leave
from services.authorization.declared.rules import Rules
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.values import SCHEMA, Declared
from services.authorization.operations import Operation
from services.authorization.outcomes import Outcome


class Saved(Protocol):
    """An operation of a suite: `services.authorization.suite.saved.SavedOperation`."""

    @property
    def rest(self) -> object | None:
        """The request for a REST API, where it is one."""

    def operation_for(self, identity_id: str) -> Operation:
        """The operation with the variables of an identity."""


def predict(declared: Declared, operation: Saved, facts: Facts, identity_id: str = "") -> Declaration:
    """What a saved operation has to show to one identity.

    Args:
        declared: what was read of the API.
        operation: the saved operation.
        facts: all that is known of the identity.
        identity_id: chooses the operation's variables.
    """
    if operation.rest is not None:
        words = "The authorizers of the REST API are not read, so nothing is predicted for its methods."
        return Declaration(None, (Reason(words, place="API Gateway"),))
    return predict_operation(declared, operation.operation_for(identity_id), facts)


def predict_operation(declared: Declared, operation: Operation, facts: Facts) -> Declaration:
    """What one operation has to show to one identity: as `predict`, for an operation that is in no suite."""
    door = admission(declared, facts)
    if door.turned_away:
        return Declaration(Verdict(Outcome.REFUSED_BY_MODE), (door.reason,))
    if door.mode is None or declared.configuration is None:
        return _nothing(door.reason)
    if declared.schema is None:
        return _nothing(declared.missing(SCHEMA))
    return _let_in(declared, _rules(declared.schema, declared.configuration), operation, facts, door)


def _let_in(declared: Declared, rules: Rules, operation: Operation, facts: Facts, door: Admission) -> Declaration:
    selection = selection_of(rules.schema, operation)
    if selection is None or door.mode is None:
        return _nothing(Reason("The document does not say which of its operations is meant."))
    root = rules.schema.graphql.get_root_type(selection.operation.operation)
    fault = not_run(rules.schema, rules.configuration, operation, selection)
    if fault or root is None:
        return _nothing(Reason(fault or "The schema has no operations of this kind, so it is not run."))
    case = Case(rules, selection, root, door.mode, facts)
    return _by_iam(declared, case, door.reason) if door.mode is Mode.IAM else case.declaration((door.reason,))


def _by_iam(declared: Declared, case: Case, door: Reason) -> Declaration:
    given = leave(declared, case.rules.configuration, case.facts, (case.root.name, case.selection.root_names()))
    if given.open:
        return _nothing(given.open, door)
    if given.denied and not given.granted:
        # All root fields denied: the call is refused as a whole, before any directive is looked at.
        reasons = (next(iter(given.denied.values())), given.role, door)
        return Declaration(Verdict(Outcome.REFUSED_BY_RULE), reasons)
    asked = Case(case.rules, case.selection, case.root, case.mode, case.facts, given)
    return asked.declaration((door, given.role))


def _nothing(*reasons: Reason) -> Declaration:
    return Declaration(None, reasons)


@lru_cache(maxsize=64)
def _rules(schema: ApiSchema, configuration: ApiConfiguration) -> Rules:
    return Rules(schema, configuration)
