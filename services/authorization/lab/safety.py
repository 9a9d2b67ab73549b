"""Whether a call that may change data can be sent, and which refusals keep it from changing any."""

from services.authorization.cells import Declaration, Verdict
from services.authorization.outcomes import Outcome
from services.authorization.suite.saved import Safety, SavedOperation


def hindrance(operation: SavedOperation, declaration: Declaration | None) -> str:
    """Why an operation isn't sent as an identity, in a sentence; empty where it may be.

    Args:
        operation: what would be sent.
        declaration: what the cell has to show; None where nothing is known.
    """
    if not operation.changes_data or operation.safety is Safety.FULL:
        return ""
    if operation.safety is Safety.SKIP:
        return "It changes data, and the suite says to skip it."
    if declaration is None or declaration.verdict is None:
        return "It changes data and is sent only where it is declared to be refused; nothing is declared here."
    if before_any_resolver(declaration.verdict, operation):
        return ""
    return (
        "It changes data and is sent only where it is declared to be refused before its resolver runs;"
        f" here it is declared to be {declaration.verdict.outcome}."
    )


def before_any_resolver(verdict: Verdict, operation: SavedOperation) -> bool:
    """Whether a refusal keeps the resolver of every root field from running.

    That of a field below the root does not: AppSync runs the parent's resolver first, also where a null of the child
    then empties the whole answer.
    """
    if verdict.outcome is Outcome.REFUSED_BY_MODE:
        return True
    if verdict.outcome is not Outcome.REFUSED_BY_RULE:
        return False
    return not verdict.refused or (operation.rest is None and operation.roots <= verdict.refused)
