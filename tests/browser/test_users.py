"""Users, in a browser: what the page shows is what the table holds."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.verbs import Operator
from tests.cloud import Cloud

ID_COLUMN = 3
AsOperator = Callable[..., Operator]


def ids_in_table(cloud: Cloud) -> list[str]:
    """The user ids that the DynamoDB table holds."""
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=cloud.backend["UserTableName"])
    return [item["userId"]["S"] for page in pages for item in page["Items"]]


def shown_ids(operator: Operator, number: int, size: int) -> list[str]:
    """The user ids on a page, once that page is there with all its rows."""
    expect(operator.page.get_by_text(f"Page {number}", exact=True)).to_be_visible()
    operator.settled()
    expect(operator.cells("users_table", ID_COLUMN)).to_have_count(size)
    return operator.rows("users_table", ID_COLUMN)


def test_three_pages_forward_and_two_back_show_the_rows_of_the_table(
    as_operator: AsOperator, local_cloud: Cloud
) -> None:
    operator = as_operator("ada", "/users?users_size=5")
    forward = [shown_ids(operator, 1, 5)]
    for number in (2, 3, 4):
        operator.press("Next")
        operator.turned(forward[-1][0])
        forward.append(shown_ids(operator, number, 5))
    back = []
    for number in (3, 2):
        before = operator.rows("users_table", ID_COLUMN)[0]
        operator.press("Previous")
        operator.turned(before)
        back.append(shown_ids(operator, number, 5))
    seen = [user for page in forward for user in page]
    assert len(set(seen)) == 20
    assert set(seen) <= set(ids_in_table(local_cloud))
    assert back == [forward[2], forward[1]]


def test_a_walk_through_all_pages_shows_everybody_once(as_operator: AsOperator, local_cloud: Cloud) -> None:
    everybody = ids_in_table(local_cloud)
    operator = as_operator("ada", "/users?users_size=10")
    seen: list[str] = []
    for number in range(1, len(everybody) // 10 + 1):
        if seen:
            operator.press("Next")
            operator.turned(seen[-10])
        seen += shown_ids(operator, number, 10)
    expect(operator.at("users_next").get_by_role("button")).to_be_disabled()
    assert sorted(seen) == sorted(everybody)


def test_a_guest_reads_the_same_first_page(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/users?users_size=5")
    mine = shown_ids(operator, 1, 5)
    operator.choose("Guest · IAM")
    operator.sees("as Guest · IAM")
    assert shown_ids(operator, 1, 5) == mine


def test_an_api_key_is_refused_and_the_page_says_so(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/users")
    operator.choose("API key")
    operator.sees("made-up key")
    operator.sees("401")
    expect(operator.at("users_table")).to_have_count(0)


def test_the_raw_response_is_one_click_away(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/users?users_size=5")
    first = shown_ids(operator, 1, 5)[0]
    operator.press("Raw response")
    dialog = operator.page.get_by_role("dialog")
    expect(dialog).to_contain_text(first)
    expect(dialog).to_contain_text("x-amzn-requestid")
