"""Recorded requests as operations of a suite."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.authorization.command import main
from services.authorization.command_terminal import Terminal
from services.authorization.suite.imports import Imported, imported
from services.authorization.suite.reading import parse_suite
from services.authorization.suite.rest_request import RestRequest
from services.authorization.suite.saved import Safety
from services.authorization.suite.writing import suite_text
from services.errors import Invalid

REST = "https://rest.example/prod/"
TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
LIST = "query List($limit: Int!) {\n  list(limit: $limit)\n}"


def body(document: str = LIST, **variables: Any) -> str:
    """A GraphQL request's body."""
    return json.dumps({"query": document, "variables": variables})


def har(*requests: tuple[str, str, str]) -> str:
    """A browser's record of method, address and body."""
    entries = [
        {
            "request": {
                "method": method,
                "url": url,
                "headers": [{"name": "authorization", "value": TOKEN}],
                "postData": {"text": text},
            }
        }
        for method, url, text in requests
    ]
    return json.dumps({"log": {"entries": entries}})


def taken(text: str) -> Imported:
    """What is made of a record; all of it can be written into a suite and read from it again."""
    found = imported(text, "users", REST)
    if found.operations:
        written = suite_text("users", found.operations, found.left_out)
        read = parse_suite(written, Path("suite.yaml"), {}).operations
        assert [(each.id, each.rest, dict(each.variables), each.label) for each in read] == [
            (each.id, each.rest, dict(each.variables), each.label) for each in found.operations
        ]
    return found


@pytest.mark.parametrize(
    "command",
    [
        f"curl 'https://api.example/graphql' -H 'authorization: {TOKEN}' --data-raw '{body(limit=5)}' --compressed",
        f"curl -X POST \\\n  --url https://api.example/graphql \\\n  --data '{body(limit=5)}'",
        "curl https://api.example/graphql --json $'"
        + body(limit=5).replace("\\", "\\\\").replace("!", "\\u0021")
        + "'",
    ],
)
def test_a_curl_command_is_an_operation_without_its_credential(command: str) -> None:
    [operation] = taken(command).operations

    assert (operation.id, operation.document, operation.variables) == ("List", LIST, {"limit": 5})
    assert TOKEN not in suite_text("users", [operation])


def test_each_request_of_a_har_file_is_taken_once() -> None:
    found = taken(
        har(
            ("POST", "https://api.example/graphql", body(limit=5)),
            ("POST", "https://api.example/graphql", body(limit=5)),
            ("POST", "https://api.example/graphql", body(limit=6)),
            ("GET", f"{REST}users/7?full=yes", ""),
            ("GET", "https://cdn.example/picture.png?token=abc", ""),
        )
    )

    assert [each.id for each in found.operations] == ["List", "List-2", "get-users-7"]
    assert found.operations[2].rest == RestRequest("GET", "users/7", {"full": "yes"})
    assert found.left_out == ("GET https://cdn.example/picture.png goes to neither of the environment's APIs.",)


def test_a_postman_collection_keeps_its_names() -> None:
    collection = {
        "info": {"name": "some"},
        "item": [
            {
                "name": "Folder",
                "item": [
                    {
                        "name": "The list",
                        "request": {
                            "method": "POST",
                            "url": {"raw": "https://api.example/graphql"},
                            "body": {"mode": "graphql", "graphql": {"query": LIST, "variables": '{"limit": 5}'}},
                        },
                    }
                ],
            },
            {"name": "New", "request": {"method": "POST", "url": f"{REST}users", "body": {"raw": '{"n": [1]}'}}},
        ],
    }

    first, second = taken(json.dumps(collection)).operations

    assert (first.label, first.variables) == ("The list", {"limit": 5})
    assert (second.label, second.rest) == ("New", RestRequest("POST", "users", {}, {"n": [1]}))


def test_a_mutation_is_skipped_until_somebody_says_otherwise() -> None:
    [operation] = taken(har(("POST", "https://api.example", body("mutation { add }")))).operations

    assert (operation.id, operation.safety) == ("add", Safety.SKIP)


def test_secrets_among_the_values_are_left_out_and_told_by_name_alone() -> None:
    document = "query List($limit: Int, $password: String, $x: In) { list(limit: $limit, password: $password, x: $x) }"
    found = taken(
        har(
            ("POST", "https://api.example", body(document, limit=1, password="hunter2", x={"deep": [{"token": "t0k"}]}))
        )
    )

    assert found.operations[0].variables == {"limit": 1}
    assert [told.split()[3] for told in found.left_out] == ["password", "x"]
    assert not any(secret in str(found) for secret in ("hunter2", "t0k"))


def test_a_document_with_a_secret_in_it_is_left_out() -> None:
    found = taken(har(("POST", "https://api.example", body(f'{{ by(token: "{TOKEN}") }}'))))

    assert found.operations == ()
    assert TOKEN not in str(found)


def test_the_operation_that_was_meant_is_named() -> None:
    several = json.dumps({"query": "query A { a } query B { b }", "operationName": "B"})

    [operation] = taken(har(("POST", "https://api.example", several))).operations

    assert (operation.id, operation.name) == ("B", "B")


def test_what_can_not_be_run_is_left_out_with_the_reason() -> None:
    found = taken(har(("POST", "https://api.example", body("subscription { a }")), ("POST", "https://x", body("{ a"))))

    assert found.operations == ()
    assert "subscription" in found.left_out[0]
    assert "not valid GraphQL" in found.left_out[1]


@pytest.mark.parametrize("text", ["", "wget x", "{}", "[]", "curl 'unfinished"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        imported(text, "users")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["log", "entries", "request", "url", "raw", "body", "item", "method", "postData", "text"]),
            below,
        )
    ),
    max_leaves=15,
)


@settings(deadline=None)
@given(JSON, st.sampled_from(["item", "log"]))
def test_any_record_is_taken_or_refused(content: Any, key: str) -> None:
    inside = {"entries": [content]} if key == "log" else [content]

    assert isinstance(imported(json.dumps({key: inside}), "users", REST), Imported)


VARIABLES = {
    "GATEHOUSE_USER_POOL_ID": "eu-west-1_Ab12",
    "GATEHOUSE_CLIENT_ID": "client",
    "GATEHOUSE_USERS_API_URL": "https://users.example/graphql",
    "GATEHOUSE_REST_API_URL": REST,
}


def test_the_command_prints_a_suite_and_tells_what_it_left_out(tmp_path: Path) -> None:
    record = tmp_path / "record.har"
    record.write_text(har(("GET", f"{REST}hello", ""), ("GET", "https://cdn.example/x", "")), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()

    code = main(["import", str(record), "--api", "users"], VARIABLES, Terminal(out, err))

    assert code == 0
    assert parse_suite(out.getvalue(), record, {}).operations[0].rest == RestRequest("GET", "hello")
    assert "https://cdn.example/x goes to neither" in err.getvalue()


def test_the_command_fails_when_nothing_can_be_imported(tmp_path: Path) -> None:
    record = tmp_path / "record.har"
    record.write_text(har(("GET", "https://cdn.example/x", "")), encoding="utf-8")
    out = io.StringIO()

    assert main(["import", str(record), "--api", "users"], VARIABLES, Terminal(out, io.StringIO())) == 3
    assert out.getvalue() == ""
