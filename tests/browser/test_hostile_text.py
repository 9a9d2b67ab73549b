"""Text from outside that wants to be more: HTML, links, Markdown, formulas, invisible signs. It stays text everywhere.

The operator's own name is hostile as well, so that it stands in every strip, caption and record.
"""

import csv
import io
import json
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Page, expect

from services.legible import legible
from tests.browser.people import PASSWORD
from tests.browser.server import Server
from tests.browser.verbs import PATIENCE_MS, Operator
from tests.cloud import Cloud

HTML = "<img src=x onerror=alert(1)>"
NAMED = '<img/src="x"onerror="alert(1)">'  # a name in Cognito has no blanks
LINK = "[link](javascript:alert(1)):streamlit::smile:"
FORMULA = '=HYPERLINK("http://x.example")'
TURNED = "evil\u202egnp.exe\u200b"
MARKS = "**bold** :red[red] $x^2$ `code` http://x.example :material/home: # head"
LONG = f"{HTML} {LINK} {FORMULA} {TURNED} {MARKS} ".ljust(2048 - 5, "x")  # the invisible signs take three bytes each
CONTENT = """() => [...document.body.children].filter(each => !['NOSCRIPT', 'SCRIPT'].includes(each.tagName))
    .map(each => each.textContent).join('\\n')"""
SECONDS = 60  # until a page shows what it was asked for

# What would have come to life: elements that no page of Gatehouse has, and signs that nobody sees.
ALIVE = """() => {
    const found = [...document.querySelectorAll(
        'img[src="x"], [onerror], a[href^="javascript"], a[href*="x.example"], img[src*="x.example"], .katex')]
        .map(each => each.outerHTML.slice(0, 200));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.data;
        if (/[\\u200b\\u202a-\\u202e\\u034f]/.test(text) && walker.currentNode.parentElement.tagName !== 'STYLE')
            found.push('invisible: ' + JSON.stringify(text.slice(0, 200)));
    }
    if (window.alerted) found.push('an alert');
    return found;
}"""


@dataclass(frozen=True)
class Cast:
    """Whom and what the tests made: everybody's name is hostile, and ends in the same sign of this run."""

    operator: str
    person: str
    poser: str
    group: str
    formula_group: str
    user_id: str


@pytest.fixture(scope="module")
def cast(local_cloud: Cloud) -> Iterator[Cast]:
    run = secrets.token_hex(2)
    client, pool = local_cloud.client("cognito-idp"), local_cloud.backend["UserPoolId"]
    operator, person, poser = f"{NAMED}{run}", f"{LINK}{run}", f"a\u034fda{run}"
    group, formula_group = f"{NAMED}{run}", f"{FORMULA}{run}"
    for name in (group, formula_group):
        client.create_group(UserPoolId=pool, GroupName=name, Description=LONG)
    for name in (operator, person, poser):
        attributes = {"email": f"{run}{secrets.token_hex(2)}@example.com", "email_verified": "true", "name": LONG}
        told = [{"Name": key, "Value": value} for key, value in attributes.items()]
        client.admin_create_user(UserPoolId=pool, Username=name, UserAttributes=told, MessageAction="SUPPRESS")
        client.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        client.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    client.admin_add_user_to_group(UserPoolId=pool, Username=operator, GroupName="admins")

    table = local_cloud.client("dynamodb")
    row = table.scan(TableName=local_cloud.backend["UserTableName"], Limit=1)["Items"][0]
    hostile = {"firstname": LONG, "lastname": HTML, "picture": "http://x.example/x.png"}
    changed = row | {key: {"S": value} for key, value in hostile.items()}
    table.put_item(TableName=local_cloud.backend["UserTableName"], Item=changed)
    yield Cast(operator, person, poser, group, formula_group, row["userId"]["S"])
    table.put_item(TableName=local_cloud.backend["UserTableName"], Item=row)
    client.admin_remove_user_from_group(UserPoolId=pool, Username=operator, GroupName="admins")


