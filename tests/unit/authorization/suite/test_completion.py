"""A suite with the operations that its schema gives."""

from pathlib import Path

import pytest

from services.authorization.agreed.baseline import Baseline
from services.authorization.suite.completion import completed
from services.authorization.suite.model import Suite
from services.authorization.suite.reading import read_suite
from services.authorization.suite.saved import Arguments, Safety
from services.errors import Invalid
from tests.unit.authorization.suite.texts import suite

SDL = """
type Query { a: String post(id: ID!): String search(by: In!): String }
type Mutation { add(text: String!): String }
input In { id: ID! }
"""


def whole(operations: str, more: str = "") -> Suite:
    """The suite of these entries, completed."""
    return completed(suite(more, f"operations:\n{operations}"), SDL)


def test_what_is_to_be_generated_stands_behind_what_is_saved() -> None:
    found = whole("  - {generated: queries}\n  - {id: mine, document: '{ a }'}\n  - {generated: mutations}\n")

    assert [each.id for each in found.operations] == ["mine", "a", "post", "search", "add"]
    assert found.generated == ()


def test_a_saved_operation_takes_the_place_of_a_generated_one() -> None:
    found = whole("  - {generated: queries}\n  - {id: post, document: 'query { post(id: 7) }'}\n")

    assert [each.id for each in found.operations] == ["post", "a", "search"]
    assert "7" in found.operations[0].document


def test_the_suite_gives_values_and_safety_and_leaves_out() -> None:
    found = whole(
        "  - {generated: queries, leave_out: [a], values: {search: {by: {id: '1'}}}}\n"
        "  - {generated: mutations, safety: refuse only}\n"
    )

    assert [each.id for each in found.operations] == ["post", "search", "add"]
    search, add = found.operation("search"), found.operation("add")
    assert search is not None
    assert search.arguments is Arguments.WRITTEN
    assert search.variables == {"by": {"id": "1"}}
    assert add is not None
    assert add.safety is Safety.REFUSE_ONLY


def test_a_saved_operation_may_wait_for_a_generated_one() -> None:
    found = whole("  - {id: last, document: '{ a }', after: [a]}\n  - {generated: queries}\n")

    assert [each.id for each in found.operations] == ["a", "last", "post", "search"]


@pytest.mark.parametrize(
    ("operations", "more", "words"),
    [
        ("  - {generated: queries, leave_out: [psot]}\n", "", "did you mean 'post'?"),
        ("  - {generated: queries, values: {post: {ident: 1}}}\n", "", "no argument 'ident'"),
        ("  - {generated: queries}\n", "canaries: {guest: {granted: psot}}\n", "did you mean 'post'?"),
        (
            "  - {generated: queries}\n",
            "rules: [{name: r, when: {status: 200}, outcome: allowed, operations: [gone]}]\n",
            "'gone'",
        ),
        ("  - {generated: queries}\n  - {id: b, document: '{ a }', after: [gone]}\n", "", "gone"),
    ],
)
def test_a_name_that_the_schema_does_not_have_is_told(operations: str, more: str, words: str) -> None:
    with pytest.raises(Invalid, match=words.replace("?", r"\?")):
        whole(operations, more)


def test_generated_mutations_are_never_run_in_full_without_an_undo() -> None:
    with pytest.raises(Invalid, match="undo"):
        whole("  - {generated: mutations, safety: full}\n")


@pytest.mark.parametrize(("name", "stack"), [("modes", "auth_modes_api"), ("users", "users_api")])
def test_the_baselines_that_come_with_the_product_speak_of_their_suites_operations(name: str, stack: str) -> None:
    sdl = Path(f"infra/{stack}/schema.graphql").read_text(encoding="utf-8")
    found = completed(read_suite(Path(f"suites/{name}.yaml"), {}), sdl)
    assert found.baseline_path is not None
    agreed = Baseline.read(found.baseline_path)

    named = {cell.operation for cell in agreed.agreed.cells}
    assert named
    assert named <= {operation.id for operation in found.operations}
