"""Faults on demand: each as a real client sees it, and gone afterwards."""

import json
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from tests.cloud import Cloud, running_cloud
from tests.contract import wire
from tests.contract.faults import PATH, authorization, faults, put
from tests.contract.refusals import refusal

QUERY = {"query": "{ __typename }"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud of these tests' own: faults that hit everybody else's calls would not be fair."""
    with running_cloud(tmp_path_factory.mktemp("faults") / "folder", users=5) as started:
        yield started


def calls(cloud: Cloud) -> dict[str, Callable[[], Any]]:
    """Return one call of every service, each of which succeeds."""
    pool = cloud.backend["UserPoolId"]
    return {
        "cognito-idp": lambda: cloud.client("cognito-idp").list_users(UserPoolId=pool, Limit=1),
        "cognito-identity": lambda: cloud.client("cognito-identity").list_identity_pools(MaxResults=1),
        "dynamodb": cloud.client("dynamodb").list_tables,
        "appsync": cloud.client("appsync").list_graphql_apis,
        "lambda": cloud.client("lambda").list_functions,
        "apigateway": cloud.client("apigateway").get_rest_apis,
        "iam": cloud.client("iam").list_users,
        "sts": cloud.client("sts").get_caller_identity,
        "cloudformation": cloud.client("cloudformation").list_stacks,
        "secretsmanager": cloud.client("secretsmanager").list_secrets,
        "events": cloud.client("events").list_rules,
        "logs": cloud.client("logs").describe_log_groups,
        "s3": cloud.client("s3").list_buckets,
    }


THROTTLED = {
    "cognito-idp": (400, "TooManyRequestsException"),
    "cognito-identity": (400, "TooManyRequestsException"),
    "dynamodb": (400, "ThrottlingException"),
    "appsync": (429, "TooManyRequestsException"),
    "lambda": (429, "TooManyRequestsException"),
    "apigateway": (429, "TooManyRequestsException"),
    "iam": (400, "Throttling"),
    "sts": (400, "Throttling"),
    "cloudformation": (400, "Throttling"),
    "secretsmanager": (400, "ThrottlingException"),
    "events": (400, "ThrottlingException"),
    "logs": (400, "ThrottlingException"),
    "s3": (503, "SlowDown"),
}
FAILED = {
    "cognito-idp": "InternalErrorException",
    "cognito-identity": "InternalErrorException",
    "dynamodb": "InternalServerError",
    "appsync": "InternalFailureException",
    "lambda": "ServiceException",
    "apigateway": "InternalFailure",
    "iam": "ServiceFailure",
    "sts": "InternalFailure",
    "cloudformation": "InternalFailure",
    "secretsmanager": "InternalServiceError",
    "events": "InternalException",
    "logs": "InternalFailure",
    "s3": "InternalError",
}


@pytest.mark.parametrize("service", sorted(THROTTLED))
def test_every_service_throttles_in_its_own_words(cloud: Cloud, service: str) -> None:
    call = calls(cloud)[service]
    with faults(cloud, {"kind": "throttling", "service": service}):
        assert refusal(call)[:2] == THROTTLED[service]
    assert call()


@pytest.mark.parametrize("service", sorted(FAILED))
def test_every_service_fails_in_its_own_words(cloud: Cloud, service: str) -> None:
    call = calls(cloud)[service]
    with faults(cloud, {"kind": "error", "service": service}):
        assert refusal(call)[:2] == (500, FAILED[service])
    with faults(cloud, {"kind": "error", "status": 503, "service": service}):
        assert refusal(call)[0] == 503
    assert call()


def test_a_fault_of_one_operation_leaves_the_others_alone(cloud: Cloud) -> None:
    cognito, pool = cloud.client("cognito-idp"), {"UserPoolId": cloud.backend["UserPoolId"]}
    with faults(cloud, {"kind": "throttling", "service": "cognito-idp", "operation": "ListUsers"}):
        assert refusal(cognito.list_users, **pool)[1] == "TooManyRequestsException"
        assert cognito.list_groups(**pool)["Groups"]
    with faults(cloud, {"kind": "throttling", "service": "appsync", "operation": "GetGraphqlApi"}):
        api = {"apiId": cloud.backend["GraphQLApiId"]}
        assert refusal(cloud.client("appsync").get_graphql_api, **api)[0] == 429
        assert cloud.client("appsync").list_graphql_apis()["graphqlApis"]


def test_a_call_that_needs_no_signature_is_hit_as_well(cloud: Cloud) -> None:
    identity, pool = cloud.unsigned("cognito-identity"), cloud.backend["IdentityPoolId"]
    with faults(cloud, {"kind": "throttling", "service": "cognito-identity", "operation": "GetId"}):
        assert refusal(identity.get_id, IdentityPoolId=pool)[1] == "TooManyRequestsException"
    assert identity.get_id(IdentityPoolId=pool)["IdentityId"]


def test_a_count_ends_by_itself(cloud: Cloud) -> None:
    dynamodb = cloud.client("dynamodb")
    assert put(cloud, {"kind": "throttling", "service": "dynamodb", "count": 2}).status == 200
    assert refusal(dynamodb.list_tables)[1] == refusal(dynamodb.list_tables)[1] == "ThrottlingException"
    assert dynamodb.list_tables()["TableNames"]
    assert wire.send(cloud, "GET", PATH, authorization(cloud)).json() == {"faults": []}


def test_a_time_ends_by_itself(cloud: Cloud) -> None:
    dynamodb = cloud.client("dynamodb")
    ends = time.time() + 5
    assert put(cloud, {"kind": "error", "service": "dynamodb", "until": ends}).status == 200
    assert refusal(dynamodb.list_tables)[0] == 500
    time.sleep(max(0.0, ends - time.time()) + 0.1)
    assert dynamodb.list_tables()["TableNames"]


def test_latency_delays_the_true_answer_and_nobody_elses(cloud: Cloud) -> None:
    with faults(cloud, {"kind": "latency", "seconds": 0.7, "service": "dynamodb"}):
        began = time.monotonic()
        assert cloud.client("dynamodb").list_tables()["TableNames"]
        assert time.monotonic() - began >= 0.7
        assert wire.send(cloud, "GET", "/_local_cloud/health").status == 200
        assert cloud.client("sts").get_caller_identity()["Arn"]


def test_a_reset_cuts_the_connection_without_an_answer(cloud: Cloud) -> None:
    dynamodb = cloud.client("dynamodb")
    with faults(cloud, {"kind": "reset"}):
        with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
            dynamodb.list_tables()
        with pytest.raises(ConnectionResetError):
            wire.send(cloud, "GET", "/a-bucket")
        with pytest.raises(requests.ConnectionError):
            requests.post(cloud.backend["GraphQLApiUrl"], json=QUERY, timeout=60)
    assert dynamodb.list_tables()["TableNames"]


def test_the_sdk_gets_over_a_throttled_call_by_itself(cloud: Cloud) -> None:
    key = cloud.access_key("local-admin")
    patient = boto3.client(
        "dynamodb",
        endpoint_url=cloud.endpoint,
        region_name=key.pop("region"),
        **{name: value for name, value in key.items() if name.startswith("aws_")},
    )
    with faults(cloud, {"kind": "throttling", "service": "dynamodb", "count": 1}):
        assert patient.list_tables()["ResponseMetadata"]["RetryAttempts"] == 1


@pytest.mark.parametrize("operation", ["the API's id", "*"])
def test_a_graphql_api_throttles_and_fails_as_appsync_does(cloud: Cloud, operation: str) -> None:
    name = cloud.auth_modes["GraphQLApiId"] if operation != "*" else "*"
    url, headers = cloud.auth_modes["GraphQLApiUrl"], {"x-api-key": cloud.auth_modes["ApiKey"]}

    def asked() -> requests.Response:
        return requests.post(url, json=QUERY, headers=headers, timeout=60)

    with faults(cloud, {"kind": "throttling", "service": "graphql", "operation": name}):
        answer = asked()
        assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (429, "TooManyRequestsException")
        assert answer.json()["errors"][0]["errorType"] == "TooManyRequestsException"
    with faults(cloud, {"kind": "error", "service": "graphql", "operation": name}):
        answer = asked()
        assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (500, "InternalFailureException")
    assert asked().json() == {"data": {"__typename": "Query"}}


def test_a_fault_of_one_graphql_api_leaves_the_other_alone(cloud: Cloud) -> None:
    other = {"kind": "error", "service": "graphql", "operation": cloud.backend["GraphQLApiId"]}
    with faults(cloud, other):
        assert requests.post(cloud.backend["GraphQLApiUrl"], json=QUERY, timeout=60).status_code == 500
        headers = {"x-api-key": cloud.auth_modes["ApiKey"]}
        answer = requests.post(cloud.auth_modes["GraphQLApiUrl"], json=QUERY, headers=headers, timeout=60)
        assert answer.status_code == 200


def test_a_rest_api_throttles_and_fails_as_api_gateway_does(cloud: Cloud) -> None:
    url = cloud.backend["RestApiUrl"] + "hello"
    with faults(cloud, {"kind": "throttling", "service": "execute-api"}):
        answer = requests.get(url, timeout=60)
        assert (answer.status_code, answer.json()) == (429, {"message": "Too Many Requests"})
    with faults(cloud, {"kind": "error", "status": 504, "service": "execute-api"}):
        assert requests.get(url, timeout=60).status_code == 504
    assert requests.get(url, timeout=60).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer \u00e9"},
        {"Authorization": "Basic d3Jvbmc6d3Jvbmc="},
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST", "OPTIONS"])
def test_without_the_token_nothing_is_shown_or_changed(cloud: Cloud, method: str, headers: dict[str, str]) -> None:
    sent = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
    reply = wire.send(
        cloud, method, PATH, {**sent, "Origin": "https://example.com"}, b'{"faults": [{"kind": "reset"}]}'
    )
    assert reply.status == 401
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    assert wire.send(cloud, "GET", PATH, authorization(cloud)).json() == {"faults": []}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"faults": [{"kind": "error", "status": 200}]}']
)
def test_faults_that_cannot_be_set_are_refused_and_change_nothing(cloud: Cloud, body: bytes) -> None:
    with faults(cloud, {"kind": "latency", "seconds": 0, "service": "sts"}):
        reply = wire.send(cloud, "PUT", PATH, authorization(cloud), body)
        assert (reply.status, set(reply.json())) == (400, {"message"})
        assert len(wire.send(cloud, "GET", PATH, authorization(cloud)).json()["faults"]) == 1


def test_the_token_lies_in_a_file_for_its_owner_alone_and_goes_with_the_cloud(tmp_path: Path) -> None:
    with running_cloud(tmp_path / "folder", users=0) as started:
        file = started.folder / "control.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        held = json.loads(file.read_text())
        assert held["endpoint"] == started.endpoint
        assert len(held["token"]) >= 32
    assert not file.exists()


def test_a_client_error_carries_a_request_id(cloud: Cloud) -> None:
    with faults(cloud, {"kind": "throttling", "service": "cognito-idp"}), pytest.raises(ClientError) as caught:
        calls(cloud)["cognito-idp"]()
    assert caught.value.response["ResponseMetadata"]["RequestId"]
