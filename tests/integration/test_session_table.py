"""Sessions in the stack's table: what one dashboard opens, another knows, and the table gives nothing away."""

import json
import secrets
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from services.errors import Refused, SignInError
from services.permissions import Operator, Place, Role
from services.secret import Secret
from services.session_store import Kept
from services.session_table import SessionTable
from services.sessions import TICKET, SessionEnded, Sessions
from services.tokens import Tokens
from tests.cloud import Cloud

KEY = Secret(Fernet.generate_key().decode())
PLACE = "https://cognito-idp.example/pool client test"


def known(username: str, sub: str, groups: tuple[str, ...]) -> Operator:
    """An operator as the settings of now make them of what a token said."""
    return Operator(username, sub, groups, Role.ADMIN if "admins" in groups else Role.NONE, Place("test"))


@dataclass
class Pool:
    """A user pool with rotation: each refresh token serves once, and a second use ends the sign-in."""

    ahead: timedelta = timedelta()
    used: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def tokens(self, name: str, who: str = "ada") -> Tokens:
        end = self.now() + timedelta(hours=1)
        return Tokens(Secret(f"{who} id {name}"), Secret(f"{who} access {name}"), Secret(f"{who} refresh {name}"), end)

    def identify(self, tokens: Tokens) -> Operator:
        who = tokens.id_token.reveal().partition(" ")[0]
        return known(who, f"sub of {who}", ("admins",))

    def renew(self, old: Tokens) -> Tokens:
        assert old.refresh_token
        with self.lock:
            if old.refresh_token.reveal() in self.used:
                raise SignInError("Could not renew the sign-in", "The sign-in was renewed from elsewhere")
            self.used.append(old.refresh_token.reveal())
            return self.tokens(secrets.token_hex(8))

    def revoke(self, old: Tokens) -> None:
        assert old.refresh_token
        self.revoked.append(old.refresh_token.reveal())

    def revoke_all(self, old: Tokens) -> None:
        self.revoked.append(old.access_token.reveal())


@pytest.fixture
def pool() -> Pool:
    """The user pool of all dashboards of a test."""
    return Pool()


@dataclass(frozen=True)
class Dashboards:
    """Makes dashboards over the stack's one table."""

    cloud: Cloud
    pool: Pool

    def store(self, *keys: Secret, place: str = PLACE) -> SessionTable:
        client = self.cloud.client("dynamodb", "gatehouse")
        return SessionTable(client, self.name, keys or (KEY,), place, known)

    def another(self, *keys: Secret, place: str = PLACE) -> Sessions:
        return Sessions(self.pool.identify, self.pool, self.pool.now, store=self.store(*keys, place=place))

    @property
    def name(self) -> str:
        return self.cloud.backend["SessionsTableName"]

    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.cloud.client("dynamodb").scan(TableName=self.name)["Items"]
        return found


@pytest.fixture
def dashboards(local_cloud: Cloud, pool: Pool) -> Dashboards:
    """The table, empty."""
    made = Dashboards(local_cloud, pool)
    for item in made.items():
        local_cloud.client("dynamodb").delete_item(TableName=made.name, Key={"id": item["id"]})
    return made


def test_what_one_dashboard_opens_another_knows(dashboards: Dashboards, pool: Pool) -> None:
    session = dashboards.another().open(pool.tokens("first"))

    assert dashboards.another().current(session.id) == session
    assert dashboards.another().current(Secret("invented")) is None


def test_a_ticket_of_one_dashboard_is_traded_once_at_another(dashboards: Dashboards, pool: Pool) -> None:
    one, other = dashboards.another(), dashboards.another()
    session = one.open(pool.tokens("first"))
    ticket, late = one.ticket(session), one.ticket(session)

    assert other.redeem(ticket) == session.id
    assert one.redeem(ticket) is None
    pool.ahead = TICKET
    assert other.redeem(late) is None


def test_a_sign_out_at_one_dashboard_counts_at_every_other(dashboards: Dashboards, pool: Pool) -> None:
    one, other = dashboards.another(), dashboards.another()
    session = one.open(pool.tokens("first"))

    other.close(session)

    assert pool.revoked == ["ada refresh first"]
    with pytest.raises(SessionEnded, match="signed out"):
        one.current(session.id)


def test_signing_out_everywhere_ends_the_persons_sessions_at_every_dashboard(
    dashboards: Dashboards, pool: Pool
) -> None:
    one, other = dashboards.another(), dashboards.another()
    here, there, hers = (
        one.open(pool.tokens("a")), other.open(pool.tokens("b")), other.open(pool.tokens("c", who="bea"))
    )  # fmt: skip

    one.close_all(here)

    for session in (here, there):
        with pytest.raises(SessionEnded, match="everywhere"):
            other.current(session.id)
    assert one.current(hers.id) == hers


def test_many_dashboards_use_each_refresh_token_once(dashboards: Dashboards, pool: Pool) -> None:
    every = [dashboards.another() for _ in range(4)]
    session = every[0].open(pool.tokens("first"))

    for turn in range(1, 4):
        pool.ahead += timedelta(minutes=10)
        with ThreadPoolExecutor(8) as tabs:
            seen = list(tabs.map(lambda each: each.current(session.id), every * 2))

        assert len({each.tokens.id_token for each in seen if each}) == 1
        assert len(pool.used) == turn


