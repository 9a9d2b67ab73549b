"""Calls that don't fit their model are refused as AWS refuses them, before anything fails inside."""

import json

import pytest

from tests.cloud import Cloud
from tests.contract import wire


def call(cloud: Cloud, service: str, method: str, path: str, body: bytes) -> wire.Reply:
    headers = {"Content-Type": "application/json"}
    signed = wire.sign(cloud, service, headers, body, method=method, path=path)
    return wire.send(cloud, method, path, signed, body)


@pytest.mark.parametrize(
    ("service", "method", "path", "body"),
    [
        ("lambda", "POST", "/2015-03-31/functions", b"[]"),
        ("lambda", "POST", "/2015-03-31/functions", b"{"),
        ("lambda", "GET", "/2015-03-31/functions?MaxItems=many", b""),
        ("appsync", "POST", "/v1/apis", b'{"name": ["users"], "authenticationType": "API_KEY"}'),
        ("appsync", "GET", "/v1/apis?maxResults=many", b""),
        ("apigateway", "POST", "/restapis", b'{"name": {"of": "an API"}}'),
        ("apigateway", "GET", "/restapis?limit=many", b""),
    ],
)
def test_a_value_of_another_type_is_refused(
    local_cloud: Cloud, service: str, method: str, path: str, body: bytes
) -> None:
    """MiniStack fails inside, or takes it."""
    reply = call(local_cloud, service, method, path, body)
    assert (reply.status, reply.code) == (400, "SerializationException")
    assert reply.headers["x-amzn-errortype"] == "SerializationException"


@pytest.mark.parametrize(
    ("service", "path", "code", "missing"),
    [
        ("lambda", "/2015-03-31/functions", "ValidationException", "Role"),
        ("appsync", "/v1/apis", "BadRequestException", "authenticationType"),
        ("apigateway", "/restapis", "BadRequestException", "name"),
    ],
)
def test_what_is_missing_is_named(local_cloud: Cloud, service: str, path: str, code: str, missing: str) -> None:
    reply = call(local_cloud, service, "POST", path, json.dumps({missing: None}).encode())
    assert (reply.status, reply.code) == (400, code)
    assert f"Value at '{missing}'" in reply.json()["message"]


def test_an_import_is_no_creation(local_cloud: Cloud) -> None:
    """MiniStack makes an API of the name that it finds in the definition."""
    reply = call(local_cloud, "apigateway", "POST", "/restapis?mode=import", b'{"name": "imported"}')
    assert (reply.status, reply.json()["message"]) == (400, "ImportRestApi is not served here.")


def test_a_member_that_is_null_is_not_there(local_cloud: Cloud) -> None:
    body = {"name": "nulls", "authenticationType": "API_KEY", "tags": None, "logConfig": None}
    reply = call(local_cloud, "appsync", "POST", "/v1/apis", json.dumps(body).encode())
    assert reply.status == 200
    assert reply.json()["graphqlApi"]["name"] == "nulls"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/v1/apis", {"queryDepthLimit": 76}, "Value '76' at 'queryDepthLimit'"),
        ("/v1/apis", {"queryDepthLimit": -1}, "greater than or equal to 0"),
        ("/v1/apis", {"resolverCountLimit": 10_001}, "less than or equal to 10000"),
        ("/v1/apis", {"introspectionConfig": "OFF"}, "enum value set: [ENABLED, DISABLED]"),
        ("/v1/apis/an-api/datasources", {"type": "NONE", "name": "a-b"}, "regular expression pattern"),
    ],
)
def test_a_value_that_the_model_of_appsync_does_not_allow_is_refused(
    local_cloud: Cloud, path: str, body: dict[str, object], said: str
) -> None:
    """MiniStack takes them as they come."""
    whole = {"name": "bounds", "authenticationType": "API_KEY", **body}
    reply = call(local_cloud, "appsync", "POST", path, json.dumps(whole).encode())
    assert (reply.status, reply.code) == (400, "BadRequestException")
    assert said in reply.json()["message"]


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ({"Resources": {"A": ["AWS::IAM::Role"]}}, "/Resources/A"),
        ({"Resources": {"A": {"Properties": {}}}}, "/Resources/A"),
        ({"Resources": {"A": {"Type": "AWS::IAM::Role", "Properties": []}}}, "/Resources/A/Properties"),
        ({"Resources": {"A": {"Type": "AWS::IAM::Role", "DependsOn": [["B"]]}}}, "/Resources/A/DependsOn"),
        ({"Resources": {"A": {"Type": "AWS::IAM::Role", "DependsOn": None}}}, "/Resources/A/DependsOn"),
        ({"Resources": {}, "Parameters": {"P": "String"}}, "/Parameters/P"),
        ({"Resources": {}, "Outputs": []}, "/Outputs"),
    ],
)
def test_a_template_of_another_form_is_refused(local_cloud: Cloud, template: dict[str, object], place: str) -> None:
    """MiniStack fails inside, or at the stack's deletion."""
    formation = local_cloud.client("cloudformation")
    for call, named in ((formation.create_stack, {"StackName": "misshapen"}), (formation.validate_template, {})):
        with pytest.raises(formation.exceptions.ClientError, match="Template format error") as raised:
            call(TemplateBody=json.dumps(template), **named)
        assert f"[{place}]" in str(raised.value)


@pytest.mark.parametrize(
    ("service", "operation", "given"),
    [
        ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
        ("cognito-idp", "list_user_pool_clients", {"UserPoolId": "UserPoolId"}),
        ("cognito-idp", "list_identity_providers", {"UserPoolId": "UserPoolId"}),
        ("cognito-idp", "list_resource_servers", {"UserPoolId": "UserPoolId", "MaxResults": 1}),
        ("cognito-identity", "list_identity_pools", {"MaxResults": 1}),
    ],
)
def test_a_token_of_no_page_is_refused(
    local_cloud: Cloud, service: str, operation: str, given: dict[str, object]
) -> None:
    """MiniStack takes it for a number, and fails."""
    if "UserPoolId" in given:
        given = {**given, "UserPoolId": local_cloud.backend["UserPoolId"]}
    client = local_cloud.client(service)
    with pytest.raises(client.exceptions.InvalidParameterException):
        getattr(client, operation)(NextToken="no-number", **given)


def test_a_tag_without_a_key_is_refused(local_cloud: Cloud) -> None:
    """The model of Secrets Manager doesn't ask for it, and MiniStack fails without."""
    secrets = local_cloud.client("secretsmanager")
    secret = secrets.create_secret(Name="tagged", SecretString="x")["ARN"]
    with pytest.raises(secrets.exceptions.ClientError, match="ValidationException"):
        secrets.tag_resource(SecretId=secret, Tags=[{}])
