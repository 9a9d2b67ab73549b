"""Chains: operations that use what the answers of earlier ones gave, such as create, read, delete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from services.authorization.suite.answer_paths import content_of, values_at
from services.authorization.suite.saved import SavedOperation
from services.errors import Invalid
from services.graphql import Answer


@dataclass(frozen=True, slots=True)
class Captured:
    """What one identity's answer to one operation left for later operations.

    Attributes:
        values: variables with their values.
        lacking: variables that got none, each with the reason.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carried:
    """Whether an operation can be sent, given the answers before it.

    Attributes:
        variables: what it gets from them.
        reason: why it can't be sent; empty when it can.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def ordered(operations: Sequence[SavedOperation]) -> tuple[SavedOperation, ...]:
    """The operations so that each stands behind those whose results it uses; otherwise in the order that they had.

    Raises:
        Invalid: an operation waits for one that isn't there, or for itself by a circle; names them.
    """
    by_id = {operation.id: operation for operation in operations}
    for operation in operations:
        for earlier in operation.after:
            if earlier not in by_id:
                raise Invalid(
                    "The operations can't be put in order",
                    f"{operation.id} comes after {earlier}, and there is no operation of that id",
                    "Correct the suite; nothing was sent",
                )
    sorter = TopologicalSorter({operation.id: operation.after for operation in operations})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        raise Invalid(
            "The operations can't be put in order",
            f"They wait for each other in a circle: {' → '.join(reversed(circle))}",
            "Take one `after` out of the circle; nothing was sent",
        ) from None
    place = {operation_id: index for index, operation_id in enumerate(by_id)}
    found: list[SavedOperation] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=lambda each: place[each])
        first, *ready = ready
        found.append(by_id[first])
        sorter.done(first)
    return tuple(found)


def captured(operation: SavedOperation, answer: Answer | None, why_none: str = "") -> Captured:
    """What an answer leaves for later operations.

    Args:
        operation: what was asked.
        answer: what came back; None where nothing did.
        why_none: why nothing came back, for the operations that wait for it.
    """
    if answer is None:
        reason = why_none or "it was not run"
        return Captured(lacking=dict.fromkeys(operation.captures, reason))
    content = content_of(answer, rest=operation.rest is not None)
    values, lacking = {}, {}
    for variable, path in operation.captures.items():
        found = [value for value in values_at(content, path) if value is not None]
        if found:
            values[variable] = found[0]
        else:
            lacking[variable] = f"its answer has nothing at {path}"
    return Captured(values, lacking)


def carried(operation: SavedOperation, before: Mapping[str, Captured]) -> Carried:
    """What an operation gets from the answers that one identity had before.

    A variable that came from nowhere keeps the value that the operation has itself, if it has one: so a caller whose
    first call was refused can still be seen to be refused at the second.

    Args:
        operation: the one to be sent.
        before: by operation id, what that identity's answers left.
    """
    variables: dict[str, Any] = {}
    for earlier in operation.after:
        if earlier not in before:
            return Carried(reason=f"{earlier} was not run before it")
        left = before[earlier]
        used = operation.takes
        for variable, why in left.lacking.items():
            if variable in used and variable not in operation.variables:
                return Carried(reason=f"{earlier} gave no {variable}: {why}")
        variables.update({name: value for name, value in left.values.items() if name in used})
    return Carried(variables)


def undo_variables(operation: SavedOperation, answer: Answer) -> Carried:
    """What an operation's own undo gets from the answer that is to be taken back; a reason when it can't be sent."""
    if operation.undo is None:
        return Carried(reason=f"{operation.id} has no undo")
    left = captured(operation, answer)
    needed = operation.undo.takes
    for variable, why in left.lacking.items():
        if variable in needed:
            return Carried(reason=f"the undo needs {variable}: {why}")
    return Carried({name: value for name, value in left.values.items() if name in needed})
