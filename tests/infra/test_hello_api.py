"""S17, S18: the REST API, and the function that lets members of one group pass."""

import base64
import json

import pytest

from tests.infra.template import as_text


def test_s17_get_hello_takes_the_pools_id_tokens(backend):
    method = backend.the("ApiGateway::Method")
    assert (method["HttpMethod"], method["AuthorizationType"]) == ("GET", "COGNITO_USER_POOLS")
    assert "AuthorizationScopes" not in method, "with scopes, API Gateway would want access tokens"
    assert backend.of_type("ApiGateway::Resource")[method["ResourceId"]["Ref"]]["PathPart"] == "hello"

    authorizer = backend.of_type("ApiGateway::Authorizer")[method["AuthorizerId"]["Ref"]]
    assert authorizer["Type"] == "COGNITO_USER_POOLS"
    assert authorizer["IdentitySource"] == "method.request.header.Authorization"
    assert authorizer["ProviderARNs"] == [{"Fn::GetAtt": [backend.id_of("Cognito::UserPool"), "Arn"]}]


def test_s17_the_call_goes_to_the_function_as_it_is(backend):
    integration = backend.the("ApiGateway::Method")["Integration"]
    assert integration["Type"] == "AWS_PROXY"
    assert "{Hello" in as_text(integration["Uri"])
    assert backend.function("Hello")["Environment"]["Variables"] == {"ADMIN_GROUP": "admins"}


@pytest.mark.parametrize("groups", [["admins"], ["viewers", "admins"], ["not-admins", "admins"]])
def test_s18_a_member_of_admins_passes(hello, groups):
    status, body = hello(groups=groups)
    assert (status, body) == (200, {"message": "Hello, ada."})


@pytest.mark.parametrize(
    "groups",
    [
        None,
        [],
        ["viewers"],
        ["not-admins"],
        ["admins-readonly"],
        ["sysadmins"],
        ["admins, x"],
        ["x,admins"],
        ["[admins]"],
        ["admins "],
        ["Admins"],
        ["admin", "s"],
        ["not-admins", "admins-readonly", "admins, x"],
    ],
)
def test_s18_no_other_group_passes_however_alike_its_name(hello, groups):
    status, body = hello(groups=groups)
    assert (status, body) == (403, {"message": "Only members of the group admins may call this."})


def test_a_prefix_before_the_token_and_the_case_of_the_header_do_not_matter(hello):
    assert hello(groups=["admins"], prefix="Bearer ")[0] == 200
    assert hello(groups=["admins"], header="authorization")[0] == 200


def test_an_access_token_is_refused_as_api_gateway_refuses_it(hello):
    assert hello(groups=["admins"], use="access") == (401, {"message": "Unauthorized"})


def test_a_second_token_beside_the_verified_one_is_not_believed(function):
    module = function("hello", ADMIN_GROUP="admins")
    event = {"multiValueHeaders": {"Authorization": [token(groups=["viewers"]), token(groups=["admins"])]}}
    assert module.handler(event, None)["statusCode"] == 401


@pytest.fixture
def hello(function):
    """Return a call of the function by somebody whose verified token carries `groups`: status and body."""
    module = function("hello", ADMIN_GROUP="admins")

    def call(*, groups, header="Authorization", prefix="", use="id"):
        event = {"multiValueHeaders": {header: [prefix + token(groups=groups, use=use)]}}
        answer = module.handler(event, None)
        assert answer["headers"] == {"Content-Type": "application/json"}
        return answer["statusCode"], json.loads(answer["body"])

    return call


def token(*, groups, use="id"):
    """Return a JWT with these groups. Its signature is API Gateway's concern, not the function's."""
    claims = {"token_use": use, "cognito:username": "ada"}
    if groups is not None:
        claims["cognito:groups"] = groups
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"header.{payload}.signature"
