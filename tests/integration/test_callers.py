"""Everybody who can call an API, on the running local cloud: found, made for a run, and gone after it."""

import secrets
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from services import audit
from services.application import open_application
from services.authorization.callers.api_keys import key_callers, list_keys
from services.authorization.callers.cast import Cast, callers
from services.authorization.callers.expired import KeptTokens
from services.authorization.callers.removal import Remover, Stay
from services.authorization.callers.signed_in import renewing
from services.authorization.identities import Person
from services.authorization.judged import Grid, judge
from services.authorization.operations import operation_of
from services.authorization.outcomes import Outcome
from services.authorization.people import sign_in_person
from services.authorization.run import run
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.authorization.suite.reading_identities import BROKEN as KINDS
from services.authorization.token_facts import claims_of
from services.credentials import ApiKey, AwsCredentials, Token
from services.permissions import Operator, Place, Role
from services.renewal import Renewal
from services.secret import Secret
from services.settings import Environment
from tests.integration.casting import another_pool, another_run, members, stand_ins
from tests.integration.stage import ADA, Live
from tests.integration.test_side_by_side import expired_token, token
from tests.stand_ins import Record

ALL = ("id", "access", "iam")
VIEWER = IdentityChoice(IdentityKind.STAND_IN, groups=("viewers",))
IN_NO_GROUP = IdentityChoice(IdentityKind.STAND_IN)
BROKEN = IdentityChoice(IdentityKind.BROKEN)


def groups_in(cast: Cast, identity: str) -> list[str]:
    """The groups that a caller's token names."""
    caller = cast.caller(identity)
    assert caller
    sent = caller.identity.credentials()
    assert isinstance(sent, Token)
    return sorted(claims_of(sent.token).get("cognito:groups", []))


def ids(cast: Cast) -> list[str]:
    return [caller.id for caller in cast.callers]


def person(live: Live, username: str) -> Person:
    """A demo person, signed in."""
    password = Secret(live.cloud.password(username))
    return sign_in_person(live.app.sign_in, live.app.identify, username, password, operator=ADA)


def called(live: Live, cast: Cast, document: str, api: str = "modes") -> Grid:
    """The operation by everybody."""
    identities = [caller.identity for caller in cast.callers]
    answers = run(
        live.app.clients.apis[api], live.app.environment.api(api), operation_of(document, ""), identities, operator=ADA
    )
    return judge(answers, live.app.environment, live.app.identify.keys.for_key)


# --- stand-ins --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [(), ("admins",), ("admins", "viewers")])
def test_testing_as_a_person_is_a_stand_in_with_the_same_groups(live: Live, groups: tuple[str, ...]) -> None:
    somebody = live.new_person("Test-as-").username
    for group in groups:
        live.admin.admin_add_user_to_group(UserPoolId=live.pool_id, GroupName=group, Username=somebody)
    choice = IdentityChoice(IdentityKind.PERSON, name=somebody)
    with callers(live.app, live.app.environment.api("modes"), [choice], operator=ADA) as cast:
        assert ids(cast) == [f"person:{somebody}/{sent}" for sent in ALL]
        assert groups_in(cast, f"person:{somebody}/id") == sorted(groups)
        assert groups_in(cast, f"person:{somebody}/access") == sorted(groups)
        assert {(caller.person, caller.stand_in, caller.facts.groups) for caller in cast.callers} == {
            (somebody, True, frozenset(groups))
        }
        (made,) = stand_ins(live)
        assert made != somebody
    assert stand_ins(live) == set()


def test_a_stand_in_is_removed_after_the_run_and_proven_to_be_gone(live: Live) -> None:
    with callers(live.app, live.app.environment.api("modes"), [VIEWER, IN_NO_GROUP], operator=ADA) as cast:
        made = stand_ins(live)
        assert len(made) == 2
        assert len(made & members(live, "viewers")) == 1
        assert cast.removals == ()
    assert {removal.stay.username for removal in cast.removals} == made
    assert all(removal.proven for removal in cast.removals), cast.removals
    assert [removal.why for removal in cast.removals if removal.stay.groups] == [
        "Cognito knows no such user any more, viewers names it no more."
    ]
    for username in made:
        with pytest.raises(live.admin.exceptions.UserNotFoundException):
            live.admin.admin_get_user(UserPoolId=live.pool_id, Username=username)
    assert not made & members(live, "viewers")


