"""Tokens: signed by their pool, bound to their time, refreshed until revoked."""

import time

import jwt
import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.directories import Directory, new_directory
from tests.contract.refusals import refusal


def test_both_tokens_verify_against_the_pools_keys(local_cloud: Cloud, directory: Directory) -> None:
    directory.add("mara")
    tokens = directory.srp("mara")["AuthenticationResult"]
    found = wire.send(local_cloud, "GET", f"/{directory.pool_id}/.well-known/jwks.json").json()
    keys = {key["kid"]: jwt.PyJWK(key) for key in found["keys"]}
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{directory.pool_id}"
    kids = set()
    for kind, audience in (("IdToken", directory.client_id), ("AccessToken", None)):
        header = jwt.get_unverified_header(tokens[kind])
        assert header["alg"] == "RS256"
        claims = jwt.decode(
            tokens[kind],
            keys[header["kid"]],
            algorithms=["RS256"],
            issuer=issuer,
            audience=audience,
            options={"require": ["exp", "iat", "sub"]},
        )
        assert claims["token_use"] == {"IdToken": "id", "AccessToken": "access"}[kind]
        kids.add(header["kid"])
    assert len(kids) == 2


def test_another_pools_keys_do_not_verify_a_token(local_cloud: Cloud, directory: Directory) -> None:
    directory.add("mara")
    token = directory.srp("mara")["AuthenticationResult"]["IdToken"]
    other = new_directory(local_cloud)
    found = wire.send(local_cloud, "GET", f"/{other.pool_id}/.well-known/jwks.json").json()
    for key in found["keys"]:
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], options={"verify_aud": False})


def test_a_forged_access_token_is_refused(directory: Directory) -> None:
    directory.add("mara")
    token = directory.srp("mara")["AuthenticationResult"]["AccessToken"]
    head, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"username": "ada"}
    forged_claims = jwt.encode(claims, "x" * 32, algorithm="HS256").split(".")[1]
    assert refusal(directory.public.get_user, AccessToken=f"{head}.{forged_claims}.{signature}")[1] == (
        "NotAuthorizedException"
    )


def test_a_refresh_token_gets_new_tokens_until_it_is_revoked(directory: Directory) -> None:
    directory.add("mara")
    refresh = directory.srp("mara")["AuthenticationResult"]["RefreshToken"]

    def renew() -> dict[str, dict[str, str]]:
        renewed: dict[str, dict[str, str]] = directory.public.initiate_auth(
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": refresh},
            ClientId=directory.client_id,
        )
        return renewed

    assert renew()["AuthenticationResult"]["IdToken"]
    directory.public.revoke_token(Token=refresh, ClientId=directory.client_id)
    assert refusal(renew)[1] == "NotAuthorizedException"


def test_a_token_carries_the_time_of_its_sign_in(directory: Directory) -> None:
    directory.add("mara")
    claims = jwt.decode(directory.srp("mara")["AuthenticationResult"]["IdToken"], options={"verify_signature": False})
    assert abs(claims["auth_time"] - time.time()) < 30
    assert claims["exp"] > time.time()
