"""listUsers of the deployed users API: pages, limits and tokens."""

from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import Api

QUERY = """query($limit: Int, $nextToken: String) {
  listUsers(limit: $limit, nextToken: $nextToken) { items { userId firstname lastname picture } nextToken }
}"""


@pytest.fixture(scope="module")
def api(local_cloud: Cloud) -> Api:
    return Api(local_cloud, local_cloud.backend["GraphQLApiId"], "")


@pytest.fixture(scope="module")
def ada(local_cloud: Cloud) -> dict[str, str]:
    """The headers of a call with ada's ID token."""
    signed_in = local_cloud.client("cognito-idp").admin_initiate_auth(
        UserPoolId=local_cloud.backend["UserPoolId"],
        ClientId=local_cloud.backend["UserPoolClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": local_cloud.password("ada")},
    )
    return {"Authorization": signed_in["AuthenticationResult"]["IdToken"]}


@pytest.fixture(scope="module")
def rows(local_cloud: Cloud) -> dict[str, dict[str, str]]:
    """What the table holds, by user id."""
    pages = (
        local_cloud.client("dynamodb").get_paginator("scan").paginate(TableName=local_cloud.backend["UserTableName"])
    )
    people = [{name: value["S"] for name, value in item.items()} for page in pages for item in page["Items"]]
    return {person["userId"]: person for person in people}


def page(api: Api, ada: dict[str, str], **variables: Any) -> dict[str, Any]:
    """Return one page, which must come without errors."""
    reply = api.ask(QUERY, ada, variables=variables)
    assert (reply.status, reply.errors) == (200, [])
    found: dict[str, Any] = reply.data["listUsers"]
    return found


@pytest.mark.parametrize("limit", [7, 50, 100, 249, 250, 1000])
def test_a_walk_gives_every_row_once_as_it_is_and_ends_in_null(
    api: Api, ada: dict[str, str], rows: dict[str, dict[str, str]], limit: int
) -> None:
    pages, token = [], None
    while not pages or token is not None:
        found = page(api, ada, limit=limit, nextToken=token)
        pages.append(found["items"])
        token = found["nextToken"]
    seen = [person for each in pages for person in each]
    assert len(seen) == len(rows)
    assert {person["userId"]: person for person in seen} == rows
    # As on AWS, a page that ends with the table has a token, and an empty page follows.
    full = [limit] * (len(rows) // limit)
    assert [len(each) for each in pages] == [*full, len(rows) % limit]


def test_a_page_has_two_hundred_rows_when_no_limit_is_given(api: Api, ada: dict[str, str]) -> None:
    assert len(page(api, ada)["items"]) == len(page(api, ada, limit=None)["items"]) == 200


def test_a_token_works_whatever_the_limit_of_the_next_page(api: Api, ada: dict[str, str]) -> None:
    whole = [person["userId"] for person in page(api, ada, limit=10)["items"]]
    token = page(api, ada, limit=4)["nextToken"]
    assert [person["userId"] for person in page(api, ada, limit=6, nextToken=token)["items"]] == whole[4:]


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_that_no_page_can_have_is_refused_by_name(api: Api, ada: dict[str, str], limit: int) -> None:
    reply = api.ask(QUERY, ada, variables={"limit": limit})
    assert (reply.status, reply.data) == (200, {"listUsers": None})
    assert (reply.errors[0]["errorType"], reply.messages) == (
        "InvalidLimit",
        ["limit must be a whole number from 1 to 1000."],
    )


@pytest.mark.parametrize("limit", [2.5, "5", True])
def test_a_limit_that_is_no_whole_number_does_not_get_that_far(api: Api, ada: dict[str, str], limit: Any) -> None:
    reply = api.ask(QUERY, ada, variables={"limit": limit})
    assert (reply.status, reply.data) == (200, None)
    assert reply.messages[0].startswith("Variable 'limit' has an invalid value.")


@pytest.mark.parametrize("change", [lambda token: f"{token[:-1]}A", lambda token: f"{token}A", lambda _: "made-up"])
def test_a_forged_or_altered_token_is_refused_with_a_clear_error(api: Api, ada: dict[str, str], change: Any) -> None:
    token = page(api, ada, limit=5)["nextToken"]
    reply = api.ask(QUERY, ada, variables={"limit": 5, "nextToken": change(token)})
    assert (reply.status, reply.data) == (200, {"listUsers": None})
    assert reply.errors[0]["errorType"] == "DynamoDB:UserIllegalArgumentException"
    assert "Invalid pagination token given." in reply.messages[0]


def test_an_empty_token_is_refused_rather_than_taken_for_none(api: Api, ada: dict[str, str]) -> None:
    (error,) = api.ask(QUERY, ada, variables={"nextToken": ""}).errors
    assert (error["errorType"], error["message"].partition(".")[0]) == ("InvalidNextToken", "nextToken is empty")