def test_a_user_who_stays_is_not_said_to_be_gone(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = live.new_person().username
    remover = Remover(live.app.clients.user_pool, live.pool_id, ADA)
    monkeypatch.setattr(Remover, "_delete", lambda *_: None)
    (removal,) = remover.remove([Stay(somebody, "no-group")])
    assert (removal.proven, removal.why) == (False, f"Cognito still knows the user {somebody}.")


@pytest.mark.parametrize("ending", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_run_that_breaks_off_leaves_no_stand_in(live: Live, ending: type[BaseException]) -> None:
    def broken_off() -> None:
        with callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA):
            assert len(stand_ins(live)) == 1
            raise ending

    with pytest.raises(ending):
        broken_off()
    assert stand_ins(live) == set()


def test_an_interruption_while_stand_ins_are_made_leaves_none(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        assert len(stand_ins(live)) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr("services.authorization.callers.stand_ins.sign_in_person", interrupted)
    with (
        pytest.raises(KeyboardInterrupt),
        callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA),
    ):
        pass
    assert stand_ins(live) == set()


def test_what_a_killed_run_leaves_behind_the_next_run_removes(live: Live) -> None:
    with another_run(live) as other:
        left = stand_ins(live)
        assert len(left) == 2
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert stand_ins(live) == left
        with callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA) as cast:
            assert {removal.stay.username for removal in cast.swept} == left
            assert all(removal.proven for removal in cast.swept)
            assert len(stand_ins(live)) == 1
            assert not stand_ins(live) & left
    assert stand_ins(live) == set()


def test_what_another_run_uses_now_is_left_alone(live: Live) -> None:
    with another_run(live):
        theirs = stand_ins(live)
        with callers(live.app, live.app.environment.api("modes"), [VIEWER], operator=ADA) as cast:
            assert cast.swept == ()
            assert len(stand_ins(live)) == 3
        assert stand_ins(live) == theirs
    for username in theirs:
        live.admin.admin_delete_user(UserPoolId=live.pool_id, Username=username)


def test_a_run_that_the_system_ends_removes_its_stand_ins_first(live: Live) -> None:
    with another_run(live) as other:
        assert len(stand_ins(live)) == 2
        other.send_signal(signal.SIGTERM)
        assert other.wait(20) == 128 + signal.SIGTERM
        assert stand_ins(live) == set()


def test_a_person_in_exactly_the_groups_takes_the_place_of_a_stand_in(live: Live) -> None:
    renew = Renewal(live.app.clients.user_pool, live.app.environment).renew
    vera = renewing(person(live, "vera"), renew, live.app.identify.now)
    with callers(
        live.app, live.app.environment.api("modes"), [VIEWER, IN_NO_GROUP], operator=ADA, people=[vera]
    ) as cast:
        assert len(stand_ins(live)) == 1
        viewer, outsider = cast.caller("group:viewers/id"), cast.caller("no-group/id")
        assert viewer
        assert (viewer.person, viewer.stand_in, viewer.group) == ("vera", False, "viewers")
        assert outsider
        assert (outsider.person, outsider.stand_in) == ("", True)
        assert "person:vera/access" in ids(cast)


def test_somebody_with_a_password_signs_in_for_a_column_and_a_wrong_one_is_told(live: Live) -> None:
    right = IdentityChoice(IdentityKind.PERSON, "vera", sends=("id",), secret=Secret(live.cloud.password("vera")))
    wrong = IdentityChoice(IdentityKind.PERSON, "otto", sends=("id",), secret=Secret("Wrong-horse-9"))
    with callers(live.app, live.app.environment.api("modes"), [right, wrong], operator=ADA) as cast:
        assert ids(cast) == ["person:vera/id", "person:otto/id"]
        assert groups_in(cast, "person:vera/id") == ["viewers"]
        otto = cast.caller("person:otto/id")
        assert otto
        assert otto.unavailable
        grid = called(live, cast, "{ byUserPool }")
    assert [each.outcome for each in grid.columns] == [Outcome.ALLOWED, Outcome.NO_VERDICT]
    assert "password is wrong" in grid.columns[1].explanation.why


