"""A file that is downloaded is handed out once, to the page that asked for it, while its session is open."""

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Download, expect

from tests.browser.people import PASSWORD, new_person
from tests.browser.server import Server
from tests.browser.test_sign_in import AsOperator
from tests.browser.verbs import Operator
from tests.browser.wire import Tab, signed_in
from tests.cloud import Cloud
from tests.unit.coroutines import finished

_PATH = re.compile(r"/download\?ticket=[\w-]+")
EXPORT = re.compile("^Export [0-9]+ acts? as CSV$")


async def asked_for(address: str, cookie: str, *, then_sign_out: bool = False) -> str:
    """The path that a page gives its browser when the record is exported."""
    async with Tab(address, cookie) as tab:
        await tab.open("audit")
        label = next(
            each.button.label for each in tab.shown.elements if EXPORT.match(each.button.label.replace("\\", ""))
        )
        run = await tab.press(label.replace("\\", ""))
        found = _PATH.search(run.content.decode("utf-8", "replace"))
        assert found
        if then_sign_out:
            await tab.press("Sign out")
        return found[0]


def fetched(address: str, path: str, site: str = "same-origin") -> tuple[int, str]:
    """Status and content."""
    asked = urllib.request.Request(address + path, headers={"Sec-Fetch-Site": site})  # noqa: S310
    try:
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def cookie(dashboard: Server, local_cloud: Cloud) -> str:
    return finished(signed_in(dashboard.address, new_person(local_cloud, "admins"), PASSWORD))


def test_a_file_is_handed_out_once(dashboard: Server, cookie: str) -> None:
    path = finished(asked_for(dashboard.address, cookie))
    status, content = fetched(dashboard.address, path)
    assert (status, content.partition(",")[0]) == (200, "number")
    assert fetched(dashboard.address, path) == (410, "")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_file_is_handed_out_to_a_page_of_the_dashboard_alone(dashboard: Server, cookie: str, site: str) -> None:
    path = finished(asked_for(dashboard.address, cookie))
    assert fetched(dashboard.address, path, site) == (403, "")


def test_a_file_that_was_made_before_the_session_ended_is_not_handed_out_after_it(
    dashboard: Server, cookie: str
) -> None:
    path = finished(asked_for(dashboard.address, cookie, then_sign_out=True))
    assert fetched(dashboard.address, path) == (403, "")


def test_a_button_that_was_drawn_before_the_session_ended_downloads_nothing_after_it(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/audit")
    downloads: list[Download] = []
    operator.page.on("download", lambda got: downloads.append(got))  # noqa: PLW0108
    other = Operator(operator.page.context.new_page(), operator.address)
    other.go_to("/tokens", "Tokens")
    operator.go_to("/audit", "Audit")  # anew, since it looks at its session every quarter of a minute
    button = operator.page.get_by_role("button", name=EXPORT)
    expect(button).to_be_visible()
    other.press("Sign out")
    other.sees_title("Sign in to Gatehouse")

    button.click()

    operator.sees_title("Sign in to Gatehouse")
    assert downloads == []


def test_a_download_keeps_the_page_and_has_its_name(as_operator: AsOperator) -> None:
    operator = as_operator("ada", "/audit")
    for _ in range(2):
        with operator.page.expect_download() as got:
            operator.page.get_by_role("button", name=EXPORT).click()
        assert re.fullmatch(r"audit-\d+-acts?\.csv", got.value.suggested_filename)
        assert got.value.path().read_text(encoding="utf-8").startswith("number,")
    operator.sees_title("Audit")
