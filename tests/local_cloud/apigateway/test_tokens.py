"""Tokens that no user pool signs by itself, but that a pool's key could have signed."""

import asyncio
import json
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from local_cloud.apigateway.tokens import EXPIRED, UNAUTHORIZED, Door, TokenRefused, admit
from local_cloud.appsync.signing_keys import SigningKeys

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E"
NOW = 1_900_000_000
DOOR = Door(issuers=[ISSUER])


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def outcome(door: Door = DOOR, **changed: Any) -> str:
    """Return why an ID token with these claims is refused, or "" when it passes; None takes a claim away."""
    claims = {"iss": ISSUER, "token_use": "id", "aud": "client", "exp": NOW + 60, "iat": NOW} | changed
    signed = {name: value for name, value in claims.items() if value is not None}
    public = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key().public_key())), "kid": "one", "alg": "RS256"}
    token = jwt.encode(signed, key(), "RS256", {"kid": "one"})
    try:
        asyncio.run(admit(token, door, SigningKeys(lambda _: [public]), NOW))
    except TokenRefused as refusal:
        return str(refusal)
    return ""


def test_a_token_within_its_time_passes() -> None:
    assert outcome() == ""
    assert outcome(nbf=NOW) == ""


@pytest.mark.parametrize("exp", [NOW, NOW - 1, 0])
def test_a_token_ends_at_its_second(exp: int) -> None:
    assert outcome(exp=exp) == EXPIRED


@pytest.mark.parametrize("claims", [{"exp": None}, {"exp": True}, {"nbf": NOW + 1}, {"iss": f"{ISSUER}/"}])
def test_a_token_without_an_end_or_before_its_time_is_unauthorized(claims: dict[str, Any]) -> None:
    assert outcome(**claims) == UNAUTHORIZED


@pytest.mark.parametrize("scope", [None, "", "hello/readers", "xhello/read"])
def test_scopes_are_compared_whole(scope: str | None) -> None:
    scoped = Door(issuers=[ISSUER], scopes=["hello/read"])
    assert outcome(scoped, token_use="access", scope=scope) == UNAUTHORIZED
    assert outcome(scoped, token_use="access", scope="other/read hello/read") == ""


@pytest.mark.parametrize("client", [None, "client2", ["client"]])
def test_a_client_pattern_has_to_match_whole(client: object) -> None:
    assert outcome(Door(issuers=[ISSUER], client_pattern="client"), aud=client) == UNAUTHORIZED
