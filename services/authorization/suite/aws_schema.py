"""The schema of an AppSync API, built from its SDL with AppSync's own scalars."""

from functools import lru_cache

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    ScalarTypeDefinitionNode,
    build_ast_schema,
    parse,
    validate_schema,
)

from services.errors import Invalid

AWS_SCALARS = ("AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone",
               "AWSIPAddress")  # fmt: skip


@lru_cache(maxsize=16)
def schema_of(sdl: str) -> GraphQLSchema:
    """The schema that an SDL text describes; AppSync's scalars and directives need no definition in it.

    Raises:
        Invalid: the text is no schema.
    """
    try:
        written = parse(sdl)
        defined = {node.name.value for node in written.definitions if isinstance(node, ScalarTypeDefinitionNode)}
        given = [ScalarTypeDefinitionNode(name=NameNode(value=name)) for name in AWS_SCALARS if name not in defined]
        # Directives that aren't defined are AppSync's own, which validation would not know.
        schema = build_ast_schema(DocumentNode(definitions=(*given, *written.definitions)), assume_valid_sdl=True)
        faults = validate_schema(schema)
    except (GraphQLError, TypeError) as error:
        raise _unusable(str(error)) from None
    if faults:
        raise _unusable("; ".join(fault.message for fault in faults))
    return schema


def _unusable(why: str) -> Invalid:
    return Invalid("The API's schema can't be used", why, "Read it from the API again, or correct the SDL")
