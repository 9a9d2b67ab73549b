"""The two JWT modes: user pools and OIDC issuers, told apart by the token's issuer."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jwt
from jwt import PyJWK
from jwt.exceptions import PyJWTError
from jwt.types import Options

from local_cloud.appsync.model import Api, Caller, Mode, OidcIssuer, UserPool
from local_cloud.appsync.refusals import (
    CLIENT_NOT_ADMITTED,
    EXPIRED_JWT,
    internal_failure,
    unauthorized,
    unproven_token,
)
from local_cloud.appsync.signing_keys import SigningKeys

_OIDC_ALGORITHMS = frozenset(f"{family}{size}" for family in ("RS", "PS", "HS", "ES") for size in (256, 384, 512))
_POOL_ALGORITHMS = frozenset({"RS256"})
_UNVERIFIED: Options = {"verify_signature": False}
_CLOCKS_DIFFER = 60
"""Seconds. OPEN: a token of an issuer that was made later than now would outlive every `iatTTL`."""

# Time is checked here, against the clock that was handed in.
_SIGNATURE_ONLY: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


async def admit_token(token: str, api: Api, keys: SigningKeys, now: float, source_ip: str) -> Caller:
    """Return the caller behind a JWT of a user pool or an OIDC issuer that the API trusts.

    Neither revocation nor sign-out is asked about: AppSync honours a token until it expires.

    Raises:
        Refused: 401 for a token that can't be read, doesn't verify, has expired, or was made for
            a client that the API doesn't admit; 500 where the trusted user pool is gone.
    """
    unproven = unproven_token(single_mode=api.single_mode)
    header, claims = _read(token)
    if claims.get("token_use") == "refresh":
        raise unproven  # AWS encrypts refresh tokens; MiniStack signs them with the keys of the pool
    provider = _provider(api, claims.get("iss"))
    if provider is None:
        raise unproven
    allowed = _POOL_ALGORITHMS if isinstance(provider, UserPool) else _OIDC_ALGORITHMS
    algorithm = str(header.get("alg"))
    if algorithm not in allowed:
        raise unproven
    try:
        key = await keys.find(provider.issuer, str(header.get("kid")), algorithm)
    except LookupError:
        if isinstance(provider, UserPool):
            raise internal_failure(f"User pool {provider.pool_id} doesn't exist.") from None
        raise unproven from None
    if key is None or not _verifies(token, key, algorithm):
        raise unproven
    _check_times(claims, provider, now)
    if isinstance(provider, UserPool):
        return _pool_caller(claims, provider, source_ip)
    return _oidc_caller(claims, provider)


@lru_cache(maxsize=512)
def _read(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and claims, unproven and both empty when there are none; callers send one token often."""
    try:
        parts = jwt.decode_complete(token, options=_UNVERIFIED)
    except PyJWTError:
        return {}, {}
    return parts["header"], parts["payload"]


@lru_cache(maxsize=512)
def _verifies(token: str, key: PyJWK, algorithm: str) -> bool:
    """Return whether a key made the signature; a key that is replaced is another key."""
    try:
        jwt.decode(token, key, algorithms=[algorithm], options=_SIGNATURE_ONLY)
    except PyJWTError:
        return False
    return True


def _provider(api: Api, issuer: object) -> UserPool | OidcIssuer | None:
    only = api.issuers[0] if api.issuers else None
    if api.single_mode and isinstance(only, OidcIssuer):
        # With OIDC alone AppSync skips the comparison; the signature still has to verify.
        return only
    return next((provider for provider in api.issuers if provider.issuer == issuer), None)


def _check_times(claims: Mapping[str, Any], provider: UserPool | OidcIssuer, now: float) -> None:
    if not _number(claims.get("exp")) or claims["exp"] <= now:
        raise unauthorized(EXPIRED_JWT)
    if _number(claims.get("nbf")) and claims["nbf"] > now:
        raise unauthorized(CLIENT_NOT_ADMITTED)
    if isinstance(provider, UserPool):
        return
    if not _number(claims.get("iat")) or claims["iat"] > now + _CLOCKS_DIFFER:
        raise unauthorized(CLIENT_NOT_ADMITTED)
    for claim, ttl in (("iat", provider.iat_ttl), ("auth_time", provider.auth_ttl)):
        if ttl and (not _number(claims.get(claim)) or claims[claim] + ttl / 1000 < now):
            raise unauthorized(CLIENT_NOT_ADMITTED)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _pool_caller(claims: Mapping[str, Any], pool: UserPool, source_ip: str) -> Caller:
    # LIKELY: the ID token names its client in `aud`, the access token in `client_id`.
    client = claims.get("aud") if claims.get("token_use") == "id" else claims.get("client_id")
    _check_client(pool.client_pattern, (client,))
    groups = claims.get("cognito:groups")
    names = [str(name) for name in groups] if isinstance(groups, list) else None
    identity = {
        "sub": claims.get("sub"),
        "issuer": claims.get("iss"),
        "username": claims.get("cognito:username") or claims.get("username"),
        "claims": dict(claims),
        "sourceIp": [source_ip],
        "groups": names,
        "defaultAuthStrategy": pool.default_action,
    }
    return Caller(Mode.USER_POOLS, identity=identity, groups=frozenset(names or ()))


def _oidc_caller(claims: Mapping[str, Any], provider: OidcIssuer) -> Caller:
    audience = claims.get("aud")
    clients = audience if isinstance(audience, list) else [audience]
    _check_client(provider.client_pattern, (*clients, claims.get("azp")))
    identity = {"sub": claims.get("sub"), "issuer": claims.get("iss"), "claims": dict(claims)}
    return Caller(Mode.OIDC, identity=identity)


def _check_client(pattern: str, clients: tuple[object, ...]) -> None:
    if not pattern:
        return
    try:
        admitted = any(isinstance(client, str) and re.fullmatch(pattern, client) for client in clients)
    except re.error:
        admitted = False
    if not admitted:
        raise unauthorized(CLIENT_NOT_ADMITTED)