def test_somebody_whose_password_is_missing_is_not_replaced_by_a_stand_in(live: Live) -> None:
    unset = IdentityChoice(IdentityKind.PERSON, "vera", secret_variable="VERA_PASSWORD")
    with callers(live.app, live.app.environment.api("modes"), [unset], operator=ADA) as cast:
        assert stand_ins(live) == set()
    assert ids(cast) == [f"person:vera/{sent}" for sent in ALL]
    for caller in cast.callers:
        assert caller.unavailable
        assert (caller.unavailable.next_step, caller.facts.groups) == ("Set VERA_PASSWORD", {"viewers"})


def test_a_group_or_person_who_is_not_there_is_listed_with_the_reason(live: Live) -> None:
    choices = [
        IdentityChoice(IdentityKind.STAND_IN, groups=("no-such-group",), sends=("id",)),
        IdentityChoice(IdentityKind.PERSON, "no-such-person", sends=("id",)),
        IdentityChoice(IdentityKind.STAND_IN, sends=("id",)),
    ]
    with callers(live.app, live.app.environment.api("modes"), choices, operator=ADA) as cast:
        told = {caller.id: caller.unavailable.why if caller.unavailable else "" for caller in cast.callers}
    assert told == {
        "group:no-such-group/id": "The group does not exist (any more)",
        "person:no-such-person/id": "There is no such user in the pool",
        "no-group/id": "",
    }
    assert all(removal.proven for removal in cast.removals), cast.removals
    assert stand_ins(live) == set()


# --- user pools of other forms ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OtherPool:
    """A user pool of one's own, and the services of an administrator for it."""

    live: Live
    environment: Environment

    def cast(self, *choices: IdentityChoice) -> tuple[Cast, set[str]]:
        """Who could be had there, and the stand-ins that were made; none of them stays."""
        app, pool = open_application(self.environment), self.environment.user_pool_id
        with callers(app, self.environment.api("modes"), choices, operator=ADA) as cast:
            for caller in cast.callers:
                if caller.unavailable is None:
                    caller.identity.credentials()
            made = stand_ins(self.live, pool)
        assert stand_ins(self.live, pool) == set()
        assert all(removal.proven for removal in cast.removals), cast.removals
        return cast, made


MakesPool = Callable[..., OtherPool]


@pytest.fixture
def pool_with(live: Live, tmp_path: Path) -> Iterator[MakesPool]:
    """Makes a user pool with some settings."""
    before = audit.journal()
    yield lambda **settings: OtherPool(
        live,
        replace(
            live.app.environment,
            identity_pool_id="",
            profile="local-admin",
            data_folder=str(tmp_path),
            **another_pool(live, **settings),
        ),
    )
    audit.use(before)


def test_a_pool_whose_people_sign_in_by_address_gets_a_stand_in_with_one(pool_with: MakesPool) -> None:
    cast, made = pool_with(UsernameAttributes=["email"]).cast(IN_NO_GROUP)
    assert [caller.unavailable for caller in cast.callers] == [None, None]
    assert len(made) == 1
    (removal,) = cast.removals
    assert removal.stay.username.endswith("@stand-in.invalid")


def test_required_attributes_are_made_up_in_their_form(pool_with: MakesPool) -> None:
    required = [
        {"Name": name, "AttributeDataType": "String", "Required": True, "Mutable": True}
        for name in ("email", "birthdate", "given_name", "phone_number", "locale", "website")
    ]
    schema = [*required, {"Name": "updated_at", "AttributeDataType": "Number", "Required": True, "Mutable": True}]
    cast, made = pool_with(Schema=schema).cast(IN_NO_GROUP)
    assert [caller.unavailable for caller in cast.callers] == [None, None]
    assert len(made) == 1


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (
            {
                "MfaConfiguration": "ON",
                "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"},
            },
            "requires a second factor",
        ),
        ({"UsernameAttributes": ["phone_number"]}, "sign in by phone number"),
    ],
)
def test_a_pool_that_can_have_no_stand_in_is_told_and_asked_for_none(
    pool_with: MakesPool, settings: dict[str, object], why: str
) -> None:
    cast, made = pool_with(**settings).cast(IN_NO_GROUP)
    assert made == set()
    for caller in cast.callers:
        assert caller.unavailable
        assert why in caller.unavailable.why


