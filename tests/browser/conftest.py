"""A browser, a dashboard and the people who use it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import server, what_was_seen
from tests.browser.passing_time import IDLE_MINUTES, Later, Open
from tests.browser.people import new_person
from tests.browser.verbs import PATIENCE_MS, Operator
from tests.cloud import Cloud

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say beside a failure what its tabs showed: without it, a time-out tells nothing."""
    report = yield
    if report.when == "call" and report.failed and isinstance(item, pytest.Function):
        for number, tab in enumerate(what_was_seen.tabs(item.funcargs.values())):
            report.sections.append((f"tab {number}", what_was_seen.described(tab, item.nodeid, number)))
    return report


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """Chromium; a machine without one fails here rather than skipping."""
    path = (
        os.environ.get("GATEHOUSE_CHROMIUM")
        or subprocess.run(
            [sys.executable, "tools/chromium.py"], check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the lab's suites: those that are shipped, and what tests put beside them."""
    folder = tmp_path_factory.mktemp("suites") / "suites"
    shutil.copytree(server.ROOT / "suites", folder)
    return folder


@pytest.fixture(scope="session")
def dashboard(local_cloud: Cloud, suites: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[server.Server]:
    """The dashboard on the tests' local cloud."""
    running = server.start(
        "dashboard.py",
        tmp_path_factory.mktemp("dashboard"),
        {"GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder), "GATEHOUSE_SUITES_FOLDER": str(suites)},
    )
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own: no cookie is shared between tests."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(PATIENCE_MS)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab that fails its test when a script throws or the Content-Security-Policy is violated."""
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "console",
        lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield tab
    assert not wrong, wrong


@pytest.fixture
def as_operator(page: Page, dashboard: server.Server, local_cloud: Cloud) -> Callable[..., Operator]:
    """Sign a demo person in through the page, as they would."""

    def signed_in(name: str = "ada", path: str = "/") -> Operator:
        operator = Operator(page, dashboard.address)
        operator.open(path)
        with page.expect_response("**/session"):  # the cookie is there from then on
            operator.sign_in(name, local_cloud.password(name))
        return operator

    return signed_in


@pytest.fixture
def later(local_cloud: Cloud, tmp_path: Path) -> Generator[Open]:
    """Starts dashboards whose clocks can be moved, with settings of their own."""
    running: list[server.Server] = []

    def opened(**settings: str) -> Later:
        folder = tmp_path / f"dashboard-{len(running)}"
        folder.mkdir()
        clock = folder / "ahead"
        clock.write_text("0", encoding="ascii")
        variables = {
            "GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder),
            "GATEHOUSE_DATA_FOLDER": str(folder),
            "GATEHOUSE_IDLE_MINUTES": str(IDLE_MINUTES),
            "LATER": str(clock),
            **settings,
        }
        running.append(server.start("dashboard.py", folder, variables, ["tests/browser/later.py"]))
        return Later(running[-1], clock)

    yield opened
    for each in running:
        each.stop()


@pytest.fixture
def name(local_cloud: Cloud) -> str:
    """An admin of the test's own."""
    return new_person(local_cloud, "admins")
