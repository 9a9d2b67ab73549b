"""An API's schema as AppSync holds it: types, fields, their authorization directives, and the lines they stand in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    Node,
    ScalarTypeDefinitionNode,
    StringValueNode,
    build_ast_schema,
    parse,
    validate_schema,
)

from services.authorization.cells import Mode
from services.errors import Invalid

# AppSync knows these without a definition; a schema that defines one itself, as an exported one may, keeps its own.
_SCALARS = (
    *("AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"),
    *("BigInt", "Double", "Long"),
)
_GROUPS = "cognito_groups"
_PRELUDE = parse("\n".join(f"scalar {name}" for name in _SCALARS), no_location=True)
DIRECTIVES: Mapping[str, Mode] = {
    "aws_api_key": Mode.API_KEY,
    "aws_iam": Mode.IAM,
    "aws_cognito_user_pools": Mode.USER_POOL,
    "aws_oidc": Mode.OIDC,
    "aws_lambda": Mode.LAMBDA,
}
AWS_AUTH = "aws_auth"


@dataclass(frozen=True, slots=True)
class Line:
    """A place in the schema: its number, 1 for the first line, and the text, word by word. 0 for no place."""

    number: int = 0
    text: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as a reason names it."""
        return f"schema line {self.number}" if self.number else "schema"


@dataclass(frozen=True, slots=True)
class Mark:
    """An authorization directive.

    Attributes:
        mode: the mode that it admits.
        groups: the user pool groups that it asks for, one of them; None where it names none.
        directive: as it is written, without its arguments: `@aws_iam`.
    """

    mode: Mode
    groups: frozenset[str] | None = None
    directive: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The authorization directives of one field or one type.

    Attributes:
        line: where they stand.
        marks: the directives of the five modes.
        aws_auth: the old directive for an API with user pools alone; None where it isn't used.
    """

    line: Line
    marks: tuple[Mark, ...] = ()
    aws_auth: Mark | None = None

    @property
    def modes(self) -> frozenset[Mode]:
        """The modes that the directives admit."""
        return frozenset(mark.mode for mark in self.marks)

    @property
    def groups(self) -> frozenset[str] | None:
        """The groups that the user pool's directive asks for; None where it asks for none, or isn't there."""
        return next((mark.groups for mark in self.marks if mark.mode is Mode.USER_POOL), None)


@dataclass(frozen=True, slots=True, eq=False)
class ApiSchema:
    """A schema, and the text that it was read from.

    Attributes:
        sdl: the text; line numbers are of this text.
        graphql: what graphql-core makes of it.
    """

    sdl: str = field(repr=False)
    graphql: GraphQLSchema = field(repr=False)
    _kept: dict[str, Marks] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, sdl: str) -> "ApiSchema":
        """The schema of an SDL text.

        Raises:
            Invalid: the text is no schema; says why, with line and column where they are known.
        """
        return _read(sdl)

    @property
    def objects(self) -> tuple[GraphQLObjectType, ...]:
        """The object types that the schema defines, in its order; introspection's own are left out."""
        return tuple(
            each
            for each in self.graphql.type_map.values()
            if isinstance(each, GraphQLObjectType) and not each.name.startswith("__")
        )

    @property
    def roots(self) -> tuple[GraphQLObjectType, ...]:
        """The types of queries, mutations and subscriptions, as far as there are any."""
        found = (self.graphql.query_type, self.graphql.mutation_type, self.graphql.subscription_type)
        return tuple(each for each in found if each)

    def is_root(self, parent: GraphQLObjectType) -> bool:
        """Whether fields of this type are root fields."""
        return any(parent is root for root in self.roots)

    def of_field(self, parent: GraphQLObjectType, name: str) -> Marks:
        """The directives of a field itself; raises KeyError when the type has no such field."""
        place = f"{parent.name}.{name}"
        if place not in self._kept:
            node = parent.fields[name].ast_node
            self._kept[place] = self._marks((node,) if node else ())
        return self._kept[place]

    def of_type(self, parent: GraphQLObjectType) -> Marks:
        """The directives of a type itself, its extensions' included."""
        if parent.name not in self._kept:
            nodes = (parent.ast_node, *parent.extension_ast_nodes)
            self._kept[parent.name] = self._marks(tuple(node for node in nodes if node))
        return self._kept[parent.name]

    def _marks(self, nodes: Iterable[Node]) -> Marks:
        nodes = tuple(nodes)
        written: list[DirectiveNode] = [each for node in nodes for each in getattr(node, "directives", None) or ()]
        # A type's directives may stand on an extension of it: its line is the one to show.
        marked = next((node for node in nodes if getattr(node, "directives", None)), nodes[0] if nodes else None)
        marks = tuple(_mark(each, DIRECTIVES[each.name.value]) for each in written if each.name.value in DIRECTIVES)
        old = next((_mark(each, Mode.USER_POOL) for each in written if each.name.value == AWS_AUTH), None)
        return Marks(self._line(marked), marks, old)

    def _line(self, node: Node | None) -> Line:
        name = getattr(node, "name", None)
        if node is None or name is None or name.loc is None or node.loc is None:
            return Line()
        first = name.loc.start_token.line
        last = node.loc.end_token.line if isinstance(node, FieldDefinitionNode) else first
        return Line(first, " ".join(line.strip() for line in self._lines[first - 1 : last]))

    @property
    def _lines(self) -> list[str]:
        return self.sdl.splitlines()


@lru_cache(maxsize=32)
def _read(sdl: str) -> ApiSchema:
    """The schema of a text; the same one each time, so that what is known of its documents is kept too."""
    failed, step = "The schema can't be read", "Correct the schema"
    try:
        written = parse(sdl)
        document = DocumentNode(definitions=(*_preloaded(written), *written.definitions))
        # Directives that nobody defined are AppSync's own, and new ones appear: they don't make a schema wrong.
        schema = build_ast_schema(document, assume_valid_sdl=True)
        faults = validate_schema(schema)
    except GraphQLError as error:
        raise Invalid(failed, _told(error), step) from None
    except TypeError as error:
        raise Invalid(failed, str(error), step) from None
    if faults:
        raise Invalid(failed, "; ".join(map(_told, faults)), step)
    return ApiSchema(sdl, schema)


def _preloaded(written: DocumentNode) -> list[ScalarTypeDefinitionNode]:
    declared = {node.name.value for node in written.definitions if isinstance(node, ScalarTypeDefinitionNode)}
    return [
        node
        for node in _PRELUDE.definitions
        if isinstance(node, ScalarTypeDefinitionNode) and node.name.value not in declared
    ]


def _mark(directive: DirectiveNode, mode: Mode) -> Mark:
    return Mark(mode, _groups(directive), f"@{directive.name.value}")


def _groups(directive: DirectiveNode) -> frozenset[str] | None:
    for argument in directive.arguments or ():
        if argument.name.value == _GROUPS:
            value = argument.value
            items = value.values if isinstance(value, ListValueNode) else (value,)
            return frozenset(item.value for item in items if isinstance(item, StringValueNode))
    return None


def _told(error: GraphQLError) -> str:
    place = error.locations[0] if error.locations else None
    return f"{error.message} (line {place.line}, column {place.column})" if place else error.message
