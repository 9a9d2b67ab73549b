"""Who gets in: signatures, access keys, Host headers, and what isn't served at all."""

import hashlib
import json
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.refusals import refusal

LIST_POOLS = "AWSCognitoIdentityProviderService.ListUserPools"


def stranger(cloud: Cloud, service: str, key: str, secret: str) -> Any:
    """Return a client that signs with any key and secret."""
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=cloud.endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.parametrize("key", ["test", "000000000000", "123456789012", "AKIAUNKNOWNUNKNOWN00"])
def test_a_key_that_nobody_issued_is_unknown_to_every_service(local_cloud: Cloud, key: str) -> None:
    cognito = stranger(local_cloud, "cognito-idp", key, "test")
    assert refusal(cognito.list_user_pools, MaxResults=1)[1:] == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )
    assert refusal(stranger(local_cloud, "dynamodb", key, "test").list_tables)[1] == "UnrecognizedClientException"
    assert refusal(stranger(local_cloud, "appsync", key, "test").list_graphql_apis)[:2] == (
        403,
        "UnrecognizedClientException",
    )
    assert refusal(stranger(local_cloud, "sts", key, "test").get_caller_identity)[:2] == (403, "InvalidClientTokenId")
    assert refusal(stranger(local_cloud, "iam", key, "test").list_users)[:2] == (403, "InvalidClientTokenId")
    assert refusal(stranger(local_cloud, "s3", key, "test").list_buckets)[:2] == (403, "InvalidAccessKeyId")


@pytest.mark.parametrize("value", ["abc", "Bearer abc", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential="])
def test_an_authorization_header_that_names_no_key_opens_nothing(local_cloud: Cloud, value: str) -> None:
    headers = {**wire.call_headers(LIST_POOLS), "Authorization": value}
    reply = wire.send(local_cloud, "POST", "/", headers, b'{"MaxResults": 1}')
    assert reply.status in {400, 403}
    assert b"UserPools" not in reply.body


def test_an_unsigned_call_that_needs_a_signature_is_refused(local_cloud: Cloud) -> None:
    reply = wire.send(local_cloud, "POST", "/", wire.call_headers(LIST_POOLS), b'{"MaxResults": 1}')
    assert (reply.status, reply.code) == (400, "MissingAuthenticationTokenException")


def test_an_unsigned_request_for_a_bucket_is_refused(local_cloud: Cloud) -> None:
    assert wire.send(local_cloud, "GET", "/").status == 403
    assert wire.send(local_cloud, "PUT", "/a-bucket-of-my-own").status == 403


def test_a_call_that_aws_takes_unsigned_is_taken_unsigned(local_cloud: Cloud) -> None:
    identity = local_cloud.unsigned("cognito-identity")
    assert identity.get_id(IdentityPoolId=local_cloud.backend["IdentityPoolId"])["IdentityId"]


@pytest.mark.parametrize(
    ("service", "call", "parameters"),
    [
        ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
        ("dynamodb", "list_tables", {}),
        ("sts", "get_caller_identity", {}),
    ],
)
def test_a_wrong_secret_is_refused(local_cloud: Cloud, service: str, call: str, parameters: dict[str, Any]) -> None:
    key, _ = wire.access_key(local_cloud, "local-admin")
    client = stranger(local_cloud, service, key, "not-the-secret")
    _, code, message = refusal(getattr(client, call), **parameters)
    assert code in {"InvalidSignatureException", "SignatureDoesNotMatch"}
    assert message.startswith("The request signature we calculated does not match the signature you provided.")


def test_a_body_changed_after_signing_is_refused(local_cloud: Cloud) -> None:
    body = b'{"MaxResults": 1}'
    headers = wire.sign(local_cloud, "cognito-idp", wire.call_headers(LIST_POOLS), body)
    assert wire.send(local_cloud, "POST", "/", headers, body).status == 200
    tampered = wire.send(local_cloud, "POST", "/", headers, b'{"MaxResults": 2}')
    assert tampered.code == "InvalidSignatureException"


def test_a_body_changed_after_signing_is_refused_even_when_its_hash_was_signed(local_cloud: Cloud) -> None:
    body = b'{"MaxResults": 1}'
    stated = {"X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest()}
    headers = wire.sign(local_cloud, "cognito-idp", {**wire.call_headers(LIST_POOLS), **stated}, body)
    assert wire.send(local_cloud, "POST", "/", headers, body).status == 200
    tampered = wire.send(local_cloud, "POST", "/", headers, b'{"MaxResults": 2}')
    assert tampered.code == "InvalidSignatureException"


def test_a_body_that_s3_was_told_another_hash_of_is_refused(local_cloud: Cloud) -> None:
    body = b"as signed"
    stated = {"X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest()}
    headers = wire.sign(local_cloud, "s3", stated, body)
    reply = wire.send(local_cloud, "POST", "/", headers, b"not as signed")
    assert reply.status == 400
    assert b"XAmzContentSHA256Mismatch" in reply.body


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "127.0.0.1.example.com:4566", "x.appsync-api.evil.com"])
def test_another_host_name_is_refused(local_cloud: Cloud, host: str) -> None:
    assert wire.send(local_cloud, "GET", "/_local_cloud/health", {"Host": host}).status == 403


def test_localhost_and_the_address_are_both_answered(local_cloud: Cloud) -> None:
    for host in ("127.0.0.1", "localhost"):
        reply = wire.send(local_cloud, "GET", "/_local_cloud/health", {"Host": f"{host}:{local_cloud.port}"})
        assert (reply.status, reply.json()) == (200, {"ready": True})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_ministack/reset"),
        ("POST", "/_ministack/config"),
        ("GET", "/_ministack/ses/messages"),
        ("GET", "/_ministack/../_ministack/ses/messages"),
        ("GET", "/_localstack/info"),
        ("POST", "/_ministack/rds/iam-auth"),
    ],
)
def test_the_emulators_own_controls_are_closed(local_cloud: Cloud, method: str, path: str) -> None:
    assert wire.send(local_cloud, method, path, body=b"{}").status in {403, 404}
    assert local_cloud.client("cognito-idp").list_user_pools(MaxResults=5)["UserPools"]


