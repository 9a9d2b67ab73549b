"""APIs as the control plane stores them, read into values."""

from typing import Any

import pytest

from local_cloud.appsync.model import Authorizer, Mode, OidcIssuer, UserPool
from local_cloud.appsync.records import api_from_record, configuration_fault

BASE = {"apiId": "a1", "arn": "arn:aws:appsync:us-east-1:1:apis/a1", "authenticationType": "API_KEY"}
POOL = {
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {"userPoolId": "us-east-1_A", "awsRegion": "us-east-1", "appIdClientRegex": "x"},
}
OIDC = {
    "authenticationType": "OPENID_CONNECT",
    "openIDConnectConfig": {"issuer": "https://i", "clientId": "c", "iatTTL": "1000", "authTTL": 0},
}
LAMBDA = {
    "authenticationType": "AWS_LAMBDA",
    "lambdaAuthorizerConfig": {
        "authorizerUri": "arn:aws:lambda:us-east-1:1:function:f",
        "identityValidationExpression": "^x",
        "authorizerResultTtlInSeconds": "300",
    },
}
IAM = {"authenticationType": "AWS_IAM"}
KEY = {"authenticationType": "API_KEY"}


def test_every_provider_of_a_record_is_read() -> None:
    record = {**BASE, "additionalAuthenticationProviders": [POOL, OIDC, LAMBDA, IAM]}
    api = api_from_record(record, "1", "us-east-1")
    assert (api.default_mode, api.modes, api.providers) == (Mode.API_KEY, frozenset(Mode), 5)
    assert api.issuers == (
        UserPool("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_A", "us-east-1_A", "x", "ALLOW"),
        OidcIssuer("https://i", "c", 1000, 0),
    )
    assert api.authorizer == Authorizer("arn:aws:lambda:us-east-1:1:function:f", "^x", 300)
    assert (api.introspection, api.depth_limit, api.resolver_limit) == (True, 0, 0)


def test_switches_and_limits_are_read() -> None:
    record = {**BASE, "introspectionConfig": "DISABLED", "queryDepthLimit": "3", "resolverCountLimit": 4}
    api = api_from_record(record, "1", "us-east-1")
    assert (api.introspection, api.depth_limit, api.resolver_limit) == (False, 3, 4)


@pytest.mark.row("1.1 `defaultAction` on the default pool alone")
def test_only_a_default_pool_has_a_default_action() -> None:
    deny = {**POOL, "userPoolConfig": {**POOL["userPoolConfig"], "defaultAction": "DENY"}}  # type: ignore[dict-item]
    assert api_from_record({**BASE, **deny}, "1", "us-east-1").default_action == "DENY"
    additional = {**BASE, "additionalAuthenticationProviders": [deny]}
    assert api_from_record(additional, "1", "us-east-1").default_action == "ALLOW"


def test_pools_and_issuers_may_be_several() -> None:
    other = {**POOL, "userPoolConfig": {"userPoolId": "us-east-1_B"}}
    assert (
        configuration_fault({**BASE, "additionalAuthenticationProviders": [POOL, other, OIDC, IAM, LAMBDA]}, "1")
        is None
    )


@pytest.mark.parametrize(
    ("default", "additional"),
    [
        (KEY, [KEY]),
        (IAM, [KEY, IAM]),
        (LAMBDA, [LAMBDA]),
        (POOL, [POOL]),
        (OIDC, [IAM, OIDC]),
        ({"authenticationType": "NONE"}, []),
        ({"authenticationType": "AMAZON_COGNITO_USER_POOLS"}, []),
        (KEY, [{"authenticationType": "OPENID_CONNECT"}]),
        (KEY, [{"authenticationType": "AWS_LAMBDA"}]),
    ],
)
def test_a_provider_given_twice_or_without_its_settings_is_a_fault(default: Any, additional: Any) -> None:
    assert configuration_fault({**default, "additionalAuthenticationProviders": additional}, "1")


def issuer(address: str) -> dict[str, Any]:
    return {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": {"issuer": address}}


def authorizer(uri: str) -> dict[str, Any]:
    return {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": {"authorizerUri": uri}}


@pytest.mark.parametrize(
    "settings",
    [
        issuer(""),
        issuer("issuer.example"),
        issuer("http://issuer.example"),
        issuer("https://["),
        authorizer("f"),
        authorizer("arn:aws:s3:::bucket:of:mine"),
        {**POOL, "userPoolConfig": {"userPoolId": "us-east-1_A", "defaultAction": "REFUSE"}},
        {**KEY, "queryDepthLimit": 76},
        {**KEY, "queryDepthLimit": "-1"},
        {**KEY, "resolverCountLimit": 10_001},
        {**KEY, "introspectionConfig": "OFF"},
        {**KEY, "apiType": "MERGED"},
    ],
)
def test_a_setting_that_aws_does_not_take_is_a_fault(settings: Any) -> None:
    assert configuration_fault(settings, "1")


def test_an_issuer_is_asked_over_https_or_on_this_machine() -> None:
    for address in ("https://issuer.example/", "http://127.0.0.1:4566/one", "http://localhost/one"):
        assert configuration_fault(issuer(address), "1") is None
