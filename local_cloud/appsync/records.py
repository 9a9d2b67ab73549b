"""An API's stored record, read into a value; templates and SDKs spell its numbers differently."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from local_cloud.appsync.model import Api, Authorizer, Mode, OidcIssuer, UserPool
from local_cloud.appsync.signing_keys import LOCAL_HOSTS

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
_MOST = {"queryDepthLimit": 75, "resolverCountLimit": 10_000}
_ACTIONS = ("ALLOW", "DENY")
_SWITCH = ("ENABLED", "DISABLED")
_ARN_PARTS = 7


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
    """Return what AWS refuses about an API of an account, or None (CreateGraphqlApi, UpdateGraphqlApi)."""
    providers = (record, *(record.get("additionalAuthenticationProviders") or ()))
    if len(providers) > _MOST_PROVIDERS:
        return f"An API has at most {_MOST_PROVIDERS} authentication providers."
    seen: set[str] = set()
    for provider in providers:
        if fault := _provider_fault(provider, account):
            return fault
        name, settings, key = _settings(provider)
        # Keys, IAM and the Lambda authorizer once each; pools and issuers may differ.
        what = f"{name} {settings[key]}" if key else name
        if what in seen:
            return f"{what} is configured more than once."
        seen.add(what)
    return _limit_fault(record)


def _settings(provider: Record) -> tuple[str, Record, str | None]:
    """Return a provider's mode, the settings of that mode, and which of them tells two of them apart."""
    name = str(provider.get("authenticationType", Mode.API_KEY))
    setting, key = _SETTINGS.get(name, (None, None))
    return name, (provider.get(setting) or {}) if setting else {}, key


def _provider_fault(provider: Record, account: str) -> str | None:
    name, settings, key = _settings(provider)
    if name not in _NAMES:
        return f"{name} is no authentication type."
    if name in _SETTINGS and not (settings and (key is None or settings.get(key))):
        return f"{name} needs {_SETTINGS[name][0]}."
    if name == Mode.LAMBDA:
        return _authorizer_fault(settings, account)
    if name == Mode.OIDC:
        return _issuer_fault(str(settings["issuer"]))
    if settings.get("defaultAction", "ALLOW") not in _ACTIONS:
        return f"defaultAction must be one of {', '.join(_ACTIONS)}."
    return None


def _authorizer_fault(config: Record, account: str) -> str | None:
    function = str(config.get("authorizerUri", "")).split(":")
    if len(function) < _ARN_PARTS or function[2] != "lambda":
        return "authorizerUri must be the ARN of a Lambda function."
    if function[4] != account:
        return "The authorizer function belongs to another account."
    if not 0 <= _number(config.get("authorizerResultTtlInSeconds")) <= LONGEST_TTL:
        return f"authorizerResultTtlInSeconds must be 0 to {LONGEST_TTL}."
    return None


def _issuer_fault(issuer: str) -> str | None:
    try:
        scheme, host = urlsplit(issuer).scheme, urlsplit(issuer).hostname
    except ValueError:
        scheme, host = "", None
    if host and (scheme == "https" or (scheme == "http" and host in LOCAL_HOSTS)):
        return None
    return f"{issuer} is no issuer: its address must begin with https://."


def _limit_fault(record: Record) -> str | None:
    if record.get("apiType") == "MERGED":
        return "This local cloud doesn't run merged APIs."
    for setting, most in _MOST.items():
        if not 0 <= _number(record.get(setting)) <= most:
            return f"{setting} must be 0 to {most}."
    if record.get("introspectionConfig", "ENABLED") not in _SWITCH:
        return f"introspectionConfig must be one of {', '.join(_SWITCH)}."
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