@pytest.fixture(scope="module")
def signed_in(browser: Browser, dashboard: Server, cast: Cast) -> Iterator[BrowserContext]:
    """One browser for all tests of this module, signed in as the operator of the hostile name."""
    context = browser.new_context(viewport={"width": 1600, "height": 1200}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    operator = Operator(page, dashboard.address)
    operator.open("/tokens")
    operator.sign_in(cast.person, "Wrong-horse-1")  # who is no admin, and types badly
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    assert page.evaluate(ALIVE) == []
    with page.expect_response("**/session"):
        operator.sign_in(cast.operator, PASSWORD)
    operator.sees_title("Tokens")
    page.close()
    yield context
    context.close()


@pytest.fixture
def operator(signed_in: BrowserContext, dashboard: Server) -> Iterator[Operator]:
    """A tab that fails its test when anything came to life in it."""
    page, wrong = signed_in.new_page(), list[str]()
    page.add_init_script("window.alert = () => { window.alerted = true }")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda each: wrong.append(each.text) if "Content Security Policy" in each.text else None)
    page.on("request", lambda asked: wrong.append(asked.url) if not _own(asked.url, dashboard.address) else None)
    yield Operator(page, dashboard.address)
    assert page.evaluate(ALIVE) == []
    assert not wrong, wrong
    page.close()


def _own(url: str, address: str) -> bool:
    at_home = url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
    return at_home and not url.endswith("/x")


def is_text(page: Page, *texts: str) -> None:
    """Wait until the page shows these texts as they are, tables and dialogs included, and nothing of them lives."""
    missing, content, deadline = list(texts), "", time.monotonic() + SECONDS
    while missing and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        content = page.evaluate(CONTENT)
        missing = [text for text in missing if text not in content]
    assert not missing, content
    assert page.evaluate(ALIVE) == []


def downloaded(got: Download) -> str:
    """The text of a file that was downloaded."""
    return Path(got.path()).read_text(encoding="utf-8")


def test_users_and_their_raw_answer(operator: Operator, cast: Cast) -> None:
    operator.go_to("/users?users_size=5", "Users")
    is_text(operator.page, legible(LONG)[:1500], "http://x.example/x.png", cast.operator)
    operator.tick_cell("users_table", left=300)
    drawer = operator.page.get_by_role("dialog")
    expect(drawer).to_contain_text("User id")
    is_text(operator.page, legible(LONG))
    operator.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    operator.press("Raw response")
    expect(drawer).to_contain_text(cast.user_id)
    is_text(operator.page, "evil\\u202egnp.exe\\u200b")
    operator.page.keyboard.press("Escape")
    operator.page.get_by_label("Find on this page", exact=True).fill(f"{LINK} {TURNED}")
    operator.sees("Nobody on this page matches")
    is_text(operator.page, f"“{LINK} {legible(TURNED)}”")


def test_groups_their_members_and_what_is_done_with_them(operator: Operator, cast: Cast) -> None:
    operator.go_to("/groups", "Groups")
    is_text(operator.page, cast.group, cast.formula_group, legible(LONG)[:1500])
    operator.open(f"/groups?group={cast.group}")
    operator.sees_title(cast.group)
    is_text(operator.page, legible(LONG), cast.person, legible(cast.poser))

    operator.press("Add people")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Find people").fill(NAMED)
    dialog.get_by_role("button", name=cast.operator).click()
    is_text(operator.page, f"Add {cast.operator} to {cast.group}")
    dialog.get_by_role("button", name="Add", exact=False).last.click()
    is_text(operator.page, f"{cast.operator} added to {cast.group}")
    for act in ("Edit group", "Delete group"):
        operator.press(act)
        expect(dialog).to_contain_text(cast.group)
        is_text(operator.page, cast.group)
        operator.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_a_group_of_a_hostile_name_is_made_and_told_of(operator: Operator, local_cloud: Cloud) -> None:
    name = f"{FORMULA}{LINK}{secrets.token_hex(2)}"
    make_group(operator, name)
    local_cloud.client("cognito-idp").delete_group(UserPoolId=local_cloud.backend["UserPoolId"], GroupName=name)


