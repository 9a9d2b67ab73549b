"""A run through every job, and then a search for every secret that was used in it, wherever something is kept."""

import json
import os
import re
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.authenticator import unused
from tests.browser import server
from tests.browser.people import PASSWORD, new_person
from tests.browser.verbs import PATIENCE_MS, Operator
from tests.cloud import Cloud
from tests.ways_in import PASSWORD as TEMPORARY
from tests.ways_in import OwnPool, strict_pool

EAVESDROPPER = Path(__file__).parent / "eavesdropper"
CHOSEN, SET, WRONG = "Chosen-by-myself-11", "Set-by-somebody-12", "Wrong-entirely-13"
PASTED_KEY = "da2-pasted0key0for0one0column"
TOKEN = re.compile(rb"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}")
READABLE = """() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, history.state,
    location.href, document.title, document.documentElement.outerHTML])"""
SUITE = {
    "name": "secrets",
    "api": "modes",
    "identities": ["nobody", "api-key", "guest", {"stand_in": ["admins"]}],
    "operations": [{"id": "everyone", "document": "{ byEveryMode byLambda }"}],
}


@dataclass
class Traces:
    """What a run through every job has left behind.

    Attributes:
        folder: log, record, kept runs and downloads of both dashboards.
        secrets: every secret that was used, by the person in the browser and by the servers.
        urls: every address that the browser asked for.
        caches: what each server's caches hold of its secrets, and what it remembers of the tabs.
        browser: what scripts can read in the browser once everything is done.
        after_pasting: where the server remembered a secret of an open tab, right after a token was pasted and read.
    """

    folder: Path
    secrets: set[str] = field(default_factory=set)
    urls: list[str] = field(default_factory=list)
    caches: list[dict[str, Any]] = field(default_factory=list)
    browser: list[str] = field(default_factory=list)
    after_pasting: list[str] = field(default_factory=lambda: ["nobody looked"])

    def found(self, content: bytes) -> list[str]:
        """The secrets in a text, cut short so that a failing test doesn't tell them; and tokens, known or not."""
        known = [f"{each[:4]}…" for each in self.secrets if each.encode() in content]
        return known + [f"a token: {each[:12]!r}…" for each in TOKEN.findall(content)]


class Stay:
    """A dashboard of this test's own whose secrets are noted, and the browser tab in front of it."""

    def __init__(self, folder: Path, settings: dict[str, str], browser: Browser, traces: Traces) -> None:
        folder.mkdir()
        self.noted, self.cached, self.traces, self.folder = (
            folder.with_suffix(".s"),
            folder.with_suffix(".c"),
            traces,
            folder,
        )
        own = {
            "PYTHONPATH": f"{EAVESDROPPER}{os.pathsep}{server.ROOT}",
            "EAVESDROPPED_SECRETS": str(self.noted),
            "EAVESDROPPED_CACHES": str(self.cached),
            "GATEHOUSE_DATA_FOLDER": str(folder),
            "STREAMLIT_LOGGER_LEVEL": "debug",
        }
        self.server = server.start("dashboard.py", folder, settings | own)
        self.context = browser.new_context(viewport={"width": 1600, "height": 1200}, accept_downloads=True)
        self.context.set_default_timeout(PATIENCE_MS)
        page = self.context.new_page()
        page.on("request", lambda asked: traces.urls.append(asked.url))
        self.operator = Operator(page, self.server.address)

    def look(self) -> dict[str, Any]:
        """Ask the server what its caches hold, and what it remembers of the tabs that are open."""
        self.cached.unlink(missing_ok=True)
        self.server.process.send_signal(signal.SIGUSR2)
        deadline = time.monotonic() + 60
        while not self.cached.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        told: dict[str, Any] = json.loads(self.cached.read_text())
        return told

    def end(self) -> None:
        """Note what the browser and the server hold, and what the server wrapped, and stop it."""
        self.traces.secrets |= {each["value"] for each in self.context.cookies() if each["httpOnly"]}
        self.traces.browser.append(self.operator.page.evaluate(READABLE))
        self.traces.browser.append(json.dumps(self.context.storage_state(indexed_db=True)["origins"]))
        self.operator.settled()
        self.traces.caches.append(self.look())
        self.traces.secrets |= {json.loads(line) for line in self.noted.read_text().splitlines()}
        self.context.close()
        self.server.stop()


