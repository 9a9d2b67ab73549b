"""The policy for the shared tables grants what the dashboards do with them, and nothing more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet

from services.errors import GatehouseError
from services.permissions import Operator, Role
from services.record.dynamodb import DynamoDbJournal
from services.secret import Secret
from services.session_store import Kept, Session
from services.session_table import BY_PERSON, SessionTable
from services.tokens import Tokens
from tests.integration.roles import Acting, Grant, grants_of, policy_document, trial_role
from tests.integration.stage import Live
from tests.journal_promises import entry

KEY = Secret(Fernet.generate_key().decode())
Use = Callable[[Acting], object]


def known(username: str, sub: str, groups: tuple[str, ...]) -> Operator:
    return Operator(username, sub, groups, Role.ADMIN)


def sessions(who: Acting) -> SessionTable:
    return SessionTable(who._client("dynamodb"), who.live.cloud.backend["SessionsTableName"], (KEY,), "test", known)


def record(who: Acting) -> DynamoDbJournal:
    return DynamoDbJournal(who._client("dynamodb"), who.live.cloud.backend["RecordTableName"])


def a_session() -> Kept:
    now = datetime.now(UTC)
    tokens = Tokens(Secret("id"), Secret("access"), Secret("refresh"), now)
    session = Session(Secret(f"session {now.isoformat()}"), known("ada", "1111", ()), tokens, now)
    return Kept(session, now, now, now, now + timedelta(hours=1))


def uses(live: Live) -> dict[Grant, Use]:
    """What the dashboards do with the tables, by the grant that it needs."""
    client = live.cloud.client("dynamodb")
    kept, written = (
        str(client.describe_table(TableName=live.cloud.backend[name])["Table"]["TableArn"])
        for name in ("SessionsTableName", "RecordTableName")
    )
    return {
        ("dynamodb:PutItem", kept): lambda who: sessions(who).add(a_session()),
        ("dynamodb:GetItem", kept): lambda who: sessions(who).find(Secret("any")),
        ("dynamodb:DeleteItem", kept): lambda who: sessions(who).take_ticket(Secret("any"), datetime.now(UTC)),
        ("dynamodb:Query", f"{kept}/index/{BY_PERSON}"): lambda who: sessions(who).of("1111"),
        ("dynamodb:GetItem", written): lambda who: record(who).append(entry("a")),
        ("dynamodb:PutItem", written): lambda who: record(who).append(entry("a")),
        ("dynamodb:Query", written): lambda who: record(who).newest(1),
    }


def test_the_policy_grants_what_the_dashboards_do_and_no_more(live: Live) -> None:
    document = policy_document(live, live.cloud.backend["SharedTablesPolicyArn"])
    assert set(grants_of(document)) == set(uses(live))


def test_without_any_single_grant_what_it_is_for_is_refused(live: Live) -> None:
    every, role = uses(live), trial_role(live)
    role.grant(every)
    for use in every.values():
        use(role.acting)
    for grant, use in every.items():
        role.grant(set(every) - {grant})
        with pytest.raises(GatehouseError) as refused:
            use(role.acting)
        assert "AccessDenied" in refused.value.code, grant
