"""Who gets which page and may press which button, over Streamlit's own protocol: disabled buttons are pressed, too."""

import ast
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests import who_may
from tests.browser.people import PASSWORD, new_person
from tests.browser.server import ROOT, Server
from tests.browser.wire import Run, Tab, signed_in
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
    """

    page: str
    key: str
    viewers: bool = True
    query: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, hash=False)


ACTS = (
    Act("users", "users_reload"),
    Act("users", "users_next", query="users_size=5"),
    Act("users", "users_raw"),
    Act("groups", "groups_reload"),
    Act("groups", "groups_create", viewers=False),
    Act("groups", "group_edit", viewers=False, query="group={group}"),
    Act("groups", "group_delete", viewers=False, query="group={group}"),
    Act("groups", "group_add", viewers=False, query="group={group}"),
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
    Act("side-by-side", "side_add"),
    Act("side-by-side", "side_run"),
    Act("matrix", "matrix_person_find", viewers=False),
    Act("matrix", "matrix_run"),
    Act("tokens", "tokens_read", typed={"Token": "not a token"}),
    Act("connection", "connection_again"),
    Act("audit", "audit_check"),
    Act("audit", "audit_export"),
)
HELD_BACK = {"passwords_set"}  # disabled for an admin, too, until a password is typed


@dataclass
class Stage:
    """Where it is tried: a dashboard, and what the directory holds."""

    address: str
    cloud: Cloud
    person: str
    group: str

    def query(self, act: Act) -> str:
        """The address line of an act."""
        return act.query.format(person=self.person, group=self.group)

    def directory(self) -> list[Any]:
        """What an act could change: groups, members, the person's state."""
        client, pool = self.cloud.client("cognito-idp"), {"UserPoolId": self.cloud.backend["UserPoolId"]}
        groups = client.list_groups(**pool)["Groups"]
        members = client.list_users_in_group(**pool, GroupName=self.group)["Users"]
        person = client.admin_get_user(**pool, Username=self.person)
        return [
            sorted(each["GroupName"] for each in groups),
            members,
            person["UserStatus"],
            person["UserLastModifiedDate"],
        ]


def page_of(tab: Tab) -> str:
    """What somebody got in place of a page, or that they got it; a stranger's run holds no row of anything."""
    assert tab.title, f"{tab.page} shows no title"
    got = {"Sign in to Gatehouse": ASKED, "No access": NO_ACCESS}.get(tab.title, SHOWN)
    if got is not SHOWN:
        assert b"@example.com" not in tab.shown.content
        assert "arrow_data_frame" not in {each.WhichOneof("type") for each in tab.shown.elements}
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
            await tab.open(act.page, stage.query(act))
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
            await tab.open(act.page, stage.query(act))
            assert page_of(tab) == SHOWN
            for label, text in act.typed.items():
                tab.type(label, text)
            if act.typed:
                await tab.again()
                assert button_of(tab, act.key)[0] == OFFERED
        async with Tab(stage.address, cookie) as other:
            await other.open("tokens")
            await other.press("Sign out")
        for act, tab in tabs.items():
            await tab.force(ids[act])
            got[f"page {SCREENS[act.page]}"] = page_of(tab)
            got[f"{act.page}: {act.key}"] = page_of(tab) + FORGED
    return got


@pytest.fixture(scope="module")
def stage(dashboard: Server, local_cloud: Cloud) -> Iterator[Stage]:
    made = Stage(dashboard.address, local_cloud, new_person(local_cloud), new_person(local_cloud))
    client, pool = local_cloud.client("cognito-idp"), local_cloud.backend["UserPoolId"]
    client.create_group(UserPoolId=pool, GroupName=made.group)
    yield made
    client.delete_group(UserPoolId=pool, GroupName=made.group)


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


def test_every_page_has_an_act_in_the_table() -> None:
    assert {act.page for act in ACTS} == set(SCREENS)


def test_a_page_is_shown_to_those_alone_who_may_open_it(table: dict[str, dict[str, str]]) -> None:
    expected = {VISITOR: ASKED, NOBODY: NO_ACCESS, VIEWER: SHOWN, ADMIN: SHOWN, ENDED: ASKED}
    pages = {name: got for name, got in table.items() if name.startswith("page ")}
    assert pages == {f"page {title}": expected for title in SCREENS.values()}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.key)
def test_an_act_is_offered_to_those_alone_who_may(act: Act, table: dict[str, dict[str, str]]) -> None:
    admins = DISABLED + FORGED if act.key in HELD_BACK else OFFERED
    assert table[f"{act.page}: {act.key}"] == {
        VISITOR: ASKED + FORGED,
        NOBODY: NO_ACCESS + FORGED,
        VIEWER: OFFERED if act.viewers else DISABLED + FORGED,
        ADMIN: admins,
        ENDED: ASKED + FORGED,
    }
