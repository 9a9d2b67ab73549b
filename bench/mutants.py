"""The all-modes schema with one authorization rule changed at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    NameNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)

MODES = ("aws_api_key", "aws_iam", "aws_cognito_user_pools", "aws_oidc", "aws_lambda")
RULES = (*MODES, "aws_auth")
Marked = ObjectTypeDefinitionNode | FieldDefinitionNode


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed schema.

    Attributes:
        what: the change in words, e.g. `remove @aws_iam from Query.byIam`.
        schema: the whole schema.
    """

    what: str
    schema: str


def mutants(sdl: str) -> Iterator[Mutant]:
    """Each directive removed, each missing mode added, each group dropped: one change a mutant."""
    document = parse(sdl)
    for type_index, node in enumerate(document.definitions):
        if not isinstance(node, ObjectTypeDefinitionNode):
            continue
        yield from _of(document, type_index, None)
        for field_index in range(len(node.fields)):
            yield from _of(document, type_index, field_index)


def _of(document: DocumentNode, type_index: int, field_index: int | None) -> Iterator[Mutant]:
    marked, name = _at(document, type_index, field_index)
    directives = tuple(marked.directives or ())
    present = [each.name.value for each in directives if each.name.value in RULES]

    def with_(changed: Iterable[ConstDirectiveNode]) -> str:
        return print_ast(_rebuilt(document, type_index, field_index, tuple(changed)))

    for rule in present:
        yield Mutant(f"remove @{rule} from {name}", with_(each for each in directives if each.name.value != rule))
    for mode in MODES:
        # AppSync refuses a schema that has both of these on one field.
        if mode in present or (mode == "aws_cognito_user_pools" and "aws_auth" in present):
            continue
        added = ConstDirectiveNode(name=NameNode(value=mode), arguments=())
        yield Mutant(f"add @{mode} to {name}", with_((*directives, added)))
    for directive in directives:
        for group in _groups(directive):
            changed = (_without(each, group) if each is directive else each for each in directives)
            yield Mutant(f"drop the group {group} from @{directive.name.value} of {name}", with_(changed))


def _at(document: DocumentNode, type_index: int, field_index: int | None) -> tuple[Marked, str]:
    node = document.definitions[type_index]
    assert isinstance(node, ObjectTypeDefinitionNode)
    if field_index is None:
        return node, node.name.value
    field = node.fields[field_index]
    return field, f"{node.name.value}.{field.name.value}"


def _rebuilt(
    document: DocumentNode, type_index: int, field_index: int | None, directives: tuple[ConstDirectiveNode, ...]
) -> DocumentNode:
    """The document with other directives in one place; its nodes can't be changed."""
    node = document.definitions[type_index]
    assert isinstance(node, ObjectTypeDefinitionNode)
    if field_index is None:
        changed = replace(node, directives=directives)
    else:
        field = replace(node.fields[field_index], directives=directives)
        changed = replace(node, fields=_put(node.fields, field_index, field))
    return replace(document, definitions=_put(document.definitions, type_index, changed))


def _put(nodes: Iterable[Any], index: int, node: Any) -> tuple[Any, ...]:
    listed = list(nodes)
    listed[index] = node
    return tuple(listed)


def _groups(directive: ConstDirectiveNode) -> list[str]:
    return [
        value.value
        for argument in directive.arguments or ()
        if argument.name.value == "cognito_groups"
        for value in argument.value.values
    ]


def _without(directive: ConstDirectiveNode, group: str) -> ConstDirectiveNode:
    """The directive without one of its groups; without the argument where it was the last."""
    (argument,) = directive.arguments
    left = tuple(value for value in argument.value.values if value.value != group)
    if not left:
        return replace(directive, arguments=())
    return replace(directive, arguments=(replace(argument, value=replace(argument.value, values=left)),))
