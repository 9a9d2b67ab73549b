"""What a generated operation selects: every leaf that can be reached within a depth, each object type once on a way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from services.authorization.suite.made_up import Unknown, made_up

Abstract = GraphQLInterfaceType | GraphQLUnionType
Composite = GraphQLObjectType | Abstract

EMPTY = "__typename"
MOST_FIELDS = 2_000
"""Of one document: AppSync takes 15,000 tokens, and a field with its braces and arguments is a handful."""


class TooLong(Exception):
    """A document would have more than `MOST_FIELDS` fields."""


@dataclass(slots=True)
class Written:
    """A document while it is written: the variables that it comes to declare, and how long it gets.

    Attributes:
        types: their GraphQL types, by name.
        values: those that could be made up.
        fields: how many fields it selects.
    """

    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    fields: int = 0

    def copy(self) -> "Written":
        """The same again, for another try."""
        return Written(dict(self.types), dict(self.values), self.fields)

    def add(self, wanted: str, argument: GraphQLArgument, value: Any | Unknown) -> str:
        """The name under which an argument is declared: the wanted one, or with a number where it is taken."""
        name, number = wanted, 2
        while name in self.types:
            name, number = f"{wanted}{number}", number + 1
        # An optional argument is left out, so its variable may not be demanded even where null is no value for it.
        self.types[name] = (
            str(argument.type) if is_required_argument(argument) else str(argument.type).removesuffix("!")
        )
        if not isinstance(value, Unknown):
            self.values[name] = value
        return name


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes selections of one schema into one document."""

    schema: GraphQLSchema
    document: Written

    def below(self, output: GraphQLOutputType, depth: int, above: frozenset[str] = frozenset()) -> str:
        """The selection set of a field's type, braces included; empty for a leaf. Raises `TooLong`.

        Args:
            output: the type.
            depth: how many levels of objects may follow, this one included.
            above: the types on the way here; they are not entered again.
        """
        kind = get_named_type(output)
        if is_leaf_type(kind):
            return ""
        if depth <= 0:
            return f"{{ {EMPTY} }}"
        assert isinstance(kind, Composite)  # noqa: S101 (an output type is a leaf or one of these)
        return f"{{ {' '.join(self._selected(kind, depth, above)) or EMPTY} }}"

    def _selected(self, kind: Composite, depth: int, above: frozenset[str]) -> Iterator[str]:
        here = above | {kind.name}
        own: Mapping[str, GraphQLField] = {} if isinstance(kind, GraphQLUnionType) else kind.fields
        for name, each in own.items():
            if text := self._field(name, each, depth, here):
                yield text
        if is_abstract_type(kind):
            yield EMPTY
            yield from self._fragments(kind, own, depth, here)

    def _fragments(
        self,
        kind: Abstract,
        own: Mapping[str, GraphQLField],
        depth: int,
        here: frozenset[str],
    ) -> Iterator[str]:
        """What the possible types have beyond the interface's fields; one name stands for one shape only."""
        possible = [each for each in self.schema.get_possible_types(kind) if each.name not in here]
        taken: dict[str, str] = {}
        names = {name for each in possible for name in each.fields} | set(own)
        for each in possible:
            texts = []
            for name, below in each.fields.items():
                if name in own:
                    continue
                text = self._field(name, below, depth, here | {each.name})
                # What is selected below an object depends on the way there, so that no two are sure to be alike.
                shape = str(below.type) if is_leaf_type(get_named_type(below.type)) else f"{each.name}.{name}"
                if text and taken.setdefault(name, shape) != shape:
                    text = f"{_free(f'{name}_{each.name}', names)}: {text}"
                if text:
                    texts.append(text)
            if texts:
                yield f"... on {each.name} {{ {' '.join(texts)} }}"

    def _field(self, name: str, each: GraphQLField, depth: int, here: frozenset[str]) -> str:
        """The field with its arguments and what is below it; empty when it can't, or needn't, be selected."""
        kind = get_named_type(each.type)
        if not is_leaf_type(kind) and (depth <= 1 or kind.name in here):
            return ""
        values = {key: made_up(argument.type) for key, argument in each.args.items() if is_required_argument(argument)}
        if any(isinstance(value, Unknown) for value in values.values()):
            return ""
        self.document.fields += 1
        if self.document.fields > MOST_FIELDS:
            raise TooLong
        given = [
            f"{key}: ${self.document.add(f'{name}_{key}', each.args[key], value)}" for key, value in values.items()
        ]
        written = f"{name}({', '.join(given)})" if given else name
        return f"{written} {self.below(each.type, depth - 1, here)}".strip()


def _free(wanted: str, names: set[str]) -> str:
    while wanted in names:
        wanted += "_"
    names.add(wanted)
    return wanted
