"""A request is judged by what it does, not by what else it says about itself."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.directories import Directory, new_directory
from tests.contract.refusals import refusal

COGNITO = "AWSCognitoIdentityProviderService"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def directory(local_cloud: Cloud) -> Directory:
    made = new_directory(local_cloud)
    made.add("mara")
    return made


def test_an_unsigned_call_cannot_pass_for_one_that_needs_no_signature(local_cloud: Cloud, directory: Directory) -> None:
    body = {
        "UserPoolId": directory.pool_id,
        "Username": "mara",
        "Password": "Stolen-horse-1",
        "Permanent": True,
    }
    headers = wire.call_headers(f"{COGNITO}.AdminSetUserPassword")
    for path, more in (
        ("/?Action=InitiateAuth", {}),
        ("/", {"Content-Type": FORM}),
        ("/?Action=AdminSetUserPassword&Version=1", {}),
    ):
        for said in (json.dumps(body), "Action=InitiateAuth"):
            reply = wire.send(local_cloud, "POST", path, {**headers, **more}, said.encode())
            assert reply.status in {400, 403}, path
    assert directory.srp("mara")["AuthenticationResult"]


def test_a_permission_for_one_call_does_not_carry_another(local_cloud: Cloud, directory: Directory) -> None:
    backend = local_cloud.backend
    body = json.dumps({"UserPoolId": backend["UserPoolId"]}).encode()
    headers = wire.call_headers(f"{COGNITO}.DeleteUserPool")
    signed = wire.sign(local_cloud, "cognito-idp", headers, body, profile="gatehouse", path="/?Action=ListUsers")
    assert wire.send(local_cloud, "POST", "/?Action=ListUsers", signed, body).code == "AccessDeniedException"
    assert local_cloud.client("cognito-idp").describe_user_pool(UserPoolId=backend["UserPoolId"])


def test_an_action_in_the_address_does_not_excuse_a_rest_call(local_cloud: Cloud) -> None:
    api = local_cloud.backend["GraphQLApiId"]
    for extra in ("?Action=ListApiKeys", "/?Action=GetGraphqlApi", "/", "//"):
        path = f"/v1/apis/{api}{extra}"
        signed = wire.sign(local_cloud, "appsync", {}, b"", profile="gatehouse", path=path, method="DELETE")
        assert wire.send(local_cloud, "DELETE", path, signed).status in {403, 404}, path
    assert local_cloud.client("appsync").get_graphql_api(apiId=api)["graphqlApi"]


def test_an_address_and_a_form_that_name_different_actions_are_refused(local_cloud: Cloud) -> None:
    name = f"smuggled-{secrets.token_hex(4)}"
    form = f"Action=CreateUser&UserName={name}&Version=2010-05-08".encode()
    for service, harmless in (("sts", "GetCallerIdentity"), ("iam", "GetUser")):
        path = f"/?Action={harmless}&Version=2011-06-15"
        signed = wire.sign(local_cloud, service, {"Content-Type": FORM}, form, profile="gatehouse", path=path)
        wire.send(local_cloud, "POST", path, signed, form)
    users = local_cloud.client("iam").list_users()["Users"]
    assert name not in {user["UserName"] for user in users}


def test_an_address_that_no_call_has_is_not_open_to_strangers(local_cloud: Cloud) -> None:
    api = local_cloud.backend["GraphQLApiId"]
    function = local_cloud.backend["SeedFunctionName"]
    for method, path in (
        ("DELETE", f"/v1/apis/{api}/"),
        ("GET", f"/v1/apis/{api}//apikeys"),
        ("GET", "/v1/apis/"),
        ("POST", f"/v1/apis/{api}/graphql%0A"),
        ("POST", f"/v1/apis/{api}/graphql/"),
        ("GET", f"/2015-03-31/functions/{function}/"),
        ("POST", f"/2015-03-31/functions/{function}/invocations/"),
        ("GET", "/restapis/"),
        ("HEAD", "/restapis"),
    ):
        reply = wire.send(local_cloud, method, path, body=b"" if method != "POST" else b'{"query":"{__typename}"}')
        assert reply.status in {400, 403, 404, 405}, (method, path, reply)
    assert local_cloud.client("appsync").get_graphql_api(apiId=api)["graphqlApi"]


@pytest.mark.parametrize("service", ["s3", "dynamodb", "appsync", "sts"])
def test_a_signature_for_one_service_is_no_signature_for_another(local_cloud: Cloud, service: str) -> None:
    body = b'{"MaxResults": 1}'
    signed = wire.sign(local_cloud, service, wire.call_headers(f"{COGNITO}.ListUserPools"), body)
    reply = wire.send(local_cloud, "POST", "/", signed, body)
    assert (reply.status, reply.code) == (400, "InvalidSignatureException")


def test_an_unsigned_body_for_s3_cannot_be_sent_to_another_service(local_cloud: Cloud) -> None:
    signed = wire.sign(local_cloud, "s3", {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}, b"")
    headers = {**signed, **wire.call_headers(f"{COGNITO}.ListUserPools")}
    reply = wire.send(local_cloud, "POST", "/", headers, b'{"MaxResults": 1}')
    assert reply.status in {400, 403}
    assert b"UserPools" not in reply.body


@pytest.fixture(scope="module")
def without_rights(local_cloud: Cloud) -> Iterator[Callable[[str], Any]]:
    """Clients of a user whom no policy allows anything."""
    iam, name = local_cloud.client("iam"), f"nobody-{secrets.token_hex(4)}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=local_cloud.endpoint,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )

    yield client
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)


@pytest.mark.parametrize(
    ("service", "call", "parameters", "told"),
    [
        ("cognito-idp", "list_user_pools", {"MaxResults": 1}, (400, "AccessDeniedException")),
        ("cognito-identity", "list_identity_pools", {"MaxResults": 1}, (400, "AccessDeniedException")),
        ("dynamodb", "list_tables", {}, (400, "AccessDeniedException")),
        ("secretsmanager", "list_secrets", {}, (400, "AccessDeniedException")),
        ("appsync", "list_graphql_apis", {}, (403, "AccessDeniedException")),
        ("apigateway", "get_rest_apis", {}, (403, "AccessDeniedException")),
        ("lambda", "list_functions", {}, (403, "AccessDeniedException")),
        ("iam", "list_users", {}, (403, "AccessDenied")),
        ("cloudformation", "list_stacks", {}, (403, "AccessDenied")),
    ],
)
def test_a_missing_permission_is_told_by_the_service_s_protocol(
    without_rights: Callable[[str], Any], service: str, call: str, parameters: dict[str, int], told: tuple[int, str]
) -> None:
    """MiniStack answers 403 everywhere; where X-Amz-Target names the action, AWS answers 400."""
    status, code, message = refusal(getattr(without_rights(service), call), **parameters)
    assert (status, code) == told
    assert "is not authorized to perform: " in message
    assert "because no identity-based policy allows the " in message


def test_a_missing_permission_names_the_user_pool(
    without_rights: Callable[[str], Any], local_cloud: Cloud, directory: Directory
) -> None:
    call = without_rights("cognito-idp").admin_get_user
    _, _, message = refusal(call, UserPoolId=directory.pool_id, Username="mara")
    arn = local_cloud.client("cognito-idp").describe_user_pool(UserPoolId=directory.pool_id)["UserPool"]["Arn"]
    assert f"is not authorized to perform: cognito-idp:AdminGetUser on resource: {arn} because no" in message


def test_a_header_that_names_an_action_changes_nothing_for_a_service_that_reads_none(local_cloud: Cloud) -> None:
    body = b"Action=ListUsers&Version=2010-05-08"
    reply = wire.send(local_cloud, "POST", "/", {"Content-Type": FORM, "X-Amz-Target": "0"}, body)
    assert (reply.status, b"<Code>MissingAuthenticationToken</Code>" in reply.body) == (403, True)
