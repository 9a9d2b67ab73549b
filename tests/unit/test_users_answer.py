"""What an answer to listUsers says, by status, data and errors together."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.graphql import Answer
from services.users_answer import User, UsersPage, Verdict, read

ANN = {"userId": "1", "firstname": "Ann", "lastname": "Lee", "picture": "https://x.example/1.svg"}
BOB = {"userId": "2", "firstname": "Bob", "lastname": None, "picture": None}


def page(body: Any, status: int = 200, *, sent_token: bool = False) -> UsersPage:
    """The page that an answer with that body holds."""
    text = body if isinstance(body, str) else json.dumps(body)
    return read(Answer(status, {}, text, 1.0), sent_token=sent_token)


def listed(items: Any, token: str | None = None, errors: Any = None) -> dict[str, Any]:
    """The body of a connection."""
    body: dict[str, Any] = {"data": {"listUsers": {"items": items, "nextToken": token}}}
    return body | ({"errors": errors} if errors else {})


def refused(*path: str | int) -> dict[str, Any]:
    """AppSync's entry for a refused field."""
    return {
        "path": list(path),
        "errorType": "Unauthorized",
        "message": f"Not Authorized to access {path[-1]} on type X",
    }


def whole(error_type: str, message: str) -> dict[str, Any]:
    """AppSync's body of a request that is refused as a whole."""
    return {"errors": [{"errorType": error_type, "message": message}]}


def test_rows_come_as_they_are_with_the_token_of_the_next_page() -> None:
    got = page(listed([ANN, BOB], "next"))

    assert got.verdict is Verdict.ROWS
    assert got.users == (User("1", "Ann", "Lee", "https://x.example/1.svg"), User("2", "Bob", None, None))
    assert got.next_token == "next"


def test_no_rows_and_no_token_is_empty() -> None:
    assert page(listed([])).verdict is Verdict.EMPTY


def test_no_rows_with_a_token_is_not_the_end() -> None:
    got = page(listed([], "next"))
    assert (got.verdict, got.next_token) == (Verdict.ROWS, "next")


def test_a_refused_field_of_some_rows_is_partial_and_named_once() -> None:
    rows = [ANN | {"picture": None}, BOB]
    errors = [refused("listUsers", "items", n, "picture") for n in (0, 1)]

    got = page(listed(rows, None, errors))

    assert got.verdict is Verdict.PARTIAL
    assert got.missing == ("listUsers.items.picture",)
    assert len(got.users) == 2


def test_refused_rows_beside_a_token_are_partial() -> None:
    got = page(listed(None, "next", [refused("listUsers", "items")]))
    assert (got.verdict, got.users, got.next_token) == (Verdict.PARTIAL, (), "next")


def test_a_refused_root_field_is_refused_by_rule_in_the_apis_words() -> None:
    got = page({"data": {"listUsers": None}, "errors": [refused("listUsers")]})
    assert got.verdict is Verdict.REFUSED_BY_RULE
    assert got.reason == "Not Authorized to access listUsers on type X"
    assert got.error_type == "Unauthorized"


@pytest.mark.parametrize(
    ("status", "error_type", "message", "verdict"),
    [
        (401, "UnauthorizedException", "Valid authorization header not provided.", Verdict.REFUSED_BY_MODE),
        (401, "UnauthorizedException", "You are not authorized to make this call.", Verdict.REFUSED_BY_MODE),
        (401, "UnauthorizedException", "Permission denied", Verdict.REFUSED_BY_RULE),
        (401, "UnauthorizedException", "Token has expired.", Verdict.FAILED),
        (403, "UnrecognizedClientException", "The security token included in the request is invalid.", Verdict.FAILED),
        (400, "BadRequestException", "The request signature we calculated does not match", Verdict.FAILED),
        (429, "TooManyRequestsException", "Rate exceeded", Verdict.FAILED),
        (500, "InternalFailure", "", Verdict.FAILED),
    ],
)
def test_a_request_refused_as_a_whole_is_told_from_one_that_failed(
    status: int, error_type: str, message: str, verdict: Verdict
) -> None:
    assert page(whole(error_type, message), status).verdict is verdict


@pytest.mark.parametrize("status", [200, 302, 404, 502])
def test_a_body_that_is_no_graphql_is_a_failure(status: int) -> None:
    assert page("<html>Bad gateway</html>", status).verdict is Verdict.FAILED


def test_null_without_a_word_is_a_failure_and_not_an_empty_table() -> None:
    assert page({"data": {"listUsers": None}}).verdict is Verdict.FAILED


BAD_TOKEN = {
    "data": {"listUsers": None},
    "errors": [{"path": ["listUsers"], "errorType": "InvalidNextToken", "message": "nextToken was altered."}],
}


def test_a_token_that_the_api_does_not_take_has_its_own_verdict() -> None:
    assert page(BAD_TOKEN, sent_token=True).verdict is Verdict.TOKEN_REFUSED


def test_without_a_sent_token_the_same_words_are_a_failure() -> None:
    assert page(BAD_TOKEN, sent_token=False).verdict is Verdict.FAILED


def test_another_failure_on_a_later_page_does_not_blame_the_token() -> None:
    body = {"data": {"listUsers": None}, "errors": [{"path": ["listUsers"], "errorType": "X", "message": "boom"}]}
    assert page(body, sent_token=True).verdict is Verdict.FAILED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "listUsers", "items", "nextToken", "userId", "path", "message"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from([200, 401, 500]), st.booleans())
def test_no_answer_however_odd_breaks_the_reading(body: Any, status: int, sent_token: bool) -> None:
    got = page(body, status, sent_token=sent_token)
    assert got.verdict in Verdict
    assert got.users == () or got.verdict in {Verdict.ROWS, Verdict.PARTIAL}
