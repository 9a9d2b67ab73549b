"""Who gets which page and may press which button, over Streamlit's own protocol: disabled buttons are pressed, too."""

import ast
import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tests import who_may
from tests.browser.people import PASSWORD, new_person
from tests.browser.server import ROOT, Server
from tests.browser.wire import SECONDS, Run, Tab, signed_in
from tests.cloud import Cloud
from tests.unit.coroutines import finished

VISITOR, NOBODY, VIEWER, ADMIN, ENDED = "visitor", "no group", "viewer", "admin", "session ended meanwhile"
ASKED, NO_ACCESS, SHOWN = "asked to sign in", "told: no access", "shown"
OFFERED, DISABLED, ABSENT = "offered", "disabled", "not there"
FORGED = ", and pressed all the same: nothing happened"


def screens() -> dict[str, str]:
    """The pages of the navigation, title by address: read from the router's text, since importing it would run it."""
    tree = ast.parse((ROOT / "pages" / "_shell.py").read_text(encoding="utf-8"))
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Screen"]
    return {ast.literal_eval(each.args[2]): ast.literal_eval(each.args[3]) for each in made}


SCREENS = screens()


@dataclass(frozen=True)
class Act:
    """A button of a page.

    Attributes:
        page: the page's address.
        key: the button's key.
        viewers: whether viewers may press it as well.
        query: what the address line holds; `{person}` and `{group}` are somebody's and some group's name.
        typed: what an admin has typed before the session ends, so that nothing but its end holds the act back.
        after: the button that leads to this one: to the dialog that holds it, or to what it is about.
        table: the key of the table whose first row is ticked before.
    """

    page: str
    key: str
    viewers: bool = True
    query: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, hash=False)
    after: str = ""
    table: str = ""


