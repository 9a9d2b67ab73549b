"""Tokens of user pools and OIDC issuers, over the whole data plane."""

from dataclasses import replace
from typing import Any

import jwt
import pytest

from local_cloud.appsync.model import Api, Mode, OidcIssuer, UserPool
from local_cloud.appsync.refusals import CLIENT_NOT_ADMITTED, EXPIRED_JWT, INVALID_AUTHORIZATION, UNPARSABLE_JWT
from tests.local_cloud.appsync.fakes import NOW, OIDC, POOL, Client, FakeCloud, Reply, make_api, public_jwk, token

SECOND = UserPool("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_TWO", "eu-west-1_TWO")
OPEN = "type Query { open: String @aws_cognito_user_pools @aws_oidc @aws_iam }"


def cloud(api: Api) -> FakeCloud:
    """Return a cloud with an open field that tells who was seen."""
    made = FakeCloud(api, OPEN)
    made.jwks = {POOL.issuer: [public_jwk("pool")], SECOND.issuer: [public_jwk("second")]}
    made.jwks[OIDC.issuer] = [public_jwk("oidc")]
    made.resolve("Query", "open", lambda _event: "seen")
    return made


def ask(api: Api, credential: str, now: float = NOW) -> Reply:
    return Client(cloud(api), now).ask("{ open }", authorization=credential)


def identity(api: Api, credential: str) -> Any:
    made = cloud(api)
    assert Client(made).ask("{ open }", authorization=credential).data == {"open": "seen"}
    return made.events[0]["identity"]


def unauthorized(text: str) -> tuple[int, str, str]:
    return 401, "UnauthorizedException", text


POOLS_ONLY = make_api(Mode.USER_POOLS)
POOLS_AND_IAM = make_api(Mode.USER_POOLS, Mode.IAM)
OIDC_ONLY = make_api(Mode.OIDC)
OIDC_AND_IAM = make_api(Mode.OIDC, Mode.IAM)


@pytest.mark.parametrize("use", ["id", "access"])
def test_id_and_access_tokens_are_both_taken_with_and_without_bearer(use: str) -> None:
    good = token(token_use=use)
    assert ask(POOLS_ONLY, good).data == {"open": "seen"}
    assert ask(POOLS_AND_IAM, f"Bearer {good}").data == {"open": "seen"}


def test_resolvers_see_the_claims_of_a_pool_token() -> None:
    claims = {"cognito:username": "ada", "cognito:groups": ["admins"]}
    seen = identity(POOLS_ONLY, token(**claims))
    assert {key: value for key, value in seen.items() if key != "claims"} == {
        "sub": "sub-1",
        "issuer": POOL.issuer,
        "username": "ada",
        "sourceIp": ["127.0.0.1"],
        "groups": ["admins"],
        "defaultAuthStrategy": "ALLOW",
    }
    assert seen["claims"]["cognito:username"] == "ada"


def test_a_user_without_groups_has_null_for_groups() -> None:
    assert identity(POOLS_ONLY, token(token_use="access", username="otto"))["groups"] is None


@pytest.mark.row("1.5 OIDC identity")
def test_resolvers_see_subject_issuer_and_claims_of_an_oidc_token() -> None:
    seen = identity(OIDC_ONLY, token(OIDC.issuer, "oidc"))
    assert (set(seen), seen["sub"]) == ({"sub", "issuer", "claims"}, "sub-1")


def test_an_expired_token_is_told_so_however_many_modes_there_are() -> None:
    for api in (POOLS_ONLY, POOLS_AND_IAM):
        assert ask(api, token(exp=NOW - 1)).refusal == unauthorized(EXPIRED_JWT)
    assert ask(POOLS_ONLY, token(exp=NOW)).refusal == unauthorized(EXPIRED_JWT)
    assert ask(POOLS_ONLY, token(exp=None)).refusal == unauthorized(EXPIRED_JWT)


def test_an_expired_token_with_a_forged_signature_is_first_of_all_forged() -> None:
    forged = token(key="stranger", kid="pool", exp=NOW - 1)
    assert ask(POOLS_AND_IAM, forged).refusal == unauthorized(INVALID_AUTHORIZATION)


@pytest.mark.parametrize(
    "bad",
    [
        "abc.def.ghi",
        token(key="stranger", kid="pool"),
        token(key="stranger"),
        token(SECOND.issuer, "second"),
        token("https://issuer.example/", "pool"),
        jwt.encode({"iss": POOL.issuer, "exp": NOW + 10}, "x" * 32, algorithm="HS256", headers={"kid": "pool"}),
        jwt.encode({"iss": POOL.issuer, "exp": NOW + 10}, None, algorithm="none", headers={"kid": "pool"}),
    ],
    ids=["unreadable", "forged", "unknown key", "another pool", "another issuer", "symmetric", "unsigned"],
)
def test_a_token_that_proves_nothing_is_named_with_one_mode_and_not_with_several(bad: str) -> None:
    assert ask(POOLS_ONLY, bad).refusal == unauthorized(UNPARSABLE_JWT)
    assert ask(POOLS_AND_IAM, bad).refusal == unauthorized(INVALID_AUTHORIZATION)


def test_a_token_of_each_of_several_pools_is_taken() -> None:
    both = make_api(Mode.USER_POOLS, Mode.USER_POOLS, issuers=(POOL, SECOND))
    assert ask(both, token()).data == {"open": "seen"}
    assert ask(both, token(SECOND.issuer, "second")).data == {"open": "seen"}
    assert ask(both, token(SECOND.issuer, "pool")).refusal == unauthorized(INVALID_AUTHORIZATION)


