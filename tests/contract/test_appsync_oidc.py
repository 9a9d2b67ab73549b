"""OIDC issuers: what an API that trusts them takes, and what it doesn't."""

import json
import time
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract import faults, wire
from tests.contract.appsync import IAM, KEY, Api, tampered
from tests.contract.issuer import Issuer
from tests.contract.workshop import Workshop

SDL = "type Query { event: String @aws_oidc }"
CLIENT = (401, "UnauthorizedException", "Unauthorized")
GENERIC = (401, "UnauthorizedException", "Valid authorization header not provided.")
UNPARSABLE = (401, "UnauthorizedException", "Unable to parse JWT token.")
ALGORITHMS = [f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512)]


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def one(local_cloud: Cloud) -> Issuer:
    return Issuer(local_cloud, "one")


@pytest.fixture(scope="module")
def two(local_cloud: Cloud) -> Issuer:
    return Issuer(local_cloud, "two")


@pytest.fixture(scope="module")
def api(workshop: Workshop, one: Issuer, two: Issuer) -> Api:
    return workshop.api(SDL, KEY, one.provider(), two.provider(clientId="mine"), resolve=("Query.event",))


def identity(api: Api, header: dict[str, str]) -> dict[str, Any]:
    """Return what a resolver sees of a caller who is let in."""
    seen: dict[str, Any] = json.loads(api.ask("{ event }", header).data["event"])["identity"]
    return seen


@pytest.mark.row("1.1 Several OIDC issuers are allowed")
@pytest.mark.row("1.4 OIDC: discovery, `jwks_uri`, `kty` and `kid`")
@pytest.mark.row("1.5 OIDC identity")
def test_tokens_of_each_issuer_are_told_apart(api: Api, one: Issuer, two: Issuer) -> None:
    seen = identity(api, one.token(sub="ada", role="boss"))
    assert set(seen) == {"sub", "issuer", "claims"}
    assert (seen["sub"], seen["issuer"], seen["claims"]["role"]) == ("ada", one.address, "boss")
    assert identity(api, two.token(aud="mine"))["issuer"] == two.address


def test_a_token_that_names_another_issuer_is_not_believed(api: Api, one: Issuer, two: Issuer) -> None:
    assert api.ask("{ event }", two.token(iss=one.address, aud="mine")).refusal == GENERIC
    assert api.ask("{ event }", one.token(iss="https://elsewhere.example")).refusal == GENERIC
    forged = {"Authorization": tampered(one.token()["Authorization"])}
    assert api.ask("{ event }", forged).refusal == GENERIC


@pytest.mark.row("1.2 `iss` is exact, and skipped with OPENID_CONNECT alone")
def test_an_issuer_that_is_alone_may_name_itself_otherwise(workshop: Workshop, one: Issuer) -> None:
    one.token()
    alone = workshop.api(SDL, one.provider(), resolve=("Query.event",))
    assert identity(alone, one.token(iss="https://elsewhere.example"))["issuer"] == "https://elsewhere.example"
    forged = {"Authorization": tampered(one.token()["Authorization"])}
    assert alone.ask("{ event }", forged).refusal == UNPARSABLE


@pytest.mark.row("1.4 OIDC: `clientId` is tried on `aud` or `azp`")
@pytest.mark.row("1.4 Several clients by one expression with bars")
@pytest.mark.row("3.1 OIDC `clientId` regex not matching")
def test_a_client_is_found_in_aud_or_azp(workshop: Workshop, one: Issuer) -> None:
    api = workshop.api(SDL, IAM, one.provider(clientId="web|phone"), resolve=("Query.event",))
    for claims in ({"aud": "web"}, {"aud": ["other", "phone"]}, {"aud": "other", "azp": "phone"}):
        assert identity(api, one.token(**claims))["sub"] == "somebody"
    for claims in ({"aud": "other"}, {"aud": "website"}, {}):
        assert api.ask("{ event }", one.token(**claims)).refusal == CLIENT


@pytest.mark.row("1.4 OIDC: `iatTTL` and `authTTL` are milliseconds")
def test_times_to_live_are_milliseconds(workshop: Workshop, one: Issuer) -> None:
    provider = one.provider(iatTTL=60_000, authTTL=120_000)
    api = workshop.api(SDL, KEY, provider, resolve=("Query.event",))
    now = int(time.time())
    assert identity(api, one.token(iat=now - 30, auth_time=now - 90))
    for claims in ({"iat": now - 90, "auth_time": now}, {"iat": now, "auth_time": now - 150}):
        assert api.ask("{ event }", one.token(**claims)).refusal == CLIENT


@pytest.mark.row("1.4 OIDC: `iat` is mandatory, `auth_time` optional")
def test_a_token_needs_the_time_that_it_was_made_at(api: Api, one: Issuer) -> None:
    assert api.ask("{ event }", one.token(iat=None)).refusal == CLIENT
    assert "auth_time" not in identity(api, one.token())["claims"]


@pytest.mark.row("3.1 Expired JWT")
def test_an_expired_token_is_told_so(api: Api, one: Issuer) -> None:
    past = int(time.time()) - 60
    assert api.ask("{ event }", one.token(exp=past)).refusal[2] == "Token has expired."


@pytest.mark.row("1.4 OIDC: algorithms RS, PS, HS, ES with 256, 384, 512")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_with_a_public_key_is_taken(api: Api, one: Issuer, algorithm: str) -> None:
    assert identity(api, one.token(algorithm))["sub"] == "somebody"


def test_only_the_owner_of_the_local_cloud_gets_tokens(one: Issuer) -> None:
    for header in ({}, {"Authorization": "Bearer wrong"}):
        reply = one.ask(header, claims={})
        assert reply.status == 401
        assert "token" not in reply.json()


@pytest.mark.parametrize("wanted", [{"claims": []}, {"algorithm": "none"}, {"algorithm": "HS256"}, {"algorithm": []}])
def test_a_token_that_cannot_be_made_is_refused(one: Issuer, wanted: dict[str, Any]) -> None:
    assert one.ask(faults.authorization(one.cloud), **wanted).status == 400


def test_keys_are_published_without_their_private_half(one: Issuer) -> None:
    one.token()
    keys = wire.send(one.cloud, "GET", f"{one.path}/jwks", {}).json()["keys"]
    assert {key["kid"] for key in keys} == {"RSA", "ES256", "ES384", "ES512"}
    assert all("d" not in key for key in keys)


def test_an_issuer_that_nobody_made_is_not_there(local_cloud: Cloud) -> None:
    nowhere = Issuer(local_cloud, "nowhere")
    for what in ("/.well-known/openid-configuration", "/jwks", "/other"):
        assert wire.send(local_cloud, "GET", nowhere.path + what, {}).status == 404
