"""Validation of a document against a schema, reported in AppSync's words.

AppSync runs another GraphQL library than we do. The rules are the same ones of the GraphQL
specification; the names of the faults and their sentences are translated here. The sentences of
graphql-core are pinned with its version, and the names that they quote are taken from them.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    specified_rules,
    validate,
    visit,
)
from graphql.language.visitor import SKIP, VisitorAction
from graphql.validation import (
    ASTValidationRule,
    ValidationRule,
    ValuesOfCorrectTypeRule,
    VariablesInAllowedPositionRule,
)

from local_cloud.appsync.field_errors import request_entry
from local_cloud.appsync.java_values import java_value

_QUOTED = re.compile(r"'([^']*)'")
_INTROSPECTED = frozenset({"__Schema", "__Type"})

Sentence = Callable[[list[str], str], tuple[str, str]]


class IntrospectionDisabledRule(ValidationRule):
    """Where introspection is off, `__Schema` and `__Type` have no fields; `__typename` stays."""

    def enter_field(self, node: FieldNode, *_args: Any) -> VisitorAction:
        parent = self.context.get_parent_type()
        if parent is None or parent.name not in _INTROSPECTED or node.name.value == "__typename":
            return None
        self.report_error(GraphQLError(f"Cannot query field '{node.name.value}' on type '{parent.name}'.", node))
        return SKIP


def _leaf(names: list[str], message: str) -> tuple[str, str]:
    if "must not have" in message:
        return "SubSelectionNotAllowed", f"Sub selection not allowed on leaf type {names[1]} of field {names[0]}"
    return "SubSelectionRequired", f"Sub selection required for type {names[1]} of field {names[0]}"


def _directive(names: list[str], message: str) -> tuple[str, str]:
    name = names[0].lstrip("@")
    if message.startswith("Unknown"):
        return "UnknownDirective", f"Unknown directive {name}"
    return "MisplacedDirective", f"Directive {name} not allowed here"


_SENTENCES: dict[str, Sentence] = {
    "FieldsOnCorrectTypeRule": lambda n, _: ("FieldUndefined", f"Field '{n[0]}' in type '{n[1]}' is undefined"),
    "IntrospectionDisabledRule": lambda n, _: ("FieldUndefined", f"Field '{n[0]}' in type '{n[1]}' is undefined"),
    "KnownArgumentNamesRule": lambda n, _: ("UnknownArgument", f"Unknown field argument {n[0]}"),
    "ProvidedRequiredArgumentsRule": lambda n, _: ("MissingFieldArgument", f"Missing field argument {n[1]}"),
    "ScalarLeafsRule": _leaf,
    "KnownDirectivesRule": _directive,
    "ValuesOfCorrectTypeRule": lambda _, message: ("WrongType", message.rstrip(".")),
    "VariablesInAllowedPositionRule": lambda n, _: (
        "VariableTypeMismatch",
        f"Variable type '{n[1]}' doesn't match expected type '{n[2]}'",
    ),
    "NoUndefinedVariablesRule": lambda n, _: ("UndefinedVariable", f"Undefined variable {n[0].lstrip('$')}"),
    "NoUnusedVariablesRule": lambda n, _: ("UnusedVariable", f"Unused variable {n[0].lstrip('$')}"),
    "KnownFragmentNamesRule": lambda n, _: ("UndefinedFragment", f"Undefined fragment {n[0]}"),
    "NoUnusedFragmentsRule": lambda n, _: ("UnusedFragment", f"Unused fragment {n[0]}"),
    "KnownTypeNamesRule": lambda n, _: ("UnknownType", f"Unknown type {n[0]}"),
    "OverlappingFieldsCanBeMergedRule": lambda _, message: ("FieldsConflict", message.rstrip(".")),
    "LoneAnonymousOperationRule": lambda *_: (
        "LoneAnonymousOperationViolation",
        "Anonymous operation with other operations",
    ),
}


@lru_cache(maxsize=512)
def validation_entries(
    schema: GraphQLSchema, document: DocumentNode, introspection: bool
) -> tuple[dict[str, Any], ...]:
    """Return one `errors` entry per fault of the document, none when it may be executed."""
    rules = [*specified_rules, *(() if introspection else (IntrospectionDisabledRule,))]
    if not validate(schema, document, rules):
        return ()
    places = _Places(schema, document)
    faults = [(rule, error) for rule in rules for error in validate(schema, document, [rule])]
    faults.sort(key=lambda fault: fault[1].locations or [])
    return tuple(_entry(rule, error, places) for rule, error in faults)


def _entry(rule: type[ASTValidationRule], error: GraphQLError, places: "_Places") -> dict[str, Any]:
    nodes = list(error.nodes or ())
    if rule is VariablesInAllowedPositionRule:
        nodes.reverse()  # the place is where the variable is used, not where it is declared
    path, argument = places.of(nodes[0]) if nodes else ("", "")
    sentence = _SENTENCES.get(rule.__name__)
    if rule is ValuesOfCorrectTypeRule and argument:
        kind, text = "WrongType", argument
    elif sentence is None:
        kind, text = rule.__name__.removesuffix("Rule"), error.message.rstrip(".")
    else:
        kind, text = sentence(_QUOTED.findall(error.message), error.message)
    where = f" @ '{path}'" if path else ""
    return request_entry(f"Validation error of type {kind}: {text}{where}", nodes[:1])


class _Places:
    """For each node of a document: the field names that lead to it, and the argument that it is part of."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._found: dict[int, tuple[str, str]] = {}
        info = TypeInfo(schema)
        visit(document, TypeInfoVisitor(info, _Walk(info, self._found)))

    def of(self, node: Node) -> tuple[str, str]:
        """Return the path, and what is wrong with the argument if its value is; both empty outside fields."""
        return self._found.get(id(node), ("", ""))


class _Walk(Visitor):
    def __init__(self, info: TypeInfo, found: dict[int, tuple[str, str]]) -> None:
        super().__init__()
        self._info = info
        self._found = found
        self._names: list[str] = []
        self._argument = ""

    def enter(self, node: Node, *_args: Any) -> None:
        if isinstance(node, FieldNode):
            self._names.append(node.name.value)
        elif isinstance(node, ArgumentNode) and (declared := self._info.get_argument()):
            value = java_value(node.value)
            self._argument = f"argument '{node.name.value}' with value '{value}' is not a valid '{declared.type}'"
        self._found[id(node)] = "/".join(self._names), self._argument

    def leave(self, node: Node, *_args: Any) -> None:
        if isinstance(node, FieldNode):
            self._names.pop()
        elif isinstance(node, ArgumentNode):
            self._argument = ""
