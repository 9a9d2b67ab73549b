"""JSON web tokens that no issuer made: each breaks one line of the rule that an API has to check."""

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from services.secret import Secret

_OTHER_POOL = "gateHouse"  # well-formed as the last part of a pool's id, and nobody's


@lru_cache(maxsize=1)
def own_key() -> rsa.RSAPrivateKey:
    """A signing key of this process, which no issuer publishes."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def with_claims(token: Secret, changes: Mapping[str, Any]) -> Secret:
    """The token with other claims under its old signature."""
    header, _, signature = token.reveal().split(".")
    return Secret(f"{header}.{_encoded({**_claims(token), **changes})}.{signature}")


def unsigned(token: Secret) -> Secret:
    """The same claims under `alg: none`, without a signature."""
    header = {"alg": "none", "typ": "JWT"}
    return Secret(f"{_encoded(header)}.{token.reveal().split('.')[1]}.")


def signed_by_another_key(token: Secret) -> Secret:
    """The same claims, signed with a key of this process under the id of the issuer's key."""
    return _signed(_claims(token), jwt.get_unverified_header(token.reveal())["kid"])


def of_another_pool(token: Secret) -> Secret:
    """The same claims, but for an issuer that is another user pool of the Region, well signed with a key of its own."""
    claims = _claims(token)
    base, _, pool = str(claims.get("iss", "")).rpartition("/")
    region = pool.partition("_")[0]
    return _signed({**claims, "iss": f"{base}/{region}_{_OTHER_POOL}"}, "gatehouse-key")


def with_spoilt_signature(token: Secret) -> Secret:
    """The token with one bit of its signature turned round."""
    content, _, signature = token.reveal().rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
    raw[0] ^= 1
    return Secret(f"{content}.{base64.urlsafe_b64encode(bytes(raw)).rstrip(b'=').decode()}")


def _claims(token: Secret) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token.reveal(), options={"verify_signature": False})
    return claims


def _signed(claims: Mapping[str, Any], key_id: str) -> Secret:
    return Secret(jwt.encode(dict(claims), own_key(), algorithm="RS256", headers={"kid": key_id}))


def _encoded(content: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