def test_the_issuer_is_compared_with_several_modes_and_not_with_oidc_alone() -> None:
    other = token("https://issuer.example/", "oidc")
    assert ask(OIDC_ONLY, other).data == {"open": "seen"}
    assert ask(OIDC_AND_IAM, other).refusal == unauthorized(INVALID_AUTHORIZATION)


def test_an_api_that_trusts_a_deleted_pool_fails_as_a_service() -> None:
    gone = make_api(Mode.USER_POOLS, issuers=(UserPool("https://cognito-idp.x.amazonaws.com/x_GONE", "x_GONE"),))
    reply = ask(gone, token("https://cognito-idp.x.amazonaws.com/x_GONE"))
    assert (reply.status, reply.errors[0]["errorType"]) == (500, "InternalFailureException")


@pytest.mark.row("1.4 Several clients by one expression with bars")
@pytest.mark.parametrize(("use", "claim"), [("id", "aud"), ("access", "client_id")])
def test_the_client_regex_of_a_pool_is_tried_on_the_whole_client_id(use: str, claim: str) -> None:
    api = make_api(Mode.USER_POOLS, issuers=(replace(POOL, client_pattern="A|B"),))
    assert ask(api, token(token_use=use, **{claim: "B"})).data == {"open": "seen"}
    assert ask(api, token(token_use=use, **{claim: "BB"})).refusal == unauthorized(CLIENT_NOT_ADMITTED)
    assert ask(api, token(token_use=use)).refusal == unauthorized(CLIENT_NOT_ADMITTED)


@pytest.mark.row("1.4 OIDC: `clientId` is tried on `aud` or `azp`")
def test_the_client_regex_of_an_issuer_is_tried_on_audience_and_authorized_party() -> None:
    api = make_api(Mode.OIDC, issuers=(replace(OIDC, client_pattern="mine"),))
    for claims in ({"aud": "mine"}, {"aud": ["other", "mine"]}, {"aud": "other", "azp": "mine"}):
        assert ask(api, token(OIDC.issuer, "oidc", **claims)).data == {"open": "seen"}
    assert ask(api, token(OIDC.issuer, "oidc", aud="other")).refusal == unauthorized(CLIENT_NOT_ADMITTED)


def test_a_broken_client_regex_admits_nobody() -> None:
    api = make_api(Mode.USER_POOLS, issuers=(replace(POOL, client_pattern="("),))
    assert ask(api, token(aud="(")).refusal == unauthorized(CLIENT_NOT_ADMITTED)


@pytest.mark.row("1.4 OIDC: `iat` is mandatory, `auth_time` optional")
@pytest.mark.parametrize(
    ("issuer", "claims"),
    [
        (OIDC, {"iat": None}),
        (replace(OIDC, iat_ttl=5_000), {}),
        (replace(OIDC, auth_ttl=5_000), {"auth_time": NOW - 10}),
        (replace(OIDC, auth_ttl=5_000), {}),
    ],
    ids=["no iat", "iat too old", "auth_time too old", "auth_time missing"],
)
def test_an_oidc_token_older_than_the_issuer_may_be_is_refused(issuer: OidcIssuer, claims: dict[str, Any]) -> None:
    api = make_api(Mode.OIDC, issuers=(issuer,))
    assert ask(api, token(OIDC.issuer, "oidc", **claims)).refusal == unauthorized(CLIENT_NOT_ADMITTED)


@pytest.mark.row("1.4 OIDC: `iatTTL` and `authTTL` are milliseconds")
def test_times_to_live_are_milliseconds() -> None:
    api = make_api(Mode.OIDC, issuers=(replace(OIDC, iat_ttl=11_000, auth_ttl=11_000),))
    assert ask(api, token(OIDC.issuer, "oidc", auth_time=NOW - 10)).data == {"open": "seen"}


def test_an_oidc_token_of_the_future_is_refused_unless_clocks_may_differ_by_that() -> None:
    for api in (OIDC_ONLY, OIDC_AND_IAM):
        assert ask(api, token(OIDC.issuer, "oidc", iat=NOW + 61)).refusal == unauthorized(CLIENT_NOT_ADMITTED)
        assert ask(api, token(OIDC.issuer, "oidc", iat=NOW + 59)).data == {"open": "seen"}


def test_a_token_that_is_not_valid_yet_is_refused() -> None:
    assert ask(POOLS_ONLY, token(nbf=NOW + 60)).refusal == unauthorized(CLIENT_NOT_ADMITTED)


@pytest.mark.row("1.4 OIDC: algorithms RS, PS, HS, ES with 256, 384, 512")
@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_token_signed_with_a_shared_key_is_taken_of_an_oidc_issuer_and_of_no_pool(algorithm: str) -> None:
    shared = {"kty": "oct", "kid": "shared", "k": "c2hhcmVk" * 12}
    for mode, provider in ((Mode.OIDC, OIDC), (Mode.USER_POOLS, POOL)):
        claims = {"iss": provider.issuer, "sub": "sub-1", "iat": NOW, "exp": NOW + 60}
        signed = jwt.encode(claims, b"shared" * 12, algorithm, headers={"kid": "shared"})
        made = FakeCloud(make_api(mode), jwks={provider.issuer: [shared]})
        made.resolve("Query", "open", lambda _event: "seen")
        reply = Client(made).ask("{ open }", authorization=signed)
        assert reply.status == (200 if mode is Mode.OIDC else 401)
