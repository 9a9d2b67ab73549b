"""Everybody who can call an API, on the running local cloud: found, or brought along."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.authorization.callers.api_keys import key_callers, list_keys
from services.authorization.callers.cast import callers
from services.authorization.callers.offered import MOST_GROUPS
from services.authorization.callers.signed_in import renewing
from services.authorization.outcomes import Outcome
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.credentials import ApiKey, AwsCredentials, Token
from services.renewal import Renewal
from services.secret import Secret
from tests.cloud import running_cloud
from tests.integration.casting import ALL, BROKEN, VIEWER, called, ids, person
from tests.integration.stage import ADA, Live
from tests.integration.test_side_by_side import token
from tests.stand_ins import Record


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Live]:
    """The services on a local cloud of one's own, in which nobody has made a group."""
    with running_cloud(tmp_path / "cloud", users=3) as cloud:
        yield Live(cloud)


def test_everything_that_an_environment_offers_is_found(untouched: Live) -> None:
    renew = Renewal(untouched.app.clients.user_pool, untouched.app.environment).renew
    ada = renewing(person(untouched, "ada"), renew, untouched.app.identify.now)
    with callers(untouched.app, untouched.app.environment.api("modes"), operator=ADA, me=ada) as cast:
        found = ids(cast)
        assert found[:5] == ["nobody", "guest/iam", "api-key", "me/id", "me/access"]
        for subject in ("me", "group:admins", "group:viewers", "no-group"):
            assert {f"{subject}/{sent}" for sent in ALL} <= set(found)
        assert len(found) == len(set(found))
        assert [caller.id for caller in cast.callers if caller.spare] in ([], ["broken:expired"])
        controls = {caller.id: caller.control for caller in cast.callers if caller.id.startswith("broken:")}
        assert controls["broken:tampered"] == "me/id"
        assert controls["broken:clock-skew"] == "me/iam"
        assert controls["broken:made-up-key"] == "api-key"
        grid = called(untouched, cast, "{ byEveryMode }")
    outcomes = {each.identity.id: each.outcome for each in grid.columns}
    good = [caller.id for caller in cast.callers if caller.facts.good and caller.facts.mode]
    assert {outcomes[each] for each in good} == {Outcome.ALLOWED}


def test_of_a_pool_with_many_groups_those_beyond_the_twentieth_are_listed_and_count_for_nothing(
    untouched: Live,
) -> None:
    for number in range(MOST_GROUPS):
        untouched.admin.create_group(UserPoolId=untouched.pool_id, GroupName=f"team-{number:02}", Precedence=900)
    with callers(untouched.app, untouched.app.environment.api("modes"), operator=ADA) as cast:
        stood_in_for = {caller.group for caller in cast.callers if caller.stand_in and caller.group}
        left_out = {caller.id: caller.unavailable for caller in cast.callers if caller.spare}
    assert len(stood_in_for) == MOST_GROUPS
    assert "admins" in stood_in_for
    reason = left_out["group:team-19/id"]
    assert reason
    assert f"makes one of {MOST_GROUPS}" in reason.why


def test_each_key_of_an_api_is_told_with_the_days_that_are_left(live: Live) -> None:
    appsync, api = live.cloud.client("appsync"), live.app.environment.api("modes")
    week = appsync.create_api_key(apiId=api.api_id, description="partner", expires=int(time.time()) + 30 * 86_400)
    ended = appsync.create_api_key(apiId=api.api_id, description="old", expires=int(time.time()) - 7200)
    try:
        found = key_callers(api, list_keys(appsync, api), live.app.identify.now())
    finally:  # other tests count the columns of this API
        for key in (week, ended):
            appsync.delete_api_key(apiId=api.api_id, id=key["apiKey"]["id"])
    by_label = {caller.label: caller for caller in found}
    assert found[0].id == "api-key"
    assert found[0].identity.credentials() == ApiKey(api.api_key or Secret(""))
    assert by_label["API key · partner"].days_left in {29, 30}
    assert by_label["API key · partner"].facts.good
    assert (by_label["API key · old"].facts.good, by_label["API key · old"].identity.broken) == (False, True)
    assert {each["apiKey"]["id"] in repr(found) for each in (week, ended)} == {False}


def test_given_tokens_call_by_their_own_modes(live: Live) -> None:
    olga = live.cloud.demo["oidcPeople"]["olga"]["password"]
    oidc = token(live.cloud, live.cloud.auth_modes["OidcClientId"], "olga", olga)
    choices = [
        IdentityChoice(IdentityKind.OIDC, "olga", secret=oidc),
        IdentityChoice(
            IdentityKind.LAMBDA,
            "partner",
            secret=Secret(live.cloud.demo["lambdaAuthorizerToken"]),
            denied=frozenset({"Query.deniedByLambda"}),
        ),
        IdentityChoice(IdentityKind.OIDC, "nothing", secret=Secret("not-a-token")),
    ]
    with callers(live.app, live.app.environment.api("modes"), choices, operator=ADA) as cast:
        outcomes = {
            document: [each.outcome for each in called(live, cast, document).columns]
            for document in ("{ byOidc }", "{ byLambda }")
        }
    by_rule, none = Outcome.REFUSED_BY_RULE, Outcome.NO_VERDICT
    assert outcomes == {
        "{ byOidc }": [Outcome.ALLOWED, by_rule, none],
        "{ byLambda }": [by_rule, Outcome.ALLOWED, none],
    }
    facts = {caller.id: caller.facts for caller in cast.callers}
    assert facts["oidc:olga"].issuer == live.cloud.auth_modes["OidcIssuer"]
    assert facts["oidc:olga"].client_id == live.cloud.auth_modes["OidcClientId"]
    assert facts["lambda:partner"].denied_fields == {"Query.deniedByLambda"}


def test_no_secret_of_a_cast_shows_anywhere(live: Live, record: Record, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "gatehouse")
    given = secrets.token_urlsafe(24)
    choices = [VIEWER, BROKEN, IdentityChoice(IdentityKind.API_KEY), IdentityChoice(IdentityKind.GUEST),
               IdentityChoice(IdentityKind.LAMBDA, "partner", secret=Secret(given))]  # fmt: skip
    with callers(live.app, live.app.environment.api("modes"), choices, operator=ADA) as cast:
        held = [text for caller in cast.callers if not caller.unavailable for text in secrets_of(caller.identity)]
        shown = repr(cast) + str(cast.callers) + repr([caller.label for caller in cast.callers])
    shown += repr(cast.removals) + repr(record()) + caplog.text
    assert "stand-in.make" in shown
    assert len(held) > 20
    assert [text for text in [*held, given] if text in shown] == []


def secrets_of(identity: object) -> list[str]:
    """What a caller's credential must not show."""
    sent = identity.credentials()  # type: ignore[attr-defined]
    if isinstance(sent, ApiKey):
        return [sent.key.reveal()]
    if isinstance(sent, Token):
        return [sent.token.reveal(), *(part for part in sent.token.reveal().split(".")[1:] if part)]
    assert isinstance(sent, AwsCredentials)
    assert sent.session_token
    return [sent.secret_access_key.reveal(), sent.session_token.reveal()]