def make_group(operator: Operator, name: str, description: str = "") -> None:
    """Create a group on the page, and read that it is made."""
    operator.go_to("/groups", "Groups")
    operator.press("Create group")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Description", exact=True).fill(description)
    dialog.get_by_role("button", name="Create group").click()
    operator.sees_title(name)
    is_text(operator.page, f"The group {name} is made")


def set_password(operator: Operator, person: str, reason: str) -> None:
    """Set a password on the page, and read that it is set."""
    operator.open(f"/passwords?user={person}")
    operator.sees_title(person)
    operator.page.get_by_label("New password", exact=True).fill("Entirely-new-horse-10")
    operator.page.get_by_label("Reason", exact=True).fill(reason)
    operator.press(f"Set permanent password for {person}")
    operator.sees("Permanent password set for")
    is_text(operator.page, f"Permanent password set for {person}")


def test_a_person_and_their_password(operator: Operator, cast: Cast) -> None:
    operator.go_to(f"/passwords?passwords_q={LINK}", "Passwords")
    is_text(operator.page, cast.person)
    set_password(operator, cast.person, MARKS)
    is_text(operator.page, f"Test as {cast.person}")
    operator.page.get_by_role("button", name="Send a reset code to").click()
    is_text(operator.page, f"Send reset code to {cast.person}")


def test_who_poses_as_another_is_told_apart(operator: Operator, cast: Cast) -> None:
    operator.open(f"/passwords?user={cast.poser}")
    operator.sees_title(legible(cast.poser))
    assert "\\u034f" in operator.page.title() or "\u034f" not in operator.page.title()


def test_an_answer_of_an_api_and_a_column_of_a_hostile_name(operator: Operator) -> None:
    operator.go_to("/side-by-side", "Side by side")
    operator.select("API", "All-modes API")
    operator.press("Add column")
    dialog = operator.page.get_by_role("dialog")
    operator.page.get_by_role("radio", name="A token or key").click()
    dialog.get_by_label("Name of the column").fill(HTML)
    dialog.get_by_label("Credential").fill("not-a-key-at-all")
    dialog.get_by_role("button", name="Add column").click()
    expect(dialog).to_have_count(0)
    document = operator.page.get_by_role("textbox", name="Operation", exact=True)
    document.fill("mutation Echo($text: String!) { echo(text: $text) }")
    document.press("Tab")
    operator.type("Variables (JSON)", json.dumps({"text": f"{HTML} {LINK} {TURNED}"}))
    operator.page.get_by_text(re.compile("Send this mutation")).click()
    operator.settled()
    operator.at("side_run").get_by_role("button").click()
    operator.sees("slowest")
    is_text(operator.page, HTML, f"Remove {HTML}")
    operator.tick_cell("side_grid", left=900)
    expect(dialog).to_contain_text("HTTP 200")
    is_text(operator.page, f"{HTML} {LINK} {legible(TURNED)}")


@pytest.fixture
def suite(suites: Path, cast: Cast) -> Iterator[Path]:
    """A suite of hostile words; gone afterwards, since others count on the first one that there is."""
    path = suites / "hostile.yaml"
    operations = [{"id": "everyone", "label": f"{HTML} {LINK}", "document": "{ byEveryMode }"}]
    identities = ["nobody", {"stand_in": [cast.group]}, {"stand_in": [cast.formula_group]}]
    path.write_text(json.dumps({"name": LINK, "api": "modes", "operations": operations, "identities": identities}))
    yield path
    path.unlink()


def test_the_matrix_and_its_reports(operator: Operator, cast: Cast, suite: Path) -> None:
    operator.go_to(f"/matrix?matrix_suite={suite.name}", "Matrix")
    operator.run_matrix()
    is_text(operator.page, f"{HTML} {LINK}", f"{cast.group} · ID token", f"{cast.formula_group} · ID token")
    for tab in ("Findings", "Identities", "Reports and CI"):
        operator.page.get_by_role("tab", name=re.compile(tab)).click()
        is_text(operator.page, cast.group)
    for kind, text in (("HTML", "&lt;img/src="), ("Markdown", "\\<img/src="), ("CSV", NAMED.replace('"', '""'))):
        with operator.page.expect_download() as got:
            operator.press(f"Download {kind}")
        told = downloaded(got.value)
        assert text in told
        if kind == "CSV":
            assert not [cell for row in csv.reader(io.StringIO(told)) for cell in row if cell.startswith("=")]


