"""Operations from a schema: one for every field of Query and Mutation, with what can be filled in filled in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, is_required_argument, parse, print_ast

from services.authorization.suite.aws_schema import schema_of
from services.authorization.suite.made_up import Unknown, made_up
from services.authorization.suite.saved import Arguments, Safety, SavedOperation
from services.authorization.suite.selections import TooLong, Writer, Written

DEPTH = 3
_ORDER = (Arguments.READY, Arguments.MADE_UP, Arguments.NEEDS_VALUES)


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A root field that no operation is generated for.

    Attributes:
        field: as `Subscription.onCreatePost`.
        reason: why, in a sentence.
    """

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Generated:
    """What a schema gave.

    Attributes:
        operations: queries, then mutations; in each those that need no argument, those whose arguments are made up,
            and those that need values first.
        not_covered: the subscriptions.
    """

    operations: tuple[SavedOperation, ...]
    not_covered: tuple[NotCovered, ...]

    @property
    def queries(self) -> tuple[SavedOperation, ...]:
        """The operations that change nothing."""
        return tuple(each for each in self.operations if not each.changes_data)

    @property
    def mutations(self) -> tuple[SavedOperation, ...]:
        """The operations that change data; their safety is *skip* unless the suite says otherwise."""
        return tuple(each for each in self.operations if each.changes_data)


def generated(schema_sdl: str, api: str, depth: int = DEPTH) -> Generated:
    """An operation for each field of Query and Mutation. Their ids are the fields' names, the same in every run.

    Args:
        schema_sdl: the schema, as AppSync's `GetIntrospectionSchema` gives it in the format SDL.
        api: the environment's API that they are for.
        depth: how many levels of objects are selected below a root field.

    Raises:
        Invalid: the text is no schema.
    """
    schema = schema_of(schema_sdl)
    generator = _Generator(schema, api, depth)
    queries = generator.operations("query", schema.query_type)
    taken = {query.id for query in queries}
    mutations = [
        # A mutation that shares its name with a query is kept apart by its type's name.
        replace(each, id=f"Mutation.{each.id}") if each.id in taken else each
        for each in generator.operations("mutation", schema.mutation_type)
    ]
    subscriptions = schema.subscription_type.fields if schema.subscription_type else {}
    why = "A subscription is answered over a WebSocket, and the lab sends over HTTP"
    return Generated((*queries, *mutations), tuple(NotCovered(f"Subscription.{name}", why) for name in subscriptions))


def with_values(operation: SavedOperation, values: Mapping[str, Any]) -> SavedOperation:
    """A generated operation with arguments that a suite gives, in place of made-up or missing ones."""
    kept = {**operation.variables, **values}
    given = replace(operation, variables=kept, arguments=Arguments.WRITTEN)
    if given.lacking(""):
        return replace(given, arguments=Arguments.NEEDS_VALUES)
    still_made_up = set(operation.variables) - set(values)
    return replace(given, arguments=Arguments.MADE_UP) if still_made_up else given


@dataclass(frozen=True, slots=True)
class _Generator:
    """Makes the operations of one API from its schema."""

    schema: GraphQLSchema
    api: str
    depth: int

    def operations(self, kind: str, root: GraphQLObjectType | None) -> list[SavedOperation]:
        """One operation of that kind for each field of a root type, those that need the least first."""
        made = [self._operation(kind, name, field) for name, field in root.fields.items()] if root else []
        return sorted(made, key=lambda operation: _ORDER.index(operation.arguments))

    def _operation(self, kind: str, name: str, field: GraphQLField) -> SavedOperation:
        written = Written()
        given, unknown = _arguments(field, written)
        below, written = self._selection(field, written, self.depth)
        declared = ", ".join(f"${key}: {text}" for key, text in written.types.items())
        document = f"{kind} {name}{_bracketed(declared)} {{ {name}{_bracketed(given)} {below} }}"
        return SavedOperation(
            id=name,
            api=self.api,
            label=name,
            note=_note(field.description or "", unknown, written.values),
            document=print_ast(parse(document)),
            variables=dict(written.values),
            safety=Safety.SKIP,
            arguments=Arguments.NEEDS_VALUES if unknown else Arguments.MADE_UP if written.values else Arguments.READY,
        )

    def _selection(self, field: GraphQLField, before: Written, depth: int) -> tuple[str, Written]:
        """What is selected below a root field, to the greatest depth at which the document isn't too long."""
        written = before.copy()
        try:
            return Writer(self.schema, written).below(field.type, depth), written
        except TooLong:
            # Types that refer to each other multiply with each level.
            return self._selection(field, before, depth - 1)


def _arguments(field: GraphQLField, written: Written) -> tuple[str, list[str]]:
    """A root field's arguments as they are written, and why some have no value.

    Optional ones are declared, so that a suite can give them, and left out of what is sent.
    """
    given, unknown = [], []
    for key, argument in field.args.items():
        value = made_up(argument.type) if is_required_argument(argument) else Unknown("it is optional")
        given.append(f"{key}: ${written.add(key, argument, value)}")
        if isinstance(value, Unknown) and is_required_argument(argument):
            unknown.append(f"{key}: {value.why}")
    return ", ".join(given), unknown


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _note(description: str, unknown: Collection[str], values: Mapping[str, Any]) -> str:
    made = f"Made up: {', '.join(values)}." if values else ""
    told = f"Needs values: {'; '.join(unknown)}." if unknown else made
    return " ".join(part for part in (description.strip(), told) if part)
