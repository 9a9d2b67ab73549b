"""An API's stored record, read into a value; templates and SDKs spell its numbers differently."""

from collections.abc import Mapping
from typing import Any

from local_cloud.appsync.model import Api, Authorizer, Mode, OidcIssuer, UserPool

Record = Mapping[str, Any]

_NAMES = frozenset(mode.value for mode in Mode)
_SETTINGS = {
    Mode.USER_POOLS.value: ("userPoolConfig", "userPoolId"),
    Mode.OIDC.value: ("openIDConnectConfig", "issuer"),
    Mode.LAMBDA.value: ("lambdaAuthorizerConfig", None),
}
"""Where each mode keeps its settings, and which of them tells two providers apart."""

LONGEST_TTL = 3600
"""Seconds for which an authorizer's answer may be kept."""

_MOST_PROVIDERS = 50


def api_from_record(record: Record, account: str, region: str) -> Api:
    """Return the API that a record of CreateGraphqlApi's shape describes."""
    providers = [record, *(record.get("additionalAuthenticationProviders") or ())]
    modes = [Mode(provider["authenticationType"]) for provider in providers]
    issuers = (_issuer(mode, provider, region) for mode, provider in zip(modes, providers, strict=True))
    authorizers = (
        provider["lambdaAuthorizerConfig"]
        for mode, provider in zip(modes, providers, strict=True)
        if mode is Mode.LAMBDA and provider.get("lambdaAuthorizerConfig")
    )
    return Api(
        api_id=record["apiId"],
        arn=record["arn"],
        account=account,
        region=region,
        default_mode=modes[0],
        modes=frozenset(modes),
        providers=len(providers),
        issuers=tuple(issuer for issuer in issuers if issuer is not None),
        authorizer=next((_authorizer(config) for config in authorizers), None),
        introspection=record.get("introspectionConfig") != "DISABLED",
        depth_limit=_number(record.get("queryDepthLimit")),
        resolver_limit=_number(record.get("resolverCountLimit")),
    )


def configuration_fault(record: Record, account: str) -> str | None:
    """Return what AWS refuses about the modes of an API of an account, or None (CreateGraphqlApi, UpdateGraphqlApi)."""
    seen: set[str] = set()
    providers = (record, *(record.get("additionalAuthenticationProviders") or ()))
    if len(providers) > _MOST_PROVIDERS:
        return f"An API has at most {_MOST_PROVIDERS} authentication providers."
    for provider in providers:
        name = str(provider.get("authenticationType", Mode.API_KEY))
        setting, key = _SETTINGS.get(name, (None, None))
        if name not in _NAMES:
            return f"{name} is no authentication type."
        if setting is not None and not provider.get(setting):
            return f"{name} needs {setting}."
        # Keys, IAM and the Lambda authorizer once each; pools and issuers may differ.
        what = f"{name} {provider[setting][key]}" if setting and key else name
        if what in seen:
            return f"{what} is configured more than once."
        seen.add(what)
        if name == Mode.LAMBDA and (fault := _authorizer_fault(provider["lambdaAuthorizerConfig"], account)):
            return fault
    return None


def _authorizer_fault(config: Record, account: str) -> str | None:
    function = str(config.get("authorizerUri", "")).split(":")
    if len(function) > 6 and function[4] != account:
        return "The authorizer function belongs to another account."
    if not 0 <= _number(config.get("authorizerResultTtlInSeconds")) <= LONGEST_TTL:
        return f"authorizerResultTtlInSeconds must be 0 to {LONGEST_TTL}."
    return None


def _issuer(mode: Mode, provider: Record, region: str) -> UserPool | OidcIssuer | None:
    if mode is Mode.USER_POOLS:
        pool = provider.get("userPoolConfig") or {}
        pool_id = str(pool.get("userPoolId", ""))
        issuer = f"https://cognito-idp.{pool.get('awsRegion') or region}.amazonaws.com/{pool_id}"
        return UserPool(issuer, pool_id, pool.get("appIdClientRegex") or "", pool.get("defaultAction") or "ALLOW")
    if mode is Mode.OIDC:
        oidc = provider.get("openIDConnectConfig") or {}
        return OidcIssuer(
            str(oidc.get("issuer", "")),
            oidc.get("clientId") or "",
            _number(oidc.get("iatTTL")),
            _number(oidc.get("authTTL")),
        )
    return None


def _authorizer(config: Record) -> Authorizer:
    return Authorizer(
        str(config.get("authorizerUri", "")),
        config.get("identityValidationExpression") or "",
        _number(config.get("authorizerResultTtlInSeconds")),
    )


def _number(value: Any) -> int:
    return int(float(value)) if value else 0