def test_the_person_to_test_as(operator: Operator, cast: Cast) -> None:
    operator.go_to("/matrix", "Matrix")
    operator.press("Test as a person")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label("User name or e-mail").fill(cast.person)
    hit = dialog.get_by_role("button", name=f"{cast.person} ·")
    expect(hit).to_have_count(1)
    is_text(operator.page, cast.person)
    hit.click()
    expect(dialog).to_have_count(0)
    expect(operator.page.get_by_role("button", name=f"As {cast.person}", exact=True)).to_be_visible()
    is_text(operator.page, f"As {cast.person}")


def test_the_record_of_acts_and_its_export(operator: Operator, cast: Cast) -> None:
    group, reason = f"{FORMULA}{LINK}{secrets.token_hex(2)}", f"{FORMULA} {LINK} {MARKS} {secrets.token_hex(2)}"
    make_group(operator, group, description=f"{HTML} {TURNED}")
    set_password(operator, cast.person, reason)

    rows = {group: record_of(operator, group), cast.person: record_of(operator, reason)}
    for row in (cell for each in rows.values() for cell in each):
        assert not row.startswith(("=", "+", "-", "@")), row
    assert f"'{group}" in rows[group]
    assert json.loads(rows[group][8])["description"] == f"{HTML} {TURNED}"
    assert {cast.person, cast.operator, f"'{reason}"} <= set(rows[cast.person])


def record_of(operator: Operator, sought: str) -> list[str]:
    """Find the one act in the record that a text is part of, look at it, and return its row of the export."""
    operator.go_to("/audit", "Audit")
    operator.page.get_by_label("Find", exact=True).fill(sought)
    operator.sees(re.compile(r"\b1 of \d"))
    is_text(operator.page, sought)
    operator.at("audit_table").hover()
    operator.tick_cell("audit_table", left=300)
    expect(operator.page.get_by_role("dialog")).to_contain_text("The call that makes it")
    is_text(operator.page, sought)
    operator.page.keyboard.press("Escape")
    expect(operator.page.get_by_role("dialog")).to_have_count(0)
    operator.settled()
    with operator.page.expect_download() as got:
        operator.page.get_by_role("button", name=re.compile("as CSV")).click()
    assert re.fullmatch(r"audit-\d+-acts\.csv", got.value.suggested_filename)
    _, row = csv.reader(io.StringIO(downloaded(got.value), newline=""))
    return row


def test_a_pasted_token_whose_claims_are_hostile(operator: Operator) -> None:
    claims = {"iss": LINK, "sub": HTML, "cognito:username": f"{MARKS} {TURNED}", "token_use": "id", FORMULA: LONG}
    parts = ({"alg": "RS256", "kid": HTML, "typ": LINK}, claims)
    token = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".AAAA"
    operator.go_to("/tokens", "Tokens")
    operator.page.get_by_role("tab", name="Paste a token").click()
    operator.page.get_by_label("Token", exact=True).fill(token)
    operator.press("Read the token")
    operator.sees("Header and claims as they are")
    is_text(operator.page, HTML, LINK, f"{MARKS} {legible(TURNED)}")
    operator.page.get_by_text("Header and claims as they are").click()
    is_text(operator.page, "evil\\u202egnp.exe\\u200b")


def test_no_table_offers_a_download_without_a_guard_against_formulas(operator: Operator) -> None:
    for path, title, table in (("/users", "Users", "users_table"), ("/groups", "Groups", "groups_table")):
        operator.go_to(path, title)
        operator.at(table).hover()
        expect(operator.page.get_by_role("button", name="Fullscreen").first).to_be_visible()
        expect(operator.page.get_by_role("button", name=re.compile("CSV"))).to_have_count(0)