@pytest.fixture(scope="module")
def traces(browser: Browser, local_cloud: Cloud, suites: Path, tmp_path_factory: pytest.TempPathFactory) -> Traces:
    folder = tmp_path_factory.mktemp("secrets")
    left = Traces(folder)
    left.secrets |= {PASSWORD, TEMPORARY, CHOSEN, SET, WRONG, PASTED_KEY, local_cloud.auth_modes["ApiKey"]}
    left.secrets |= {
        local_cloud.demo["lambdaAuthorizerToken"],
        local_cloud.access_key("gatehouse")["aws_secret_access_key"],
    }

    pool = strict_pool(local_cloud)
    strict = Stay(folder / "strict", pool.settings("password"), browser, left)
    enrol(strict.operator, pool, left)
    strict.end()

    suite = suites / "secrets.yaml"
    suite.write_text(json.dumps(SUITE))
    settings = {"GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder), "GATEHOUSE_SUITES_FOLDER": str(suites)}
    main = Stay(folder / "main", settings, browser, left)
    try:
        every_job(main, local_cloud, left)
    finally:
        suite.unlink()
    main.end()
    return left


def enrol(visitor: Operator, pool: OwnPool, left: Traces) -> None:
    """A temporary password, an authenticator app, and signing in again with its code."""
    name = pool.add(permanent=False, given_name="Mara", birthdate="1990-01-31")
    visitor.open("/tokens")
    visitor.sign_in(name, TEMPORARY)
    visitor.fill("New password", CHOSEN)
    visitor.fill("New password again", CHOSEN)
    visitor.press("Set password and sign in")
    key = visitor.page.get_by_test_id("stCode").inner_text().strip()
    left.secrets.add(key)
    visitor.fill("Code", unused(key))
    visitor.press("Set up authenticator app and sign in")
    visitor.sees_title("Tokens")


def every_job(stay: Stay, cloud: Cloud, left: Traces) -> None:
    """Everything else that takes, makes or shows a secret."""
    operator, folder = stay.operator, stay.folder
    recover(operator, cloud)
    passwords(operator, new_person(cloud), left)
    side_by_side(operator, cloud)
    matrix(operator, folder)
    paste(operator, cloud, left)
    operator.settled()
    left.after_pasting = stay.look()["remembered"]
    export(operator, folder)
    with operator.page.expect_response("**/session*"):
        operator.press("Sign out")


def recover(operator: Operator, cloud: Cloud) -> None:
    """A wrong password, a forgotten one, and a new one by a code."""
    name = new_person(cloud, "admins")
    operator.open("/passwords")
    operator.sign_in(name, WRONG)
    expect(operator.page.get_by_test_id("stAlert")).to_be_visible()
    operator.press("Forgot your password?")
    operator.press("Send a code")
    operator.sees("a code is on its way to it")
    pool = OwnPool(cloud, cloud.backend["UserPoolId"], cloud.backend["UserPoolClientId"])
    operator.fill("Code", pool.code(name))
    operator.fill("New password", CHOSEN)
    operator.fill("New password again", CHOSEN)
    operator.press("Set password and sign in")
    operator.sees_title("Passwords")


def passwords(operator: Operator, person: str, left: Traces) -> None:
    """A password that is typed, one that is generated, and a code that is sent."""
    operator.open(f"/passwords?user={person}")
    operator.sees("Set a password")
    field, reason = (
        operator.page.get_by_label("New password", exact=True),
        operator.page.get_by_label("Reason", exact=True),
    )
    field.fill(SET)
    reason.fill("They have lost it")
    operator.press(f"Set permanent password for {person}")
    operator.sees(f"Permanent password set for {person}")
    operator.press("Generate")
    shown = operator.page.get_by_test_id("stCode").locator("code")
    expect(shown.first).to_have_text(re.compile(r"^\S{20,}$"))
    left.secrets.add(shown.first.text_content() or "")
    operator.settled()


def side_by_side(operator: Operator, cloud: Cloud) -> None:
    """Somebody else's columns by their password, a pasted key, broken identities, and a drawer."""
    operator.go_to("/side-by-side?side_broken=true", "Side by side")
    operator.select("API", "All-modes API")
    dialog = operator.page.get_by_role("dialog")
    operator.press("Add column")
    dialog.get_by_label("User name", exact=False).fill("otto")
    dialog.get_by_label("Password", exact=True).fill(cloud.password("otto"))
    dialog.get_by_role("button", name="Sign in", exact=False).click()
    expect(dialog).to_have_count(0)
    operator.press("Add column")
    operator.page.get_by_role("radio", name="A token or key").click()
    dialog.get_by_label("Credential").fill(PASTED_KEY)
    dialog.get_by_role("button", name="Add column").click()
    expect(dialog).to_have_count(0)
    operator.settled()
    operator.at("side_run").get_by_role("button").click()
    operator.sees("slowest")


def matrix(operator: Operator, folder: Path) -> None:
    """A run with a stand-in and the API key, and every report of it."""
    operator.go_to("/matrix?matrix_suite=secrets.yaml&matrix_mine=true", "Matrix")
    operator.run_matrix()
    operator.page.get_by_role("tab", name="Reports and CI").click()
    for kind in ("HTML", "Markdown", "CSV", "JUnit", "SARIF", "Run file"):
        download(operator.page, f"Download {kind}", folder)


def paste(operator: Operator, cloud: Cloud, left: Traces) -> None:
    """A token of somebody else, pasted."""
    flow = {"USERNAME": "vera", "PASSWORD": cloud.password("vera")}
    asked = {"ClientId": cloud.backend["UserPoolClientId"], "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": flow}
    token = cloud.client("cognito-idp").initiate_auth(**asked)["AuthenticationResult"]["IdToken"]
    left.secrets |= {token, cloud.password("vera"), cloud.password("otto")}
    operator.go_to("/tokens", "Tokens")
    operator.page.get_by_role("tab", name="Paste a token").click()
    operator.page.get_by_label("Token", exact=True).fill(token)
    operator.press("Read the token")
    operator.sees("Header and claims as they are")


def export(operator: Operator, folder: Path) -> None:
    """The record of all that, taken away."""
    operator.go_to("/audit", "Audit")
    operator.press("Check the chain")
    operator.sees("The chain holds")
    download(operator.page, re.compile("as CSV"), folder)


def download(page: Page, button: str | re.Pattern[str], folder: Path) -> None:
    """Keep a download beside what the server wrote."""
    with page.expect_download() as got:
        page.get_by_role("button", name=button).click()
    got.value.save_as(folder / f"downloaded-{got.value.suggested_filename}")


def test_the_search_knows_what_to_look_for(traces: Traces) -> None:
    tokens = [each for each in traces.secrets if TOKEN.fullmatch(each.encode())]
    assert len(tokens) >= 6  # ID, access and refresh tokens of several people
    assert len(traces.secrets) > 30
    assert {CHOSEN, SET, WRONG, PASTED_KEY} <= traces.secrets


def test_no_file_that_was_left_behind_holds_a_secret(traces: Traces) -> None:
    files = [each for each in traces.folder.rglob("*") if each.is_file() and each.suffix not in {".s", ".c"}]
    assert {".sqlite", ".log", ".csv", ".html", ".json"} <= {each.suffix for each in files}
    found = {each.name: leaks for each in files if (leaks := traces.found(each.read_bytes()))}
    assert found == {}


def test_no_address_that_was_asked_for_holds_a_secret(traces: Traces) -> None:
    assert len(traces.urls) > 50
    assert traces.found("\n".join(traces.urls).encode()) == []


def test_nothing_that_scripts_can_read_in_the_browser_holds_a_secret(traces: Traces) -> None:
    assert len(traces.browser) == 4
    assert "stActiveTheme" in traces.browser[0]  # what Streamlit keeps there is among it
    assert traces.found("\n".join(traces.browser).encode()) == []


def test_a_pasted_token_is_forgotten_as_soon_as_it_was_read(traces: Traces) -> None:
    assert traces.after_pasting == []


def test_the_tab_of_who_has_signed_out_is_remembered_without_a_secret(traces: Traces) -> None:
    _, main = traces.caches
    assert main["tabs"] > 0
    assert main["remembered"] == []


def test_no_cache_of_the_process_holds_a_secret(traces: Traces) -> None:
    assert [each["found"] for each in traces.caches] == [0, 0]
    assert all(each["secrets"] > 3 for each in traces.caches)
