"""An API's schema, read with its directives and the lines that they stand in."""

import pytest
from graphql import GraphQLObjectType

from services.authorization.cells import Mode
from services.authorization.declared.schema import ApiSchema, Line, Mark
from services.errors import Invalid

SDL = '''"""A described query type."""
type Query {
  """
  A described field.
  """
  a(x: Int): String @aws_iam @aws_cognito_user_pools(cognito_groups: ["one", "two"])
  b(
    x: Int
    y: Int
  ): String @aws_oidc
  c: AWSURL
}

type T
  @aws_lambda { d: String @aws_auth(cognito_groups: ["old"]) }
extend type T { e: Int @aws_api_key }
'''


@pytest.fixture(scope="module")
def schema() -> ApiSchema:
    return ApiSchema.of(SDL)


def kind(schema: ApiSchema, name: str) -> GraphQLObjectType:
    found = schema.graphql.get_type(name)
    assert isinstance(found, GraphQLObjectType)
    return found


def test_a_fields_directives_come_with_their_groups_and_the_line_that_they_stand_in(schema: ApiSchema) -> None:
    marks = schema.of_field(kind(schema, "Query"), "a")
    assert marks.marks == (
        Mark(Mode.IAM, None, "@aws_iam"),
        Mark(Mode.USER_POOL, frozenset({"one", "two"}), "@aws_cognito_user_pools"),
    )
    assert marks.modes == {Mode.IAM, Mode.USER_POOL}
    assert marks.groups == {"one", "two"}
    assert marks.line == Line(6, 'a(x: Int): String @aws_iam @aws_cognito_user_pools(cognito_groups: ["one", "two"])')


def test_a_field_of_several_lines_is_told_whole_from_the_line_of_its_name(schema: ApiSchema) -> None:
    assert schema.of_field(kind(schema, "Query"), "b").line == Line(7, "b( x: Int y: Int ): String @aws_oidc")


def test_a_type_is_told_by_the_line_of_its_name_and_fields_of_its_extensions_by_theirs(schema: ApiSchema) -> None:
    parent = kind(schema, "T")
    assert schema.of_type(parent).line == Line(14, "type T")
    assert schema.of_type(parent).modes == {Mode.LAMBDA}
    assert schema.of_field(parent, "e").line.number == 16
    assert schema.of_field(parent, "d").aws_auth == Mark(Mode.USER_POOL, frozenset({"old"}), "@aws_auth")
    assert schema.of_field(parent, "d").marks == ()


def test_the_roots_and_the_object_types_are_told_without_introspections_own(schema: ApiSchema) -> None:
    assert [each.name for each in schema.objects] == ["Query", "T"]
    assert [each.name for each in schema.roots] == ["Query"]
    assert schema.is_root(kind(schema, "Query"))
    assert not schema.is_root(kind(schema, "T"))


def test_a_schema_that_appsync_exports_with_its_own_definitions_is_read_too() -> None:
    exported = """
    directive @aws_iam on OBJECT | FIELD_DEFINITION
    directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
    scalar AWSJSON
    schema { query: Root }
    type Root { a: AWSJSON @aws_iam  b: String @canonical }
    """
    schema = ApiSchema.of(exported)
    assert [root.name for root in schema.roots] == ["Root"]
    assert schema.of_field(kind(schema, "Root"), "a").modes == {Mode.IAM}
    assert schema.of_field(kind(schema, "Root"), "b").marks == ()


@pytest.mark.parametrize(
    ("sdl", "words"),
    [
        ("type Query {", r"line 1, column 13"),
        ("type Query { a: Missing }", "Missing"),
        ("type A { b: Int }", "Query"),
        ("", "Syntax Error"),
    ],
)
def test_what_is_no_schema_is_refused_with_the_place(sdl: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        ApiSchema.of(sdl)