ACTS = (
    Act("users", "users_reload"),
    Act("users", "users_next", query="users_size=5"),
    Act("users", "users_raw"),
    Act("groups", "groups_reload"),
    Act("groups", "groups_create", viewers=False),
    Act("groups", "group_create_submit", viewers=False, typed={"Name": "after-the-end"}, after="groups_create"),
    Act("groups", "group_edit", viewers=False, query="group={group}"),
    Act(
        "groups",
        "group_edit_submit",
        viewers=False,
        query="group={group}",
        typed={"Description": "After the end"},
        after="group_edit",
    ),
    Act("groups", "group_delete", viewers=False, query="group={group}"),
    Act(
        "groups",
        "group_delete_submit",
        viewers=False,
        query="group={group}",
        typed={"Reason": "It is over", "Type the group's name to confirm": "{group}"},
        after="group_delete",
    ),
    Act("groups", "group_add", viewers=False, query="group={group}"),
    Act("groups", "group_add_submit", viewers=False, query="group={group}", after="group_add"),
    Act("groups", "group_remove", viewers=False, query="group={group}", table="group_members_page_*"),
    Act("groups", "group_members_reload", query="group={group}"),
    Act("passwords", "passwords_reload"),
    Act("passwords", "passwords_generate", viewers=False, query="user={person}"),
    Act(
        "passwords",
        "passwords_set",
        viewers=False,
        query="user={person}",
        typed={"New password": "Entirely-new-horse-10", "Reason": "They have lost it"},
    ),
    Act("passwords", "passwords_send_code", viewers=False, query="user={person}"),
    Act(
        "passwords",
        "passwords_send_code_submit",
        viewers=False,
        query="user={person}",
        typed={"Reason": "It is over"},
        after="passwords_send_code",
    ),
    Act("side-by-side", "side_add"),
    Act(
        "side-by-side",
        "side_add_sign_in",
        typed={"User name or e-mail": "vera", "Password": "Some-horse-8"},
        after="side_add",
    ),
    Act("side-by-side", "side_run"),
    Act("matrix", "matrix_read", query="matrix_suite={suite}"),
    Act("matrix", "matrix_run", query="matrix_suite={suite}"),
    Act("matrix", "matrix_failing", query="matrix_suite={suite}", after="matrix_run"),
    Act("matrix", "matrix_download_csv", query="matrix_suite={suite}", after="matrix_run"),
    Act(
        "matrix",
        "matrix_accept_declared_go",
        viewers=False,
        query="matrix_suite={suite}",
        typed={"Reason": "It is over"},
        after="matrix_run",
    ),
    Act("matrix", "matrix_person_find", viewers=False, query="matrix_suite={suite}"),
    Act("tokens", "tokens_read", typed={"Token": "not a token"}),
    Act("connection", "connection_again"),
    Act("audit", "audit_check"),
    Act("audit", "audit_export"),
)
# Disabled for an admin, too, until something is typed or chosen.
HELD_BACK = {"passwords_set", "group_delete_submit", "group_add_submit", "passwords_send_code_submit"}
NO_ROW = {
    "sign_in_send_*": "asks who is there",
    "sign_in_forgot": "asks who is there",
    "sign_in_create": "asks who is there",
    "sign_in_resend_*": "asks who is there",
    "start_again": "asks who is there",
    "managed_login": "asks who is there",
    "sign_out": "ends the session",
    "sign_out_everywhere": "ends the session",
    "stay_signed_in": "there in the last minutes of a session alone",
    "try_again": "draws a page anew that could not be drawn",
    "environment_*": "leads to another environment, which asks who is there",
    "groups_back": "leads back to a list",
    "passwords_back": "leads back to a list",
    "users_previous": "turns a page, as users_next",
    "users_start_again": "turns a page, as users_next",
    "group_members_previous": "turns a page, as users_next",
    "group_members_next": "turns a page, as users_next",
    "group_members_start_again": "turns a page, as users_next",
    "news_undo": "the opposite of an act that has a row, by the same service",
    "matrix_cancel": "stops what matrix_run has begun",
    "matrix_person_is_*": "stands in the dialog of matrix_person_find, and notes whom matrix_run is to stand in for",
    "matrix_person_remove": "notes that matrix_run is to stand in for nobody",
    "matrix_finding_cell": "leads to a cell of the grid",
    "matrix_step_*": "leads to a cell of the grid",
    "matrix_again_*": "runs some cells of matrix_run again, as matrix_failing",
    "side_add_paste": "stands in the dialog of side_add_sign_in, and keeps text in the tab's own memory",
    "side_remove_*": "forgets what the tab's own memory holds",
    "side_restore": "puts a saved operation back into the editor",
}
SUITE: dict[str, Any] = {
    "name": "Who may",
    "api": "modes",
    "baseline": "who-may.baseline",
    "operations": [{"id": "everyone", "document": "{ byEveryMode }"}],
    "identities": ["nobody", "guest"],
}


@dataclass
class Stage:
    """Where it is tried: a dashboard, and what the directory holds."""

    address: str
    cloud: Cloud
    person: str
    group: str
    suite: str
    baseline: Path

    def query(self, act: Act) -> str:
        """The address line of an act."""
        return act.query.format(person=self.person, group=self.group, suite=self.suite)

    async def lead(self, tab: Tab, act: Act) -> None:
        """Go to where the act's button stands, as far as this tab gets."""
        await tab.open(act.page, self.query(act))
        if act.table:
            tab.tick(act.table, 0)
            await tab.again()
        state, first = button_of(tab, act.after) if act.after else (ABSENT, "")
        if state is not OFFERED:
            return
        await tab.force(first)
        ended, deadline = act.after != "matrix_run", time.monotonic() + SECONDS
        while not ended:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.5)
            await tab.again()
            ended = button_of(tab, "matrix_failing")[0] is not ABSENT

    async def fill(self, tab: Tab, act: Act) -> None:
        """Type what the act takes, so that its button can be pressed."""
        for label, text in act.typed.items():
            tab.type(label, text.format(group=self.group))
        if act.typed:
            await tab.again(button_of(tab, act.key)[1])
            assert button_of(tab, act.key)[0] == OFFERED, act

    def directory(self) -> list[Any]:
        """What an act could change: groups, members, the person's state, what was accepted."""
        client, pool = self.cloud.client("cognito-idp"), {"UserPoolId": self.cloud.backend["UserPoolId"]}
        groups = client.list_groups(**pool)["Groups"]
        members = client.list_users_in_group(**pool, GroupName=self.group)["Users"]
        person = client.admin_get_user(**pool, Username=self.person)
        return [
            sorted(each["GroupName"] for each in groups),
            members,
            person["UserStatus"],
            person["UserLastModifiedDate"],
            self.baseline.exists(),
        ]


