"""Which tokens a `COGNITO_USER_POOLS` authorizer of a REST API admits.

Without scopes on the method a token is taken for an ID token, with scopes for an access token.
Neither sign-out nor revocation is asked about: API Gateway honours a token until it expires.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.exceptions import PyJWTError
from jwt.types import Options

from local_cloud.appsync.signing_keys import SigningKeys

UNAUTHORIZED = "Unauthorized"
EXPIRED = "The incoming token has expired"
ALGORITHM = "RS256"
SIGNATURE_ONLY: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}


class TokenRefused(Exception):
    """API Gateway answers 401; the exception's text is the body's message."""


class ClientPatternInvalid(Exception):
    """The authorizer's validation expression is no regular expression: API Gateway answers 500."""


@dataclass(frozen=True, slots=True)
class Door:
    """What one method asks of a token.

    Attributes:
        issuers: the user pools, by what their tokens carry as `iss`.
        scopes: one of them is needed, in an access token; none means an ID token.
        client_pattern: what `aud` has to match whole, or nothing. Access tokens have no `aud`.
    """

    issuers: Collection[str]
    scopes: Collection[str] = ()
    client_pattern: str = ""


async def admit(token: str, door: Door, keys: SigningKeys, now: float) -> dict[str, Any]:
    """Return the claims of a token that may pass.

    Raises:
        TokenRefused: it may not, and the caller is told no more than AWS tells.
        ClientPatternInvalid: the authorizer can admit nobody.
    """
    claims = await _proven_claims(token, door.issuers, keys)
    if _seconds(claims, "exp") <= now:
        raise TokenRefused(EXPIRED)
    if ("nbf" in claims and _seconds(claims, "nbf") > now) or not _fits(claims, door):
        raise TokenRefused(UNAUTHORIZED)
    return claims


async def _proven_claims(token: str, issuers: Collection[str], keys: SigningKeys) -> dict[str, Any]:
    """Return what one of the issuers signed."""
    try:
        header = jwt.get_unverified_header(token)
        claimed: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        if claimed.get("iss") not in issuers or header.get("alg") != ALGORITHM:
            raise TokenRefused(UNAUTHORIZED)
        key = await keys.find(claimed["iss"], str(header.get("kid")), ALGORITHM)
        if key is None:
            raise TokenRefused(UNAUTHORIZED)
        proven: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM], options=SIGNATURE_ONLY)
    except (PyJWTError, LookupError):
        raise TokenRefused(UNAUTHORIZED) from None
    return proven


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(UNAUTHORIZED)
    return value


def _fits(claims: Mapping[str, Any], door: Door) -> bool:
    """Tell whether a token is of the kind, scope and client that the method takes."""
    if door.client_pattern and not _client_matches(claims.get("aud"), door.client_pattern):
        return False
    if not door.scopes:
        return claims.get("token_use") == "id"
    granted = str(claims.get("scope", "")).split()
    return claims.get("token_use") == "access" and any(scope in granted for scope in door.scopes)


def _client_matches(client: object, pattern: str) -> bool:
    try:
        return isinstance(client, str) and re.fullmatch(pattern, client) is not None
    except re.error:
        raise ClientPatternInvalid(pattern) from None
