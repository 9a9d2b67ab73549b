"""A suite with the operations that it wants generated, once the API's schema is known."""

from collections.abc import Iterator
from dataclasses import replace

from services.authorization.suite.chains import ordered
from services.authorization.suite.generated import Generated, generated, with_values
from services.authorization.suite.model import GeneratedChoice, Root, Suite
from services.authorization.suite.saved import SavedOperation
from services.authorization.suite.yaml_parts import meant, refusal


def completed(suite: Suite, schema_sdl: str) -> Suite:
    """The suite with every operation that it asks for, in the order in which they can run.

    A saved operation takes the place of a generated one with its id.

    Raises:
        Invalid: the schema is none; a name in the suite belongs to no operation; a chain goes in a circle.
    """
    operations = {operation.id: operation for operation in suite.operations}
    for choice in suite.generated:
        for operation in _chosen(choice, generated(schema_sdl, suite.api, choice.depth), suite):
            operations.setdefault(operation.id, operation)
    whole = replace(suite, operations=ordered(tuple(operations.values())), generated=())
    _refuse_unknown_ids(whole)
    return whole


def _chosen(choice: GeneratedChoice, from_schema: Generated, suite: Suite) -> Iterator[SavedOperation]:
    offered = from_schema.queries if choice.root is Root.QUERIES else from_schema.mutations
    known = {operation.id for operation in offered}
    for name in (*choice.leave_out, *choice.values):
        if name not in known:
            raise refusal(suite.path, f"generated {choice.root} name {name!r}, and the schema has no such field"
                                      f"{meant(name, known)}")  # fmt: skip
    for operation in offered:
        if operation.id not in choice.leave_out:
            values = choice.values.get(operation.id, {})
            if unknown := [name for name in values if name not in operation.takes]:
                raise refusal(suite.path, f"{operation.id} has no argument {unknown[0]!r}"
                                          f"{meant(unknown[0], operation.takes)}")  # fmt: skip
            yield replace(with_values(operation, values) if values else operation, safety=choice.safety)


def _refuse_unknown_ids(suite: Suite) -> None:
    known = {operation.id for operation in suite.operations}
    named = [
        *((f"the canary of {name}", each) for name, canary in suite.canaries.items() for each in
          (canary.granted, canary.refused)),
        *((f"the rule {rule.name!r}", each) for rule in suite.rules for each in rule.operations),
    ]  # fmt: skip
    for who, operation_id in named:
        if operation_id is not None and operation_id not in known:
            raise refusal(
                suite.path, f"{who} names the operation {operation_id!r}, and there is none{meant(operation_id, known)}"
            )