def page_of(tab: Tab) -> str:
    """What somebody got in place of a page, or that they got it; a stranger's run holds no row of anything."""
    assert tab.title, f"{tab.page} shows no title"
    got = {"Sign in to Gatehouse": ASKED, "No access": NO_ACCESS}.get(tab.title, SHOWN)
    if got is not SHOWN:
        assert b"@example.com" not in tab.shown.content
        assert "dataframe" not in {each.WhichOneof("type") for each in tab.shown.elements}
    return got


def button_of(tab: Tab, key: str) -> tuple[str, str]:
    """How a button stands, and its id; without one where it isn't there."""
    found = {name: enabled for name, enabled in tab.buttons().items() if name.endswith(f"-{key}")}
    name = next(iter(found), "")
    return (OFFERED if found[name] else DISABLED) if name else ABSENT, name


async def tried(stage: Stage, cookie: str, ids: dict[Act, str]) -> dict[str, str]:
    """What a person gets of each page and act; what isn't offered is pressed all the same, by an admin's id of it."""
    got = {}
    async with Tab(stage.address, cookie) as tab:
        for address, title in SCREENS.items():
            await tab.open(address)
            got[f"page {title}"] = page_of(tab)
        for act in ACTS:
            await stage.lead(tab, act)
            where = page_of(tab)
            state, name = button_of(tab, act.key)
            ids.setdefault(act, name)
            if state is not OFFERED:
                before = page_of(tab)
                run = await tab.force(name or ids[act])
                assert page_of(tab) == before
                assert_nothing_opened(run)
            got[f"{act.page}: {act.key}"] = (state if where is SHOWN else where) + (
                FORGED if state is not OFFERED else ""
            )
    return got


def assert_nothing_opened(run: Run) -> None:
    """No dialog came of it."""
    assert not [each for each in run.messages if each.delta.add_block.HasField("dialog")]


async def ended(stage: Stage, cookie: str, ids: dict[Act, str]) -> dict[str, str]:
    """What a tab gets that was open when its session was ended elsewhere."""
    got = {}
    async with AsyncExitStack() as stack:
        tabs = {act: await stack.enter_async_context(Tab(stage.address, cookie)) for act in ACTS}
        for act, tab in tabs.items():
            await stage.lead(tab, act)
            assert page_of(tab) == SHOWN
            await stage.fill(tab, act)
        async with Tab(stage.address, cookie) as other:
            await other.open("tokens")
            await other.press("Sign out")
        for act, tab in tabs.items():
            await tab.force(ids[act])
            got[f"page {SCREENS[act.page]}"] = page_of(tab)
            got[f"{act.page}: {act.key}"] = page_of(tab) + FORGED
    return got


@pytest.fixture(scope="module")
def stage(dashboard: Server, local_cloud: Cloud, suites: Path) -> Iterator[Stage]:
    suite = suites / "who-may.yaml"
    suite.write_text(json.dumps(SUITE), encoding="utf-8")
    person, group = new_person(local_cloud), new_person(local_cloud)
    made = Stage(dashboard.address, local_cloud, person, group, suite.name, suites / SUITE["baseline"])
    client, pool = local_cloud.client("cognito-idp"), local_cloud.backend["UserPoolId"]
    client.create_group(UserPoolId=pool, GroupName=made.group)
    client.admin_add_user_to_group(UserPoolId=pool, GroupName=made.group, Username=made.person)
    yield made
    client.delete_group(UserPoolId=pool, GroupName=made.group)
    suite.unlink()


