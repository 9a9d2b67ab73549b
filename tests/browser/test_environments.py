"""Several environments in one dashboard, in a browser: where one acts, switching, bookmarks, and sessions apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import server
from tests.browser.server import Server
from tests.browser.verbs import Operator
from tests.cloud import Cloud
from tests.ways_in import PASSWORD, OwnPool, own_pool


@dataclass(frozen=True)
class Site:
    """A dashboard with the environments north (the stack's pool) and south (a pool of its own, in production)."""

    cloud: Cloud
    south: OwnPool
    server: Server


@pytest.fixture(scope="module")
def site(local_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, south, stack = tmp_path_factory.mktemp("site"), own_pool(local_cloud), local_cloud.backend
    file = folder / "environments.toml"
    file.write_text(
        f"""
        [north]
        outputs_file = "{local_cloud.folder / "outputs.json"}"
        colour = "violet"

        [south]
        user_pool_id = "{south.pool_id}"
        client_id = "{south.client_id}"
        users_api_url = "{stack["GraphQLApiUrl"]}"
        name = "South, in use"
        production = true

        [broken]
        user_pool_id = "no pool"
        """,
        encoding="utf-8",
    )
    variables = {
        "GATEHOUSE_ENVIRONMENTS": str(file),
        "GATEHOUSE_DATA_FOLDER": str(folder / "data"),
        "AWS_ENDPOINT_URL": local_cloud.endpoint,
        "AWS_SHARED_CREDENTIALS_FILE": str(local_cloud.credentials),
        "AWS_PROFILE": "gatehouse",
    }
    running = server.start("dashboard.py", folder, variables)
    yield Site(local_cloud, south, running)
    running.stop()


@pytest.fixture
def operator(page: Page, site: Site) -> Operator:
    return Operator(page, site.server.address)


def banner(operator: Operator) -> str:
    return operator.at("strip").first.inner_text()


def signs_in(operator: Operator, name: str, password: str) -> None:
    with operator.page.expect_response("**/session**"):
        operator.sign_in(name, password)


def switch(operator: Operator, key: str) -> None:
    operator.settled()  # while the page is drawn anew, the button stands there twice
    operator.at("environments").get_by_role("button", name="Switch").click()
    with operator.page.expect_navigation(url=re.compile(rf"[?&]env={key}\b")):
        operator.at(f"environment_{key}").get_by_role("button").click()


def test_switching_signs_out_of_nothing_and_shows_only_what_belongs_there(operator: Operator, site: Site) -> None:
    person = site.south.add()
    operator.open("/groups")
    operator.sees_title("Sign in to Gatehouse")
    assert "north" in banner(operator)
    signs_in(operator, "ada", site.cloud.password("ada"))
    operator.sees_title("Groups")
    operator.sees("as ada · ")

    switch(operator, "south")
    operator.sees_title("Sign in to Gatehouse")
    assert "production · South, in use" in banner(operator)
    signs_in(operator, person, PASSWORD)
    operator.sees_title("Groups")
    assert "production · South, in use" in banner(operator)
    assert person in banner(operator)

    switch(operator, "north")
    operator.sees_title("Groups")
    assert "ada" in banner(operator)
    assert "production" not in banner(operator)
    switch(operator, "south")
    operator.sees_title("Groups")
    assert person in banner(operator)

    operator.press("Sign out")
    operator.sees_title("Sign in to Gatehouse")
    switch(operator, "north")
    operator.sees_title("Groups")


def test_every_page_keeps_the_environment_in_its_address_and_a_bookmark_leads_back(
    operator: Operator, context: BrowserContext, site: Site
) -> None:
    operator.open("/?env=south")
    operator.sees_title("Sign in to Gatehouse")
    signs_in(operator, site.south.add(), PASSWORD)
    for title in ("Groups", "Passwords", "Audit"):
        operator.go(title)
        expect(operator.page).to_have_url(re.compile(r"[?&]env=south\b"))
    bookmark = operator.page.url

    later = Operator(context.new_page(), site.server.address)
    later.page.goto(bookmark)
    later.sees_title("Audit")
    assert "South, in use" in banner(later)


def test_a_session_of_one_environment_opens_no_other(operator: Operator, context: BrowserContext, site: Site) -> None:
    operator.open("/groups?env=north")
    signs_in(operator, "ada", site.cloud.password("ada"))
    operator.sees_title("Groups")
    cookie = next(each for each in context.cookies() if each["name"] == "gatehouse_session_north")

    context.add_cookies([{"name": "gatehouse_session_south", "value": cookie["value"], "url": site.server.address}])
    operator.open("/groups?env=south")

    operator.sees_title("Sign in to Gatehouse")


def test_the_record_is_one_and_says_where_each_act_was_done(operator: Operator, site: Site) -> None:
    person = site.south.add()
    operator.open("/audit?env=south")
    signs_in(operator, person, PASSWORD)
    operator.sees_title("Audit")
    operator.open("/audit?env=north")
    signs_in(operator, "ada", site.cloud.password("ada"))
    operator.sees_title("Audit")
    operator.sees("acts")
    found = operator.page.get_by_test_id("stDataFrame").first
    expect(found.get_by_text("South, in use").first).to_be_attached()
    expect(found.get_by_text("north", exact=True).first).to_be_attached()


def test_an_unknown_environment_is_told_with_those_that_there_are(operator: Operator) -> None:
    operator.open("/groups?env=west")
    operator.sees("There is no environment named west")
    operator.sees("north, south, broken")
    expect(operator.page.get_by_label("Password")).to_have_count(0)

    with operator.page.expect_navigation(url=re.compile(r"/groups\?env=south")):
        operator.at("environment_south").get_by_role("button").click()
    operator.sees_title("Sign in to Gatehouse")


def test_an_environment_whose_settings_are_wrong_is_told_by_name_and_the_others_go_on(operator: Operator) -> None:
    operator.open("/?env=broken")
    operator.sees("user_pool_id")
    operator.sees("environment broken")

    switch(operator, "north")
    operator.sees_title("Sign in to Gatehouse")
