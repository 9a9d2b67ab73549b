"""Whatever is sent, nothing fails inside: no 5xx and no traceback.

The examples are the same in every run, so that a failure is the change's and not chance's.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cloud import Cloud, running_cloud
from tests.contract import faults, random_calls, random_rest_calls, random_templates, wire

EXAMPLES = 150
SERVICES = ("cognito-idp", "cognito-identity", "dynamodb", "events", "logs", "secretsmanager")
FORM_SERVICES = ("iam", "sts", "cloudformation")
REST_SERVICES = ("appsync", "lambda", "apigateway")
PATHS = (
    "/",
    "/oauth2/token",
    "/.well-known/jwks.json",
    "/v1/apis",
    "/restapis",
    "/2015-03-31/functions/",
    "/_aws/execute-api/",
    "/_local_cloud/faults",
    "/_local_cloud/oidc/one/token",
    "/_local_cloud/portraits/",
)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

steady = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud of these tests' own, which they may leave in any state."""
    with running_cloud(tmp_path_factory.mktemp("random") / "folder", users=20) as started:
        yield started
        assert "Traceback" not in started.log


def token(cloud: Cloud) -> str:
    signed_in = cloud.client("cognito-idp").admin_initiate_auth(
        UserPoolId=cloud.backend["UserPoolId"],
        ClientId=cloud.backend["UserPoolClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": cloud.password("ada")},
    )
    return str(signed_in["AuthenticationResult"]["IdToken"])


def api(cloud: Cloud, name: str) -> tuple[str, dict[str, str]]:
    """Return the address of one of the stacks' APIs, and a header that it takes."""
    if name == "users":
        return cloud.backend["GraphQLApiUrl"], {"Authorization": token(cloud)}
    return cloud.auth_modes["GraphQLApiUrl"], {"x-api-key": cloud.auth_modes["ApiKey"]}


def held(cloud: Cloud, status: int, shown: object) -> None:
    assert status < 500, shown
    assert "Traceback" not in cloud.log, shown


@pytest.mark.parametrize("name", ["users", "all modes"])
def test_any_query_of_an_apis_own_schema_is_answered(cloud: Cloud, name: str) -> None:
    url, headers = api(cloud, name)
    schema = schemathesis.graphql.from_url(url, headers=headers)
    for operation in schema.get_all_operations():

        @settings(steady, max_examples=15)
        @given(operation.ok().as_strategy())
        def holds(case: Any) -> None:
            held(cloud, case.call(headers=headers).status_code, case.body)

        holds()


@pytest.mark.parametrize("service", SERVICES)
def test_any_call_of_a_service_is_answered(cloud: Cloud, service: str) -> None:
    @steady
    @given(random_calls.calls(service, cloud))
    def holds(call: tuple[str, str, Any]) -> None:
        target, kind, content = call
        body = json.dumps(content).encode()
        headers = {"Content-Type": kind, "X-Amz-Target": target}
        reply = wire.send(cloud, "POST", "/", wire.sign(cloud, service, headers, body), body)
        held(cloud, reply.status, call)

    holds()


@pytest.mark.parametrize("service", REST_SERVICES)
def test_any_call_of_a_service_of_paths_is_answered(cloud: Cloud, service: str) -> None:
    @steady
    @given(random_rest_calls.calls(service, cloud))
    def holds(call: random_rest_calls.Call) -> None:
        headers = wire.sign(cloud, service, call.headers, call.body, method=call.method, path=call.path)
        reply = wire.send(cloud, call.method, call.path, headers, call.body)
        held(cloud, reply.status, (call, reply.body))

    holds()


@pytest.mark.parametrize("service", FORM_SERVICES)
def test_any_call_of_a_service_of_forms_is_answered(cloud: Cloud, service: str) -> None:
    @steady
    @given(random_calls.forms(service, cloud))
    def holds(body: bytes) -> None:
        reply = wire.send(cloud, "POST", "/", wire.sign(cloud, service, FORM, body), body)
        held(cloud, reply.status, (body, reply.body))

    holds()


def test_any_template_is_answered(cloud: Cloud) -> None:
    @settings(steady, max_examples=60)
    @given(random_templates.templates())
    def holds(template: dict[str, Any]) -> None:
        call = {"Version": "2010-05-15", "StackName": f"stack-{uuid4().hex}", "TemplateBody": json.dumps(template)}
        for action in ("CreateStack", "DeleteStack"):
            body = urlencode({"Action": action, **call}).encode()
            reply = wire.send(cloud, "POST", "/", wire.sign(cloud, "cloudformation", FORM, body), body)
            held(cloud, reply.status, (action, template, reply.body))

    holds()


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_nested_without_end_is_answered(cloud: Cloud, path: str) -> None:
    policy = urlencode({"Action": "CreatePolicy", "Version": "2010-05-08", "PolicyDocument": "[" * 60_000}).encode()
    for body in (b"[" * 60_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, policy):
        for service in ("cognito-idp", "lambda", "iam"):
            signed = wire.sign(cloud, service, FORM if body is policy else {}, body, path=path)
            for headers in (signed, {"Content-Type": "application/json"}, faults.authorization(cloud)):
                held(cloud, wire.send(cloud, "POST", path, headers, body).status, (path, headers, body[:40]))


def test_any_request_at_the_door_is_answered(cloud: Cloud) -> None:
    text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)

    @steady
    @given(
        st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        st.sampled_from(PATHS),
        text,
        st.dictionaries(
            st.sampled_from(["Authorization", "Content-Type", "X-Amz-Target", "X-Amz-Content-SHA256", "Accept"]), text
        ),
        st.binary(max_size=60) | st.just(b"Action=ListUsers&Version=2010-05-08"),
    )
    def holds(method: str, path: str, rest: str, headers: dict[str, str], body: bytes) -> None:
        reply = wire.send(cloud, method, path + rest.replace("#", ""), headers, body)
        held(cloud, reply.status, (method, path, rest, headers, body))

    holds()


def test_any_body_for_a_graphql_api_is_answered(cloud: Cloud) -> None:
    url, key = cloud.auth_modes["GraphQLApiUrl"], {"x-api-key": cloud.auth_modes["ApiKey"]}
    words = ("{", "}", "(", ")", ":", "query", "mutation", "byApiKey", "echo", "text", '"x"', "$a", "!", "...")
    odd = ("tokens", "1e999", "{" * 300, "[" * 5_000, '"\\ud800"', "@skip(if: true)")
    documents = st.lists(st.sampled_from(words + odd), max_size=12).map(" ".join)
    values = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
    values |= st.floats() | st.just("\ud800")
    requests_like = st.fixed_dictionaries(
        {}, optional={"query": documents | values, "variables": values, "operationName": values, "extensions": values}
    )

    @steady
    @given(st.binary(max_size=40) | requests_like.map(lambda like: json.dumps(like).encode()))
    def holds(body: bytes) -> None:
        held(cloud, requests.post(url, body, headers=key, timeout=60).status_code, body)

    holds()
