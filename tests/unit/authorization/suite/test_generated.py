"""Operations made from a schema."""

from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse, validate
from graphql.execution.values import get_variable_values
from hypothesis import given, settings
from hypothesis import strategies as st

from services.authorization.suite.aws_schema import schema_of
from services.authorization.suite.generated import Generated, generated, with_values
from services.authorization.suite.saved import Arguments, Safety, SavedOperation
from services.authorization.suite.selections import MOST_FIELDS
from services.errors import Invalid
from tests.unit.authorization.suite.schemas import schemas

BLOG = """
type Query {
  "Everybody."
  people(limit: Int, from: Int! = 1): [Person!]
  post(id: ID!): Post
  found(filter: Filter!): [Thing]
  search(by: Named!): Post
  count(on: AWSDate!, colour: Colour!, tags: [String!]!): Int
}
type Mutation { people: Int addPost(input: NewPost!): Post }
type Subscription { onPost: Post @aws_subscribe(mutations: ["addPost"]) }
type Post @aws_iam {
  id: ID!
  author: Person
  comments(first: Int!): [Comment!]
  related(as: Named!): [Post]
}
type Person { name: String posts: [Post] home: Address }
type Comment { text: String author: Person post: Post at: AWSDateTime }
type Address { city: City }
type City { name: String }
union Thing = Post | Person
enum Colour { RED GREEN }
input Filter { text: String! limit: Int }
input Named { id: ID! }
input NewPost { title: String! tags: [String] }
"""


def made(sdl: str = BLOG, depth: int = 3) -> Generated:
    """What a schema gives."""
    return generated(sdl, "users", depth)


def named(name: str, sdl: str = BLOG, depth: int = 3) -> SavedOperation:
    """One generated operation."""
    return next(each for each in made(sdl, depth).operations if each.id == name)


def one_line(operation: SavedOperation) -> str:
    """The document without its line breaks."""
    return " ".join(operation.document.split())


def test_each_root_field_is_one_operation_and_subscriptions_are_listed() -> None:
    found = made()

    assert [each.id for each in found.queries] == ["people", "post", "found", "count", "search"]
    assert [each.id for each in found.mutations] == ["Mutation.people", "addPost"]
    assert [each.field for each in found.not_covered] == ["Subscription.onPost"]
    assert "WebSocket" in found.not_covered[0].reason


def test_operations_are_sorted_by_whether_their_arguments_can_be_filled() -> None:
    assert {each.id: each.arguments for each in made(depth=1).operations} == {
        "people": Arguments.READY,
        "post": Arguments.MADE_UP,
        "found": Arguments.MADE_UP,
        "count": Arguments.MADE_UP,
        "search": Arguments.NEEDS_VALUES,
        "Mutation.people": Arguments.READY,
        "addPost": Arguments.MADE_UP,
    }


def test_optional_arguments_are_declared_and_left_out() -> None:
    people = named("people", depth=1)

    assert one_line(people) == ("query people($limit: Int, $from: Int) { people(limit: $limit, from: $from) { name } }")
    assert (people.variables, people.note) == ({}, "Everybody.")


def test_what_is_made_up_is_neutral_and_named() -> None:
    count = named("count")

    assert count.variables == {"on": "1970-01-01", "colour": "RED", "tags": ["made-up"]}
    assert count.note == "Made up: on, colour, tags."
    assert named("found", depth=1).variables == {"filter": {"text": "made-up"}}


def test_an_input_object_with_an_id_needs_values() -> None:
    search = named("search", depth=1)

    assert search.lacking("nobody") == ("by",)
    assert "Named.id is an id" in search.note
    assert with_values(search, {"by": {"id": "1"}}).lacking("nobody") == ()


def test_values_take_the_place_of_what_is_made_up() -> None:
    assert with_values(named("post", depth=1), {"id": "p1"}).variables == {"id": "p1"}
    assert with_values(named("post", depth=1), {"id": "p1"}).arguments is Arguments.WRITTEN
    assert with_values(named("count"), {"colour": "GREEN"}).arguments is Arguments.MADE_UP
    assert with_values(named("search"), {}).arguments is Arguments.NEEDS_VALUES