@pytest.fixture(scope="module")
def table(stage: Stage) -> dict[str, dict[str, str]]:
    """What everybody got, by page or act, then by person; nothing of it may have changed the directory."""
    before = stage.directory()

    async def everybody() -> dict[str, dict[str, str]]:
        names = {who: new_person(stage.cloud, *groups) for who, groups in {
            NOBODY: (), VIEWER: ("viewers",), ADMIN: ("admins",), ENDED: ("admins",)}.items()}  # fmt: skip
        cookies = {who: await signed_in(stage.address, name, PASSWORD) for who, name in names.items()}
        ids: dict[Act, str] = {}
        admin = await tried(stage, cookies[ADMIN], ids)  # first: the others press by these ids
        return {
            VISITOR: await tried(stage, "", ids),
            NOBODY: await tried(stage, cookies[NOBODY], ids),
            VIEWER: await tried(stage, cookies[VIEWER], ids),
            ADMIN: admin,
            ENDED: await ended(stage, cookies[ENDED], ids),
        }

    people = finished(everybody())
    assert stage.directory() == before
    rows = {act: {who: got[act] for who, got in people.items()} for act in people[ADMIN]}
    who_may.write("page and act", rows)
    return rows


def keys_of_buttons() -> set[str]:
    """The key of every button that a page can draw; what differs from one to the next is a star."""
    return {key for path in (ROOT / "pages").glob("*.py") for key in keys_in(ast.parse(path.read_text("utf-8")))}


def keys_in(page: ast.Module) -> set[str]:
    """The keys of the buttons in one file of pages/, be they written there or named by one of its constants."""
    constants = {
        each.targets[0].id: each.value
        for each in page.body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    }
    calls = [each for each in ast.walk(page) if isinstance(each, ast.Call)]
    given = [each.value for call in calls if ast.unparse(call.func).endswith("button") for each in call.keywords
             if each.arg == "key"]  # fmt: skip
    return {text_of(constants[each.id] if isinstance(each, ast.Name) else each) for each in given}


def text_of(node: ast.expr) -> str:
    """A text of the source, with a star for whatever is put in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "*" for each in node.values)
    return str(ast.literal_eval(node))


def test_every_page_has_an_act_in_the_table() -> None:
    assert {act.page for act in ACTS} == set(SCREENS)


def test_every_button_has_a_row_in_the_table_or_a_reason_to_have_none() -> None:
    rows = {act.key for act in ACTS}
    without = {key for key in keys_of_buttons() - rows if not any(fnmatchcase(row, key) for row in rows)}
    assert without == set(NO_ROW)


def test_a_page_is_shown_to_those_alone_who_may_open_it(table: dict[str, dict[str, str]]) -> None:
    expected = {VISITOR: ASKED, NOBODY: NO_ACCESS, VIEWER: SHOWN, ADMIN: SHOWN, ENDED: ASKED}
    pages = {name: got for name, got in table.items() if name.startswith("page ")}
    assert pages == {f"page {title}": expected for title in SCREENS.values()}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.key)
def test_an_act_is_offered_to_those_alone_who_may(act: Act, table: dict[str, dict[str, str]]) -> None:
    admins = DISABLED + FORGED if act.key in HELD_BACK else OFFERED
    viewers = admins if act.viewers else (ABSENT if act.after or act.table else DISABLED) + FORGED
    assert table[f"{act.page}: {act.key}"] == {
        VISITOR: ASKED + FORGED,
        NOBODY: NO_ACCESS + FORGED,
        VIEWER: viewers,
        ADMIN: admins,
        ENDED: ASKED + FORGED,
    }
