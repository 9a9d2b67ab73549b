"""The page Connection in a browser: all is well, a wrong value is named, and a viewer sees what they may not read."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import server
from tests.browser.server import Server
from tests.browser.verbs import Operator
from tests.cloud import Cloud

AsOperator = Callable[..., Operator]


@pytest.fixture(scope="module")
def mistaken(local_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard whose API key and REST API are wrong."""
    folder = tmp_path_factory.mktemp("mistaken")
    variables = {
        "GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder),
        "GATEHOUSE_DATA_FOLDER": str(folder),
        "GATEHOUSE_MODES_API_KEY": "da2-hunter2hunter2hunter2hunt",
        "GATEHOUSE_REST_API_URL": f"{local_cloud.endpoint}/_aws/execute-api/nothing/prod/",
    }
    running = server.start("dashboard.py", folder, variables)
    yield running
    running.stop()


def test_a_fresh_stack_is_well_and_can_be_checked_again(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/connection")
    operator.sees_title("Connection")
    operator.sees("Everything is well.")
    first = operator.page.get_by_text("checks ·").inner_text()

    operator.press("Check again")

    expect(operator.page.get_by_text("checks ·")).not_to_have_text(first)
    operator.sees("Everything is well.")


def test_wrong_values_are_named_with_what_to_do_and_no_key_is_shown(
    page: Page, mistaken: Server, local_cloud: Cloud
) -> None:
    operator = Operator(page, mistaken.address)
    operator.open("/connection")
    operator.sign_in("ada", local_cloud.password("ada"))
    operator.sees_title("Connection")

    expect(operator.at("connection_modes_api_keys")).to_contain_text("set modes_api_key")
    expect(operator.at("connection_rest_api")).to_contain_text("Set rest_api_url")
    operator.sees("2 problems")
    assert "hunter2" not in page.content()
    assert "hunter2" not in mistaken.log.read_text(encoding="utf-8", errors="replace")


def test_a_viewer_is_told_which_rights_their_own_credential_lacks(as_operator: AsOperator) -> None:
    operator = as_operator("vera", "/connection")
    operator.sees_title("Connection")

    expect(operator.at("connection_rights")).to_contain_text("cognito-idp:DescribeUserPoolClient")
    expect(operator.at("connection_client_secret")).to_contain_text("not checked")