def test_no_web_page_is_invited_to_read_the_answers(local_cloud: Cloud) -> None:
    origin = {"Origin": "https://example.com"}
    preflight = wire.send(local_cloud, "OPTIONS", "/", {**origin, "Access-Control-Request-Method": "POST"})
    call = wire.send(local_cloud, "POST", "/", {**origin, **wire.call_headers(LIST_POOLS)}, b"{}")
    for reply in (preflight, call):
        assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_a_body_beyond_the_limit_is_refused(local_cloud: Cloud) -> None:
    headers = {"Content-Length": str(60 * 1024 * 1024)}
    reply = wire.send(local_cloud, "POST", "/", headers)
    assert reply.status == 413


def test_the_dashboards_profile_may_do_what_the_policy_says_and_no_more(local_cloud: Cloud) -> None:
    cognito = local_cloud.client("cognito-idp", profile="gatehouse")
    pool = {"UserPoolId": local_cloud.backend["UserPoolId"]}
    assert cognito.list_users(**pool, Limit=1)["Users"]
    assert cognito.list_groups(**pool)["Groups"]
    for forbidden in (
        lambda: cognito.delete_user_pool(**pool),
        lambda: cognito.delete_user_pool_client(**pool, ClientId=local_cloud.backend["UserPoolClientId"]),
        lambda: cognito.list_user_pools(MaxResults=1),
        lambda: cognito.list_users(UserPoolId=local_cloud.auth_modes["OidcUserPoolId"]),
        lambda: local_cloud.client("iam", profile="gatehouse").list_users(),
        lambda: local_cloud.client("dynamodb", profile="gatehouse").scan(
            TableName=local_cloud.backend["UserTableName"]
        ),
    ):
        assert refusal(forbidden)[1] in {"AccessDeniedException", "AccessDenied"}


def test_a_portrait_is_a_drawing_and_a_strange_name_has_none(local_cloud: Cloud) -> None:
    portrait = wire.send(local_cloud, "GET", "/_local_cloud/portraits/ada-lovelace.svg")
    assert (portrait.status, portrait.headers["content-type"]) == (200, "image/svg+xml")
    assert b">AL</text>" in portrait.body
    for name in ("%3Cscript%3E", "..%2f..%2fdemo", "A" * 100, ""):
        assert wire.send(local_cloud, "GET", f"/_local_cloud/portraits/{name}.svg").status == 404


def test_health_says_nothing_but_whether_it_is_ready(local_cloud: Cloud) -> None:
    assert json.loads(wire.send(local_cloud, "GET", "/_local_cloud/health").body) == {"ready": True}
