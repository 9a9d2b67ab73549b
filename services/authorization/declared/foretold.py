"""The answer that AppSync would give to one caller, as far as authorization decides it.

Every resolver is taken to give a value, and every list one element. What the rules refuse becomes null with an entry
in `errors`, and takes what can't be null with it, just as AppSync does. The answer is then judged by the code that
judges real ones, so that what is declared and what is observed are told in the same words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    is_introspection_type,
)

from services.authorization.cells import Reason
from services.authorization.declared.selection import Nodes, Selection
from services.authorization.evidence import Keys, Path, keys_of

Refusal = Callable[[GraphQLObjectType, str, bool], Reason | None]
"""Why a caller may not have a field; None where it may. The last argument tells whether it is a root field."""


_SCHEMA = "__schema"  # of the type `__Schema!`; its sibling `__type` may be null


class _Nulled:
    """The type of NULLED."""


NULLED: Final = _Nulled()
"""Stands for a null where none may be: it takes its parent with it."""


@dataclass(slots=True)
class Foretold:
    """What would come.

    Attributes:
        data: of the answer.
        refused: the refused fields' paths, in the order of the answer, each with its reason.
        nulled: fields that are let in and come as null all the same, with the refused field below that takes them.
        types: where the answer depends on which type of an interface or a union comes, in words.
    """

    data: Any = None
    refused: dict[Path, Reason] = field(default_factory=dict)
    nulled: dict[Keys, Path] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)

    @property
    def body(self) -> dict[str, Any]:
        """The answer's body, as AppSync writes it."""
        errors = [{"path": list(path), "data": None, "errorType": "Unauthorized"} for path in self.refused]
        return {"data": self.data, **({"errors": errors} if errors else {})}


@dataclass(frozen=True, slots=True)
class Foreteller:
    """Walks one operation for one caller."""

    selection: Selection
    refusal: Refusal

    def answer(self, root: GraphQLObjectType) -> Foretold:
        """The answer to the operation, whose root type is given."""
        told = Foretold()
        fields = self.selection.fields(root, (self.selection.operation.selection_set,))
        data = self._fields(root, (), fields, told)
        told.data = None if data is NULLED else data
        return told

    def _fields(self, parent: GraphQLObjectType, path: Path, fields: dict[str, Nodes], told: Foretold) -> Any:
        data = {key: self._field(parent, (*path, key), nodes, told) for key, nodes in fields.items()}
        return NULLED if any(value is NULLED for value in data.values()) else data

    def _field(self, parent: GraphQLObjectType, path: Path, nodes: Nodes, told: Foretold) -> Any:
        name = nodes[0].name.value
        if name == "__typename":
            return parent.name
        definition = _definition(parent, name)
        if reason := self.refusal(parent, name, len(path) == 1):
            told.refused[path] = reason
            required = name == _SCHEMA if definition is None else isinstance(definition.type, GraphQLNonNull)
            return NULLED if required else None
        if definition is None:
            return True  # the schema about itself: not filtered by caller, and not looked into
        before = len(told.refused)
        value = self._value(definition.type, path, nodes, told)
        if (value is None or value is NULLED) and len(told.refused) > before:
            told.nulled.setdefault(keys_of(path), list(told.refused)[before])
        return value

    def _value(self, wanted: GraphQLOutputType, path: Path, nodes: Nodes, told: Foretold) -> Any:
        if isinstance(wanted, GraphQLNonNull):
            value = self._value(wanted.of_type, path, nodes, told)
            return NULLED if value is None else value
        if isinstance(wanted, GraphQLList):
            element = self._value(wanted.of_type, (*path, 0), nodes, told)
            return None if element is NULLED else [element]
        if isinstance(wanted, GraphQLObjectType):
            return self._object(wanted, path, nodes, told)
        if isinstance(wanted, GraphQLInterfaceType | GraphQLUnionType):
            return self._abstract(wanted, path, nodes, told)
        return True

    def _object(self, wanted: GraphQLObjectType, path: Path, nodes: Nodes, told: Foretold) -> Any:
        sets = tuple(node.selection_set for node in nodes if node.selection_set)
        data = self._fields(wanted, path, self.selection.fields(wanted, sets), told)
        return None if data is NULLED else data

    def _abstract(
        self, wanted: GraphQLInterfaceType | GraphQLUnionType, path: Path, nodes: Nodes, told: Foretold
    ) -> Any:
        """The value, if it is the same for every type that may come; else the first's, and `types` says so."""
        found: dict[Any, tuple[GraphQLObjectType, Any, Foretold]] = {}
        for concrete in self.selection.schema.get_possible_types(wanted):
            own = Foretold()
            value = self._object(concrete, path, nodes, own)
            found.setdefault((frozenset(own.refused), _shape(value)), (concrete, value, own))
        for _, _, own in found.values():
            told.refused.update(own.refused)
            told.nulled.update(own.nulled)
            told.types.extend(own.types)
        if len(found) > 1:
            names = ", ".join(concrete.name for concrete, _, _ in found.values())
            told.types.append(f"{'.'.join(keys_of(path))} may be {names}, and what is refused depends on which comes")
        return next((value for _, value, _ in found.values()), None)


def _definition(parent: GraphQLObjectType, name: str) -> GraphQLField | None:
    if name.startswith("__") or is_introspection_type(parent):
        return None
    found: GraphQLField | None = parent.fields.get(name)
    return found


def _shape(value: Any) -> str:
    """Whether nothing comes, an object without a field, one without a value, or something: what an outcome rests on."""
    if value is None or value == {}:
        return "nothing" if value is None else "no field"
    return "a value" if _holds(value) else "no value"


def _holds(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds(below) for below in value.values())
    return any(_holds(below) for below in value) if isinstance(value, list) else value is not None
