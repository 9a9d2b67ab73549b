"""Operations as a person writes them, and the saved examples."""

import pytest
from graphql import build_schema, parse, validate

from services.authorization.operations import examples_for, operation_names, operation_of, variables_of
from services.errors import Invalid
from tests.cloud import ROOT

DIRECTIVES = """
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String]) on FIELD_DEFINITION
scalar AWSURL
"""
SCHEMAS = {"users": "users_api", "modes": "auth_modes_api"}


def test_a_query_is_read_with_its_name_variables_and_fields() -> None:
    operation = operation_of("query A($n: Int) { list(n: $n) { id } }", '{"n": 5}')
    assert operation.name == "A"
    assert operation.variables == {"n": 5}
    assert operation.fields == (("list",), ("list", "id"))
    assert not operation.changes_data


def test_a_mutation_is_known_to_change_data() -> None:
    assert operation_of("mutation { echo }", "").changes_data


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", "editor is empty"),
        ("query {", "line 1, column 8"),
        ("fragment f on A { b }", "fragments or types only"),
        ("subscription { onX }", "WebSocket"),
        ("query A { a } query B { b }", "A, B"),
    ],
)
def test_what_can_not_be_sent_is_refused_with_the_reason(document: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        operation_of(document, "")


def test_one_of_several_operations_is_chosen_by_name() -> None:
    document = "query A { a } mutation B { b }"
    assert operation_names(document) == ("A", "B")
    assert operation_of(document, "", "B").fields == (("b",),)
    assert operation_of(document, "", "B").changes_data


def test_names_of_a_document_that_can_not_be_read_are_none() -> None:
    assert operation_names("query {") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [('{"limit": }', "line 1, column 11"), ("[1]", "in braces"), ("5", "in braces"), ("{'a': 1}", "line 1, column 2")],
)
def test_malformed_variables_are_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        variables_of(text)


def test_no_variables_are_an_empty_object() -> None:
    assert variables_of("  \n") == {}


@pytest.mark.parametrize("api", SCHEMAS)
def test_every_saved_example_fits_the_schema_that_is_deployed(api: str) -> None:
    schema = build_schema(DIRECTIVES + (ROOT / "infra" / SCHEMAS[api] / "schema.graphql").read_text())
    examples = examples_for(api)
    assert examples
    for example in examples:
        operation_of(example.document, example.variables)
        assert validate(schema, parse(example.document)) == [], example.id


def test_examples_have_names_of_their_own() -> None:
    for api in SCHEMAS:
        ids = [example.id for example in examples_for(api)]
        assert len(set(ids)) == len(ids)


def test_an_example_asks_for_every_field_of_the_all_modes_api() -> None:
    schema = build_schema(DIRECTIVES + (ROOT / "infra" / SCHEMAS["modes"] / "schema.graphql").read_text())
    assert schema.query_type
    every = operation_of(examples_for("modes")[0].document, "")
    assert {field[0] for field in every.fields} == set(schema.query_type.fields)
