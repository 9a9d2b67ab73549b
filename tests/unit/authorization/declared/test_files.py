"""What is declared, from files; and what of it is missing."""

import json
from pathlib import Path

import pytest

from services.authorization.declared.files import declared_from_files, declared_of
from services.errors import Invalid
from tests.unit.authorization.declared.samples import ARN, NOW, WITH_KEY, declare

SDL = "type Query { a: String @aws_api_key }"
API = {"apiId": "abc", "arn": ARN, "name": "sample", "authenticationType": "API_KEY"}


def test_a_schema_and_a_configuration_in_aws_own_shapes_are_enough_to_predict(tmp_path: Path) -> None:
    schema, configuration = tmp_path / "schema.graphql", tmp_path / "api.json"
    schema.write_text(SDL)
    keys = [{"id": "da2-secret", "expires": int(NOW.timestamp()) + 1}]
    configuration.write_text(json.dumps({"graphqlApi": API, "apiKeys": keys}))
    declared = declared_from_files(schema, configuration, at=NOW)
    verdict = declare(declared, "{ a }", WITH_KEY).verdict
    assert verdict
    assert verdict.outcome == "allowed"
    assert declared.api == "sample"
    assert "da2-secret" not in repr(declared)


def test_what_is_left_out_counts_as_not_read_and_is_named() -> None:
    declared = declared_of(None, {})
    assert {unread.what for unread in declared.unread} == {
        "the schema",
        "the API's configuration",
        "the API's keys",
        "the identity pool's roles",
        "the user pool's groups",
    }
    assert "has no graphqlApi" in declare(declared, "{ a }", WITH_KEY).reasons[0].words


@pytest.mark.parametrize(
    "record",
    [
        {"graphqlApi": {**API, "authenticationType": "MAGIC"}},
        {"graphqlApi": {"apiId": "abc"}},
        {"graphqlApi": {**API, "authenticationType": "AMAZON_COGNITO_USER_POOLS"}},
        {"graphqlApi": API, "apiKeys": [{}]},
        {"graphqlApi": API, "groups": [{"name": "x"}]},
        {"graphqlApi": API, "roles": [{}]},
        {"graphqlApi": API, "apiKeys": 7},
    ],
)
def test_what_aws_never_says_is_refused(record: dict) -> None:
    with pytest.raises(Invalid, match="can't be read"):
        declared_of(SDL, record)


def test_files_that_are_not_there_or_no_json_are_refused(tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{")
    for name in ("missing.json", "no.json"):
        with pytest.raises(Invalid, match="can't be read"):
            declared_from_files(tmp_path / "schema.graphql", tmp_path / name)