# --- where nobody may be made -----------------------------------------------------------------------------------------


def placed(live: Live, **flags: bool) -> tuple[Environment, Operator]:
    """The environment with other flags, and the operator in it."""
    environment = replace(live.app.environment, name="shop", **flags)
    return environment, replace(ADA, place=Place("shop", **flags))


@pytest.mark.parametrize(
    ("typed", "reason", "why"),
    [
        ("", "", "its name was not typed"),
        ("Shop", "a test", "its name was not typed"),
        ("shop", "", "production environment"),
    ],
)
def test_production_has_no_stand_in_without_its_name_typed_and_a_reason(
    live: Live, typed: str, reason: str, why: str, record: Record
) -> None:
    environment, operator = placed(live, production=True)
    app = replace(live.app, environment=environment)
    api = environment.api("modes")
    with callers(app, api, [VIEWER], operator=operator, typed_name=typed, reason=reason) as cast:
        assert stand_ins(live) == set()
        assert {str(caller.unavailable.why) for caller in cast.callers if caller.unavailable}.pop().find(why) >= 0
        assert all(caller.unavailable for caller in cast.callers)
    assert [act for act in record() if act.begun.act.startswith("stand-in")] == []


def test_production_has_stand_ins_when_its_name_is_typed_and_the_reason_is_recorded(live: Live, record: Record) -> None:
    environment, operator = placed(live, production=True)
    app = replace(live.app, environment=environment)
    with callers(
        app, environment.api("modes"), [VIEWER], operator=operator, typed_name="shop", reason="Release 7"
    ) as cast:
        assert groups_in(cast, "group:viewers/id") == ["viewers"]
    assert all(removal.proven for removal in cast.removals)
    acts = [act for act in record() if act.begun.act.startswith("stand-in")]
    assert [(act.begun.act, act.begun.reason, act.outcome) for act in acts] == [
        ("stand-in.make", "Release 7", "done"),
        ("stand-in.remove", "Release 7", "done"),
    ]


def test_a_read_only_environment_has_no_stand_in(live: Live) -> None:
    environment, operator = placed(live, read_only=True)
    app = replace(live.app, environment=environment)
    with callers(app, environment.api("modes"), [VIEWER], operator=operator, typed_name="shop") as cast:
        assert stand_ins(live) == set()
        assert all(caller.unavailable and "read-only" in caller.unavailable.why for caller in cast.callers)


def test_an_operator_without_the_role_runs_nothing(live: Live) -> None:
    nobody = Operator("otto", "o", (), Role.NONE)
    with (
        pytest.raises(Exception, match="may not run calls"),
        callers(live.app, live.app.environment.api("modes"), operator=nobody),
    ):
        pass


# --- everything that an environment offers ----------------------------------------------------------------------------


def test_everything_that_an_environment_offers_is_found(live: Live) -> None:
    renew = Renewal(live.app.clients.user_pool, live.app.environment).renew
    ada = renewing(person(live, "ada"), renew, live.app.identify.now)
    with callers(live.app, live.app.environment.api("modes"), operator=ADA, me=ada) as cast:
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
        grid = called(live, cast, "{ byEveryMode }")
    outcomes = {each.identity.id: each.outcome for each in grid.columns}
    good = [caller.id for caller in cast.callers if caller.facts.good and caller.facts.mode]
    assert {outcomes[each] for each in good} == {Outcome.ALLOWED}


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


# --- tokens that are brought along ------------------------------------------------------------------------------------


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


# --- broken on purpose ------------------------------------------------------------------------------------------------

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


# --- secrets ----------------------------------------------------------------------------------------------------------


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