def test_two_processes_share_a_session(local_cloud: Cloud, dashboards: Dashboards, pool: Pool) -> None:
    session = dashboards.another().open(pool.tokens("first"))
    script = f"""
import boto3, json, sys
from services.secret import Secret
from tests.integration.test_session_table import PLACE, SessionTable, known
key = {local_cloud.access_key("gatehouse")!r}
client = boto3.client("dynamodb", region_name="us-east-1", endpoint_url={local_cloud.endpoint!r},
    aws_access_key_id=key["aws_access_key_id"], aws_secret_access_key=key["aws_secret_access_key"])
store = SessionTable(client, {dashboards.name!r}, (Secret({KEY.reveal()!r}),), PLACE, known)
kept = store.find(Secret({session.id.reveal()!r}))
print(json.dumps([kept.session.operator.username, kept.session.tokens.refresh_token.reveal()]))
"""
    seen = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert json.loads(seen.stdout) == ["ada", "ada refresh first"]


def test_the_table_holds_neither_ids_nor_names_nor_tokens(dashboards: Dashboards, pool: Pool) -> None:
    sessions = dashboards.another()
    name = "somebody-with-a-long-name"  # what is sealed is random letters, and three of them come up by chance
    session = sessions.open(pool.tokens("first", name))
    ticket = sessions.ticket(session)

    held = str(dashboards.items())

    assert len(dashboards.items()) == 2
    for secret in (session.id.reveal(), ticket.reveal(), name, "refresh", "admins", KEY.reveal()):
        assert secret not in held


def test_items_say_when_dynamodb_may_drop_them(dashboards: Dashboards, pool: Pool) -> None:
    session = dashboards.another().open(pool.tokens("first"))

    (item,) = dashboards.items()

    assert timedelta(hours=12) < datetime.fromtimestamp(int(item["expires"]["N"]), UTC) - session.opened_at
    assert datetime.fromtimestamp(int(item["expires"]["N"]), UTC) - session.opened_at < timedelta(hours=14)


def test_a_sealed_session_is_worthless_under_another_id(local_cloud: Cloud, dashboards: Dashboards, pool: Pool) -> None:
    sessions = dashboards.another()
    mine, hers = sessions.open(pool.tokens("a", who="eve")), sessions.open(pool.tokens("b"))
    by_person = {item["person"]["S"]: item for item in dashboards.items()}
    (of_eve, of_ada) = (by_person[dashboards.store()._name("person", f"sub of {who}")] for who in ("eve", "ada"))
    local_cloud.client("dynamodb").put_item(TableName=dashboards.name, Item={**of_eve, "sealed": of_ada["sealed"]})

    assert sessions.current(mine.id) is None
    assert sessions.current(hers.id) == hers


def test_a_session_of_one_environment_is_nobody_in_another(dashboards: Dashboards, pool: Pool) -> None:
    session = dashboards.another().open(pool.tokens("first"))

    assert dashboards.another(place="another environment").current(session.id) is None


def test_a_key_can_be_replaced_while_sessions_go_on(dashboards: Dashboards, pool: Pool) -> None:
    session = dashboards.another().open(pool.tokens("first"))
    new = Secret(Fernet.generate_key().decode())
    assert dashboards.another(new).current(session.id) is None

    both = dashboards.another(new, KEY)
    assert both.current(session.id) == session
    pool.ahead = timedelta(minutes=4)
    assert both.current(session.id)

    assert dashboards.another(new).is_open(session.id)


def test_no_change_is_lost_when_two_dashboards_change_a_session_at_once(dashboards: Dashboards, pool: Pool) -> None:
    session = dashboards.another().open(pool.tokens("first"))
    one, other = dashboards.store(), dashboards.store()

    def longer(kept: Kept) -> Kept:
        return replace(kept, seen_at=kept.seen_at + timedelta(seconds=1))

    def many(store: SessionTable) -> None:
        for _ in range(10):
            store.change(session.id, longer)

    threads = [threading.Thread(target=many, args=(store,)) for store in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = one.find(session.id)
    assert kept is not None
    assert kept.seen_at == session.opened_at + timedelta(seconds=20)


def test_who_lacks_the_right_to_the_table_is_told_which_policy_it_takes(local_cloud: Cloud, pool: Pool) -> None:
    client = local_cloud.client("dynamodb", "gatehouse")
    store = SessionTable(client, local_cloud.backend["UserTableName"], (KEY,), PLACE, known)
    with pytest.raises(Refused, match="SharedTablesPolicyArn"):
        Sessions(pool.identify, pool, pool.now, store=store).open(pool.tokens("first"))


def test_the_dashboards_clock_ends_sessions_that_dynamodb_has_not_dropped_yet(
    dashboards: Dashboards, pool: Pool, local_cloud: Cloud
) -> None:
    session = dashboards.another().open(pool.tokens("first"))
    pool.ahead = timedelta(days=3)

    with pytest.raises(SessionEnded, match="12 hours"):
        dashboards.another().current(session.id)
