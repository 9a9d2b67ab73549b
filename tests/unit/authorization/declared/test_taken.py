"""What comes as null with a refused field, and that two refusals of the same are the same."""

import pytest

from services.authorization.agreed.comparison import Difference, compare
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.taken import Taken, taken_with
from services.authorization.operations import operation_of
from tests.unit.authorization.agreed.samples import ALLOWED, partial

SCHEMA = ApiSchema.of(
    """
    interface Node { id: ID! }
    union Found = Book | Shelf
    type Query {
      book: Book  books: [Book!]  shelf: Shelf!  loose: [[Book]!]!  tight: [[Book!]!]!  found: [Found]  node: Node
    }
    type Book implements Node { id: ID!  title: String  author: Author! }
    type Author { name: String!  mail: String }
    type Shelf { id: ID!  books: [Book] }
    """
)


def taken(document: str) -> Taken:
    return taken_with(SCHEMA, operation_of(document, ""))


@pytest.mark.parametrize(
    ("document", "field", "what"),
    [
        ("{ book { id title } }", "book.id", "book"),
        ("{ b: book { author { name mail } } }", "b.author.name", "b"),
        ("{ book { author { name mail } } }", "book.author", "book"),
        ("{ books { id } }", "books[].id", "books"),
        ("{ shelf { id books { id } } }", "shelf.id", ""),
        ("{ shelf { id books { id } } }", "shelf", ""),
        ("{ shelf { id books { id } } }", "shelf.books[].id", "shelf.books[]"),
        ("{ loose { id } }", "loose[].id", "loose[]"),
        ("{ tight { id } }", "tight[].id", ""),
        (
            "{ found { ... on Book { id } ...S } } fragment S on Shelf { books { title } }",
            "found[].id",
            "found[]",
        ),
        ("{ node { id ... on Book { author { name } } } }", "node.author.name", "node"),
    ],
)
def test_a_refused_field_takes_what_is_above_it_as_far_as_nothing_may_be_null(
    document: str, field: str, what: str
) -> None:
    assert taken(document).up_to[field] == what


def test_a_field_that_may_be_null_takes_nothing_with_it_and_one_that_the_schema_lacks_is_left_out() -> None:
    assert taken("{ book { title gone { id } } shelf: books { title } }").up_to == {}


@pytest.mark.parametrize(
    ("name", "refused", "told"),
    [
        ("book.title", "book.id", True),
        ("book", "book.id", True),
        ("book.id", "book", True),
        ("bookshelf", "book", False),
        ("book.title", "book.author.mail", False),
        ("anything", "shelf.id", True),
        ("books[].title", "books", True),
        ("books", "books[].title", False),
    ],
)
def test_a_field_is_covered_by_a_refusal_at_or_above_it_or_by_what_takes_it(
    name: str, refused: str, *, told: bool
) -> None:
    found = taken("{ book { id title author { mail } } books { id title } shelf { id } }")
    assert found.covers(frozenset({refused}), name) is told


def test_refusing_a_field_and_refusing_what_it_cannot_do_without_are_the_same() -> None:
    found = taken("{ book { id title author { mail } } books { id title } }")
    whole, below = partial("book"), partial("book.id", "book.author.mail")
    assert compare(whole, below, taken=found) is None
    assert compare(below, whole, taken=found) is None
    for wanted, seen, difference, fields in (
        (whole, partial("book.title"), Difference.MORE, {"book"}),
        (partial("book.title"), whole, Difference.LESS, {"book"}),
        (below, ALLOWED, Difference.MORE, {"book.id", "book.author.mail"}),
        (partial("books[].title"), partial("books"), Difference.LESS, {"books"}),
    ):
        compared = compare(wanted, seen, taken=found)
        assert compared
        assert (compared.difference, compared.gained | compared.lost) == (difference, fields)


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        ({"books[].title", "books[].author.mail"}, True),
        ({"books[].title", "books[].author"}, True),
        ({"books[].title"}, False),
        ({"books[].author.mail"}, False),
        ({"books[].author"}, True),
    ],
)
def test_a_field_of_which_everything_below_is_refused_gives_nothing(refused: set[str], *, told: bool) -> None:
    found = taken("{ books { __typename title author { mail } } }")
    assert found.covers(frozenset(refused), "books") is told
    compared = compare(partial("x", "books"), partial("x", *refused), taken=found)
    assert (compared is None) is told
    compared = compare(partial("x", *refused), partial("x", "books"), taken=found)
    assert (compared is None) is told
