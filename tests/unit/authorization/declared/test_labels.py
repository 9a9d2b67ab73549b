"""One name for a field, whatever the answer shows of lists."""

from services.authorization.declared.labels import canonical, labels_of, reached
from services.authorization.declared.schema import ApiSchema
from services.authorization.fields import label, lists_in
from services.authorization.operations import operation_of
from tests.unit.authorization.samples import answer, refusal

SCHEMA = ApiSchema.of("""
type Query { users: Page  grid: [[Cell!]]  node: Node  either: Either }
type Page { items: [User!]!  next: String }
type User implements Node { id: ID  tags: [String] }
type Cell { x: Int }
interface Node { id: ID }
union Either = User | Cell
""")
DOCUMENT = """
query A {
  all: users { items { id tags } next ...P }
  grid { x }
  node { id ... on User { tags } }
  either { ... on User { tags } ... on Cell { x } }
}
fragment P on Page { items { other: id } }
"""


def test_lists_are_marked_by_the_schema_whatever_came() -> None:
    labels = labels_of(SCHEMA, operation_of(DOCUMENT, ""))
    assert list(labels.values()) == [
        "all",
        "all.items",
        "all.items[].id",
        "all.items[].tags",
        "all.next",
        "all.items[].other",
        "grid",
        "grid[].x",
        "node",
        "node.id",
        "node.tags",
        "either",
        "either.tags",
        "either.x",
    ]


def test_what_an_answer_without_lists_could_not_tell_is_put_right() -> None:
    labels = labels_of(SCHEMA, operation_of("{ users { items { id } } grid { x } }", ""))
    assert canonical("users.items.id", labels) == "users.items[].id"
    assert canonical("grid.x", labels) == "grid[].x"
    assert canonical("users.items[].id", labels) == "users.items[].id"
    assert canonical("something.else", labels) == "something.else"


def test_a_refused_field_that_stands_in_a_list_has_its_name_from_any_answer_already() -> None:
    operation = operation_of("{ users { items { id } } grid { x } }", "")
    labels = labels_of(SCHEMA, operation)
    given = answer(
        {
            "data": {"users": None, "grid": None},
            "errors": [refusal("users", "items", 0, "id"), refusal("grid", 0, 1, "x")],
        }
    )
    lists = lists_in(given)
    assert label(("users", "items", "id"), lists) == labels["users", "items", "id"]
    assert label(("grid", "x"), lists) == labels["grid", "x"]


def test_a_field_that_the_schema_does_not_have_keeps_its_place() -> None:
    labels = labels_of(SCHEMA, operation_of("{ users { nothing { deeper } } }", ""))
    assert labels["users", "nothing", "deeper"] == "users.nothing.deeper"


def test_the_second_of_two_operations_is_the_one_that_is_named() -> None:
    operation = operation_of("query A { grid { x } } query B { users { items { id } } }", "", "B")
    assert list(labels_of(SCHEMA, operation).values()) == ["users", "users.items", "users.items[].id"]


def test_what_stands_below_a_null_or_an_empty_list_was_not_reached() -> None:
    operation = operation_of("{ users { items { id } next } node { id } grid { x } }", "")
    labels = labels_of(SCHEMA, operation)
    empty = answer({"data": {"users": {"items": [], "next": None}, "node": None, "grid": [[{"x": 1}]]}})
    assert reached(empty, operation, labels) == {"users", "users.items", "users.next", "node", "grid", "grid[].x"}


def test_a_refused_field_was_reached_although_its_parents_came_as_null() -> None:
    operation = operation_of("{ users { items { id } next } }", "")
    taken = answer({"data": {"users": None}, "errors": [refusal("users", "items", 0, "id")]})
    found = reached(taken, operation, labels_of(SCHEMA, operation))
    assert found == {"users", "users.items[].id"}
