"""Tokens: signed by their pool, bound to their time, refreshed until revoked."""

import time
from typing import Any

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


def claims(token: str) -> dict[str, Any]:
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


@pytest.mark.row("5.1 Claims of ID and access tokens")
def test_each_token_says_what_is_its_to_say(directory: Directory) -> None:
    """MiniStack leaves `event_id` and `version` out."""
    directory.add("mara")
    pool = {"UserPoolId": directory.pool_id}
    directory.admin.add_custom_attributes(
        **pool, CustomAttributes=[{"Name": "floor", "AttributeDataType": "Number", "Mutable": True}]
    )
    directory.admin.admin_update_user_attributes(
        **pool, Username="mara", UserAttributes=[{"Name": "custom:floor", "Value": "7"}]
    )
    directory.admin.create_group(**pool, GroupName="readers")
    directory.admin.admin_add_user_to_group(**pool, GroupName="readers", Username="mara")
    tokens = directory.srp("mara")["AuthenticationResult"]
    of_id, of_access = claims(tokens["IdToken"]), claims(tokens["AccessToken"])
    in_both = {"sub", "iss", "exp", "iat", "auth_time", "jti", "origin_jti", "event_id", "token_use", "cognito:groups"}
    assert set(of_id) - in_both == {"aud", "cognito:username", "email", "email_verified", "custom:floor"}
    assert set(of_access) - in_both == {"client_id", "username", "scope", "version"}
    assert in_both <= set(of_id) & set(of_access)
    assert of_id["cognito:groups"] == of_access["cognito:groups"] == ["readers"]
    assert (of_id["aud"], of_access["client_id"]) == (directory.client_id, directory.client_id)
    assert (of_id["email_verified"], of_id["custom:floor"]) == (True, "7")
    assert of_access["scope"] == "aws.cognito.signin.user.admin"
    for name in ("sub", "origin_jti", "event_id"):
        assert of_id[name] == of_access[name]
    assert of_id["jti"] != of_access["jti"]


def test_a_renewed_token_still_says_when_its_user_signed_in(directory: Directory) -> None:
    """MiniStack says that they did just then."""
    directory.add("mara")
    first = directory.srp("mara")["AuthenticationResult"]
    time.sleep(1.1)
    renewed = directory.public.initiate_auth(
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": first["RefreshToken"]},
        ClientId=directory.client_id,
    )["AuthenticationResult"]
    for kind in ("IdToken", "AccessToken"):
        before, after = claims(first[kind]), claims(renewed[kind])
        assert (after["auth_time"], after["origin_jti"]) == (before["auth_time"], before["origin_jti"])
        assert after["iat"] > before["iat"]
        assert after["event_id"] != before["event_id"]


@pytest.mark.row("5.2 Lifetimes")
def test_tokens_live_as_long_as_the_app_client_says(local_cloud: Cloud) -> None:
    settings = {"AccessTokenValidity": 5, "IdTokenValidity": 2, "RefreshTokenValidity": 60}
    units = {"AccessToken": "minutes", "RefreshToken": "minutes"}
    refused = refusal(new_directory, local_cloud, **settings, TokenValidityUnits=units)
    assert refused[1] == "InvalidParameterException"  # an ID token that outlives its refresh token
    directory = new_directory(local_cloud, **{**settings, "IdTokenValidity": 1}, TokenValidityUnits=units)
    directory.add("mara")
    tokens = directory.srp("mara")["AuthenticationResult"]
    assert tokens["ExpiresIn"] == 300
    for kind, seconds in (("AccessToken", 300), ("IdToken", 3600)):
        said = claims(tokens[kind])
        assert said["exp"] - said["iat"] == seconds


@pytest.mark.parametrize(
    "settings",
    [
        {"AccessTokenValidity": 1441, "TokenValidityUnits": {"AccessToken": "minutes"}},
        {"IdTokenValidity": 25},
        {"RefreshTokenValidity": 3651},
    ],
)
def test_an_app_client_s_times_have_bounds(local_cloud: Cloud, directory: Directory, settings: dict[str, Any]) -> None:
    """MiniStack takes any number."""
    assert refusal(new_directory, local_cloud, **settings)[1] == "InvalidParameterException"
    client = {"UserPoolId": directory.pool_id, "ClientId": directory.client_id}
    assert refusal(directory.admin.update_user_pool_client, **client, **settings)[1] == "InvalidParameterException"


def test_without_settings_tokens_live_an_hour_and_a_month(directory: Directory) -> None:
    directory.add("mara")
    tokens = directory.srp("mara")["AuthenticationResult"]
    for kind, seconds in (("AccessToken", 3600), ("IdToken", 3600), ("RefreshToken", 30 * 86_400)):
        said = claims(tokens[kind])
        assert said["exp"] - said["iat"] == seconds
