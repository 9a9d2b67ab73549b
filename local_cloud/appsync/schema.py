"""An executable schema from the SDL that an API stores, with AppSync's own types preloaded."""

from functools import lru_cache

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    build_ast_schema,
    parse,
    specified_scalar_types,
    validate_schema,
)
from graphql.validation.validate import validate_sdl

from local_cloud.appsync.scalars import SCALARS

_PRELUDE = parse(
    "\n".join(f"scalar {name}" for name in SCALARS)
    + """
    directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
    directive @aws_auth(cognito_groups: [String]) on FIELD_DEFINITION
    directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
    directive @aws_api_key on OBJECT | FIELD_DEFINITION
    directive @aws_iam on OBJECT | FIELD_DEFINITION
    directive @aws_oidc on OBJECT | FIELD_DEFINITION
    directive @aws_lambda on OBJECT | FIELD_DEFINITION
    """,
    no_location=True,
)
_DIRECTIVES = frozenset(node.name.value for node in _PRELUDE.definitions if isinstance(node, DirectiveDefinitionNode))
_SCALAR_NAMES = {*SCALARS, *specified_scalar_types}
UNPARSABLE_SDL = "Failed to parse schema document - ensure it's a valid SDL-formatted document."


class SchemaFault(ValueError):
    """SDL that no API can be served from; the text says what is wrong with it."""


@lru_cache(maxsize=64)
def build_schema(sdl: str) -> GraphQLSchema:
    """Return the executable schema of an SDL text; the same text gives the same schema.

    Raises:
        SchemaFault: the text isn't SDL, or contradicts itself.
    """
    try:
        return _built(parse(sdl))
    except (GraphQLError, RecursionError) as error:
        raise SchemaFault(UNPARSABLE_SDL) from error


def _built(written: DocumentNode) -> GraphQLSchema:
    document = DocumentNode(definitions=(*_preloaded(written), *filter(_is_the_apis_own, written.definitions)))
    refused = [fault.message for fault in validate_sdl(document)] or _names_that_are_not_to_be_had(written)
    if refused:
        raise SchemaFault("; ".join(refused))
    schema = build_ast_schema(document, assume_valid_sdl=True)
    for name, scalar in SCALARS.items():
        _take_over(schema, name, scalar)
    texts = [fault.message for fault in validate_schema(schema)] or _doubly_guarded(schema)
    if texts:
        raise SchemaFault("; ".join(texts))
    return schema


def _doubly_guarded(schema: GraphQLSchema) -> list[str]:
    """Return a fault for each field with both the old and the new directive for user pools. LIKELY."""
    return [
        f"{parent.name}.{name} has both @aws_auth and @aws_cognito_user_pools."
        for parent in schema.type_map.values()
        if isinstance(parent, GraphQLObjectType)
        for name, field in parent.fields.items()
        if field.ast_node
        and {"aws_auth", "aws_cognito_user_pools"} <= {directive.name.value for directive in field.ast_node.directives}
    ]


def _names_that_are_not_to_be_had(written: DocumentNode) -> list[str]:
    """Return a fault for each scalar of the SDL's own, and for each object type that is named like AppSync's."""
    faults: list[str] = []
    for node in written.definitions:
        if isinstance(node, ScalarTypeDefinitionNode) and node.name.value not in _SCALAR_NAMES:
            faults.append(f"There is no scalar {node.name.value}: AppSync takes none but GraphQL's and its own.")
        elif isinstance(node, ObjectTypeDefinitionNode) and node.name.value.startswith("AWS"):
            faults.append(f"{node.name.value} must not begin with AWS, as AppSync's own types do.")
    return faults


def _preloaded(written: DocumentNode) -> list[DefinitionNode]:
    """Return the prelude without the scalars that the SDL declares itself, as exported schemas do."""
    declared = {node.name.value for node in written.definitions if isinstance(node, ScalarTypeDefinitionNode)}
    return [
        node
        for node in _PRELUDE.definitions
        if not (isinstance(node, ScalarTypeDefinitionNode) and node.name.value in declared)
    ]


def _is_the_apis_own(node: DefinitionNode) -> bool:
    """Tell AppSync's directives apart: whatever an SDL declares of them, they stay what they are."""
    return not (isinstance(node, DirectiveDefinitionNode) and node.name.value in _DIRECTIVES)


def _take_over(schema: GraphQLSchema, name: str, scalar: GraphQLScalarType) -> None:
    """Give a scalar of the built schema the behaviour of AppSync's own."""
    built = schema.get_type(name)
    if isinstance(built, GraphQLScalarType):
        built.serialize = scalar.serialize  # type: ignore[method-assign]
        built.parse_value = scalar.parse_value  # type: ignore[method-assign]
        built.parse_literal = scalar.parse_literal  # type: ignore[method-assign]
