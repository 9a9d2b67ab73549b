"""Identities that are broken on purpose, on the running local cloud: each turned away for what was broken."""

import time
from dataclasses import replace

import pytest

from services.authorization.callers.cast import callers
from services.authorization.callers.expired import KeptTokens
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.authorization.suite.reading_identities import BROKEN as KINDS
from services.secret import Secret
from tests.integration.casting import BROKEN, IN_NO_GROUP, called, person
from tests.integration.stage import ADA, Live
from tests.integration.test_side_by_side import expired_token, token

FORGED = "valid authorization header not provided"
MISSIGNED = "the request signature we calculated does not match"
REASONS = {
    "broken:expired": "token has expired",
    "broken:tampered": FORGED,
    "broken:other-pool": FORGED,
    "broken:wrong-client": FORGED,
    "broken:wrong-key": FORGED,
    "broken:wrong-signature": FORGED,
    "broken:alg-none": FORGED,
    "broken:wrong-secret": MISSIGNED,
    "broken:changed-body": MISSIGNED,
    "broken:clock-skew": "signature expired",
    "broken:clock-ahead": "signature not yet current",
    "broken:made-up-key": "you are not authorized to make this call",
}


def test_each_broken_identity_is_turned_away_for_what_was_broken(live: Live) -> None:
    kept = expired_of_our_client(live)
    with callers(
        live.app, live.app.environment.api("modes"), [IN_NO_GROUP, BROKEN], operator=ADA, expired=kept
    ) as cast:
        grid = called(live, cast, "{ byEveryMode }")
    told = {each.identity.id: each for each in grid.columns}
    assert {each for each in told if each.startswith("broken:")} == set(REASONS)
    assert {f"broken:{kind}" for kind in KINDS} == set(REASONS)
    for identity, reason in REASONS.items():
        assert told[identity].outcome is Outcome.REFUSED_BY_MODE, identity
        assert told[identity].head.message.lower().startswith(reason), (identity, told[identity].head)
        assert told[identity].identity.note in told[identity].explanation.why
    assert told["no-group/id"].outcome is Outcome.ALLOWED


def test_a_suite_brings_an_expired_token_along(live: Live) -> None:
    brought = replace(BROKEN, broken=("expired",), secret=expired_of_our_client(live))
    with callers(live.app, live.app.environment.api("modes"), [IN_NO_GROUP, brought], operator=ADA) as cast:
        grid = called(live, cast, "{ byEveryMode }")
    (expired,) = [each for each in grid.columns if each.identity.id == "broken:expired"]
    assert expired.outcome is Outcome.REFUSED_BY_MODE
    assert expired.head.message.lower().startswith(REASONS["broken:expired"])


def test_an_api_without_the_mode_turns_a_key_away_unlooked_at(live: Live) -> None:
    with callers(live.app, live.app.environment.api("users"), [BROKEN], operator=ADA) as cast:
        grid = called(live, cast, "{ __typename }", "users")
    key = next(each for each in grid.columns if each.identity.id == "broken:made-up-key")
    assert "without looking at the key" in key.explanation.why
    assert {caller.control for caller in cast.callers} == {""}


def test_an_expired_token_has_to_be_good_in_all_else(live: Live) -> None:
    mine = person(live, "ada").tokens.id_token
    for given, why in (
        (None, "None is at hand"),
        (mine, "has not expired yet"),
        (expired_token(live.cloud), "another app client"),
        (Secret("not.a.token"), "not a JSON web token"),
    ):
        choice = IdentityChoice(IdentityKind.BROKEN, broken=("expired",))
        with callers(live.app, live.app.environment.api("modes"), [choice], operator=ADA, expired=given) as cast:
            (caller,) = cast.callers
        assert caller.unavailable
        assert why in caller.unavailable.why
        assert not caller.spare  # it was asked for by name


def test_an_expired_token_that_nobody_asked_for_counts_for_nothing(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.authorization.callers.broken_columns.KEPT", KeptTokens())
    with callers(live.app, live.app.environment.api("modes"), [BROKEN], operator=ADA) as cast:
        listed = {caller.id: caller for caller in cast.callers}
    assert listed["broken:expired"].unavailable
    assert [caller.id for caller in cast.callers if caller.spare] == ["broken:expired"]
    assert listed["broken:tampered"].unavailable  # nobody is signed in, and so nothing of it is proven


def expired_of_our_client(live: Live) -> Secret:
    """A token of the environment's own app client that has ended, which lives a second for a moment."""
    admin, environment = live.admin, live.app.environment
    kept = admin.describe_user_pool_client(UserPoolId=live.pool_id, ClientId=environment.client_id)["UserPoolClient"]
    flows = kept["ExplicitAuthFlows"]
    brief = {"AccessTokenValidity": 1, "IdTokenValidity": 1,
             "TokenValidityUnits": {"AccessToken": "seconds", "IdToken": "seconds"}}  # fmt: skip
    hour = {"AccessTokenValidity": 1, "IdTokenValidity": 1,
            "TokenValidityUnits": {"AccessToken": "hours", "IdToken": "hours"}}  # fmt: skip
    client = {"UserPoolId": live.pool_id, "ClientId": environment.client_id, "ExplicitAuthFlows": flows}
    admin.update_user_pool_client(**client, **brief)
    try:
        found = token(live.cloud, environment.client_id, "ada", live.cloud.password("ada"))
    finally:
        admin.update_user_pool_client(**client, **hour)
    time.sleep(1.1)
    return found