def test_a_type_is_not_entered_again_below_itself_and_the_depth_ends_the_rest() -> None:
    assert one_line(named("post", depth=1)).endswith("{ post(id: $id) { id } }")
    assert one_line(named("post", depth=2)).endswith(
        "{ post(id: $id) { id author { name } comments(first: $comments_first) { text at } } }"
    )
    assert one_line(named("post", depth=4)).endswith(
        "{ post(id: $id) { id author { name home { city { name } } }"
        " comments(first: $comments_first) { text author { name home { __typename } } at } } }"
    )
    assert "posts" not in named("post", depth=9).document


def test_a_field_whose_arguments_cannot_be_made_up_is_left_out() -> None:
    assert "related" not in named("post", depth=5).document


def test_a_union_is_asked_for_by_its_types() -> None:
    assert one_line(named("found", depth=1)).endswith(
        "{ found(filter: $filter) { __typename ... on Post { id } ... on Person { name } } }"
    )


def test_one_name_for_values_of_different_kinds_gets_an_alias() -> None:
    sdl = "type Query { any: Any } union Any = A | B type A { x: Int y: Int } type B { x: String y: Int }"

    assert one_line(named("any", sdl)) == ("query any { any { __typename ... on A { x y } ... on B { x_B: x y } } }")


def test_an_interface_is_asked_for_by_its_fields_and_by_what_its_types_add() -> None:
    sdl = "type Query { node: Node } interface Node { id: ID! } type A implements Node { id: ID! x: Int }"

    assert one_line(named("node", sdl)) == "query node { node { id __typename ... on A { x } } }"


def test_an_object_without_a_leaf_in_reach_is_asked_for_its_type() -> None:
    sdl = "type Query { a: A } type A { b: B } type B { a: A }"

    assert one_line(named("a", sdl, depth=3)) == "query a { a { b { __typename } } }"


def test_mutations_are_skipped_unless_the_suite_says_otherwise() -> None:
    assert {each.safety for each in made().mutations} == {Safety.SKIP}


def test_the_stacks_schemas_give_operations_that_need_nothing() -> None:
    users = made(Path("infra/users_api/schema.graphql").read_text(encoding="utf-8"))
    modes = made(Path("infra/auth_modes_api/schema.graphql").read_text(encoding="utf-8"))

    assert {each.arguments for each in (*users.operations, *modes.queries)} == {Arguments.READY}
    assert [each.variables for each in modes.mutations] == [{"text": "made-up"}]


@pytest.mark.parametrize("sdl", ["", "type {", "type Query { a: Missing }", "type Query { a: In } input In { x: Int }"])
def test_a_text_that_is_no_schema_is_told(sdl: str) -> None:
    with pytest.raises(Invalid, match="schema can't be used"):
        made(sdl)


def test_types_that_all_refer_to_each_other_do_not_make_an_endless_document() -> None:
    names = [f"T{number}" for number in range(30)]
    fields = " ".join(f"{name.lower()}: {name}" for name in names)
    sdl = f"type Query {{ a: T0 }} {' '.join(f'type {name} {{ id: ID {fields} }}' for name in names)}"

    [operation] = made(sdl, depth=10).operations

    assert 29 < operation.document.count("id") <= MOST_FIELDS


def test_a_union_of_very_many_fields_is_asked_for_its_type_alone() -> None:
    names = [f"T{number}" for number in range(30)]
    fields = " ".join(f"f{number}: Int" for number in range(100))
    sdl = (
        f"type Query {{ any: Any }} union Any = {' | '.join(names)}"
        f" {' '.join(f'type {name} {{ {fields} }}' for name in names)}"
    )

    assert one_line(named("any", sdl)) == "query any { any { __typename } }"


@settings(deadline=None, max_examples=40)
@given(schemas(), st.integers(1, 3))
def test_generated_documents_always_validate_against_their_schema(sdl: str, depth: int) -> None:
    schema = schema_of(sdl)
    found = generated(sdl, "users", depth)

    roots = [root for root in (schema.query_type, schema.mutation_type) if root]
    assert len({each.id for each in found.operations}) == sum(len(root.fields) for root in roots)
    for each in found.operations:
        tree = parse(each.document)
        assert validate(schema, tree) == [], each.document
        [definition] = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
        taken = get_variable_values(schema, definition.variable_definitions or [], dict(each.variables))
        assert bool(each.lacking("nobody")) == (each.arguments is Arguments.NEEDS_VALUES)
        if each.arguments is not Arguments.NEEDS_VALUES:
            assert not isinstance(taken, list), taken
