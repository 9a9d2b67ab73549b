"""What the users API's mapping templates, as they are deployed, say to DynamoDB and to the caller."""

from pathlib import Path
from typing import Any

import pytest

from local_cloud.appsync.field_errors import FieldError
from local_cloud.appsync.templates import rendered, template_fault

FOLDER = Path(__file__).parents[3] / "infra" / "users_api"
REQUEST = (FOLDER / "list_users.request.vtl").read_text()
RESPONSE = (FOLDER / "list_users.response.vtl").read_text()


def request(**arguments: Any) -> Any:
    """Return what DynamoDB is asked for with these arguments."""
    return rendered(REQUEST, {"args": arguments})


@pytest.mark.parametrize(
    ("arguments", "limit", "token"),
    [
        ({}, 200, None),
        ({"limit": None, "nextToken": None}, 200, None),
        ({"limit": 1}, 1, None),
        ({"limit": 1000, "nextToken": 'a"b'}, 1000, 'a"b'),
        ({"nextToken": '", "limit": 100000, "x": "'}, 200, '", "limit": 100000, "x": "'),
        ({"nextToken": "$ctx.args"}, 200, "$ctx.args"),
    ],
)
def test_one_page_is_scanned_and_whatever_a_token_holds_stays_its_text(
    arguments: dict[str, Any], limit: int, token: str | None
) -> None:
    assert request(**arguments) == {
        "version": "2018-05-29",
        "operation": "Scan",
        "limit": limit,
        "nextToken": token,
    }


@pytest.mark.parametrize("limit", [0, -1, 1001, 2_147_483_647])
def test_a_limit_that_no_page_can_have_is_refused_by_name(limit: int) -> None:
    with pytest.raises(FieldError, match=r"^limit must be a whole number from 1 to 1000\.$") as refused:
        request(limit=limit)
    assert refused.value.error_type == "InvalidLimit"


def test_an_empty_token_does_not_start_again() -> None:
    with pytest.raises(FieldError, match="nextToken is empty") as refused:
        request(nextToken="")
    assert refused.value.error_type == "InvalidNextToken"


@pytest.mark.parametrize("token", ["sealed", None])
def test_rows_and_token_reach_the_caller_as_they_are(token: str | None) -> None:
    page = {"items": [{"userId": "1", "firstname": 'A "B" $c #d'}], "nextToken": token}
    assert rendered(RESPONSE, {"args": {}, "result": page, "error": None}) == page


def test_what_the_table_refuses_reaches_the_caller_with_its_name() -> None:
    error = {"message": "Invalid pagination token given.", "type": "DynamoDB:UserIllegalArgumentException"}
    with pytest.raises(FieldError, match=r"^Invalid pagination token given\.$") as refused:
        rendered(RESPONSE, {"args": {}, "result": None, "error": error})
    assert refused.value.error_type == error["type"]


def test_both_templates_run_here() -> None:
    assert template_fault(REQUEST) is template_fault(RESPONSE) is None
