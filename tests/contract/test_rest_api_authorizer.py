"""A REST API that a client makes: what its Cognito authorizer admits, and what it tells the function."""

import base64
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract import wire
from tests.contract.appsync import REGION
from tests.contract.workshop import Person, Pool, Workshop

# A function that answers with what API Gateway told it of its caller.
TELL = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["requestContext"].get("authorizer"))}
"""
OWN_SCOPE = "aws.cognito.signin.user.admin"
UNAUTHORIZED = (401, "UnauthorizedException", b'{"message":"Unauthorized"}')
EXPIRED = (401, "UnauthorizedException", b'{"message":"The incoming token has expired"}')


@dataclass(frozen=True)
class RestApi:
    """A deployed REST API with `GET /who`."""

    cloud: Cloud
    api_id: str

    def ask(self, headers: dict[str, str]) -> wire.Reply:
        """Call `GET /who`."""
        return wire.send(self.cloud, "GET", f"/_aws/execute-api/{self.api_id}/live/who", headers)

    def refusal(self, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, error type and body of a call."""
        reply = self.ask(headers)
        return reply.status, reply.headers.get("x-amzn-errortype", ""), reply.body

    def claims(self, headers: dict[str, str]) -> dict[str, Any]:
        """What the function was told of an admitted caller."""
        reply = self.ask(headers)
        assert reply.status == 200, reply
        return dict(reply.json()["claims"])


def rest_api(workshop: Workshop, pools: list[Pool], *, scopes: tuple[str, ...] = (), **authorizer: str) -> RestApi:
    """Make a REST API as any client does: API, authorizer, resource, method, integration, deployment."""
    gateway = workshop.cloud.client("apigateway")
    api_id = gateway.create_rest_api(name="made by a client")["id"]
    known = gateway.create_authorizer(
        restApiId=api_id,
        name="people",
        type="COGNITO_USER_POOLS",
        providerARNs=[f"arn:aws:cognito-idp:{REGION}:000000000000:userpool/{pool.pool_id}" for pool in pools],
        **{"identitySource": "method.request.header.Authorization", **authorizer},
    )
    (root,) = gateway.get_resources(restApiId=api_id)["items"]
    who = {
        "restApiId": api_id,
        "resourceId": gateway.create_resource(restApiId=api_id, parentId=root["id"], pathPart="who")["id"],
        "httpMethod": "GET",
    }
    gateway.put_method(
        **who, authorizationType="COGNITO_USER_POOLS", authorizerId=known["id"], authorizationScopes=list(scopes)
    )
    function = workshop.function(TELL)
    gateway.put_integration(
        **who,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
    )
    workshop.functions.add_permission(
        FunctionName=function,
        StatementId="gateway",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    gateway.create_deployment(restApiId=api_id, stageName="live")
    return RestApi(workshop.cloud, api_id)


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def pool(workshop: Workshop) -> Pool:
    return workshop.pool()


@pytest.fixture(scope="module")
def api(workshop: Workshop, pool: Pool) -> RestApi:
    return rest_api(workshop, [pool])


@pytest.fixture(scope="module")
def member(pool: Pool) -> Person:
    """Somebody in two groups."""
    return pool.person("member", "not-admins", "admins-readonly")


@pytest.mark.row("7 Claims arrive as strings")
def test_every_claim_reaches_the_function_as_a_text(api: RestApi, pool: Pool, member: Person) -> None:
    told, signed = api.claims(member.by_id), payload(member.id_token)

    assert all(isinstance(value, str) for value in told.values())
    assert set(told) == set(signed)
    assert (told["sub"], told["aud"], told["iss"]) == (signed["sub"], pool.client_id, pool.issuer)
    assert told["auth_time"] == str(signed["auth_time"])
    for name in ("exp", "iat"):
        read = datetime.strptime(told[name], "%a %b %d %H:%M:%S UTC %Y").replace(tzinfo=UTC)
        assert read.timestamp() == signed[name]


@pytest.mark.row("7 Claims arrive as strings")
def test_a_claim_that_is_true_or_false_arrives_as_that_word(workshop: Workshop, api: RestApi, pool: Pool) -> None:
    person = pool.person("verified")
    for word in ("true", "false"):
        told = [{"Name": "email", "Value": "v@example.com"}, {"Name": "email_verified", "Value": word}]
        workshop.cognito.admin_update_user_attributes(
            UserPoolId=pool.pool_id, Username=person.name, UserAttributes=told
        )
        assert api.claims(pool.sign_in(person.name).by_id)["email_verified"] == word


@pytest.mark.row("7 cognito:groups is one comma-separated string")
def test_groups_arrive_as_one_text_with_commas(api: RestApi, pool: Pool, member: Person) -> None:
    assert sorted(api.claims(member.by_id)["cognito:groups"].split(",")) == ["admins-readonly", "not-admins"]
    assert api.claims(pool.person("single", "admins").by_id)["cognito:groups"] == "admins"
    assert api.claims(pool.person("trap", "x,admins").by_id)["cognito:groups"] == "x,admins"
    assert "cognito:groups" not in api.claims(pool.person("loner").by_id)


@pytest.mark.row("7 No scopes on the method: an ID token")
def test_without_scopes_a_method_takes_id_tokens_alone(api: RestApi, member: Person) -> None:
    assert api.claims(member.by_id)["token_use"] == "id"
    assert api.refusal(member.by_access) == UNAUTHORIZED


@pytest.mark.row("7 Scopes set: an access token that has one of them")
def test_with_scopes_a_method_takes_access_tokens_that_have_one(workshop: Workshop, pool: Pool, member: Person) -> None:
    scoped = rest_api(workshop, [pool], scopes=("hello/read", OWN_SCOPE))
    assert scoped.claims(member.by_access)["username"] == member.name
    assert scoped.refusal(member.by_id) == UNAUTHORIZED


@pytest.mark.row("7 Missing scope: 401")
def test_an_access_token_without_the_scope_is_refused(workshop: Workshop, pool: Pool, member: Person) -> None:
    scoped = rest_api(workshop, [pool], scopes=("hello/read", OWN_SCOPE[:-1]))
    assert scoped.refusal(member.by_access) == UNAUTHORIZED


@pytest.mark.row("7 Expired token: 401")
def test_an_expired_token_is_told_so(workshop: Workshop, api: RestApi, pool: Pool) -> None:
    brief = workshop.client(pool.pool_id, IdTokenValidity=1, TokenValidityUnits={"IdToken": "seconds"})
    person = pool.person("brief", client_id=brief)
    time.sleep(1.1)
    assert api.refusal(person.by_id) == EXPIRED
    # Only who holds a token that was good once learns that it has expired.
    assert api.refusal({"Authorization": person.id_token[:-8] + "AAAAAAAA"}) == UNAUTHORIZED


@pytest.mark.row("7 Validation regex is tried on aud")
def test_a_validation_expression_is_compared_with_the_client(workshop: Workshop, pool: Pool, member: Person) -> None:
    assert rest_api(workshop, [pool], identityValidationExpression=pool.client_id).ask(member.by_id).status == 200
    for wrong in (pool.client_id[:-1], f"{pool.client_id}x"):
        assert rest_api(workshop, [pool], identityValidationExpression=wrong).refusal(member.by_id) == UNAUTHORIZED
    scoped = rest_api(workshop, [pool], scopes=(OWN_SCOPE,), identityValidationExpression=".*")
    assert scoped.refusal(member.by_access) == UNAUTHORIZED, "access tokens have no aud"


@pytest.mark.row("7 Authorizer misconfigured: 500")
def test_an_authorizer_that_can_admit_nobody_is_a_fault_of_the_api(
    workshop: Workshop, pool: Pool, member: Person
) -> None:
    broken = rest_api(workshop, [pool], identityValidationExpression="(")
    assert broken.refusal(member.by_id)[:2] == (500, "AuthorizerConfigurationException")


@pytest.mark.row("7 Up to 1,000 pools per authorizer")
def test_one_authorizer_admits_the_people_of_each_of_its_pools(workshop: Workshop, pool: Pool, member: Person) -> None:
    second = workshop.pool()
    both = rest_api(workshop, [pool, second])
    assert both.claims(member.by_id)["iss"] == pool.issuer
    assert both.claims(second.person("neighbour").by_id)["iss"] == second.issuer


@pytest.mark.row("7 Token in the configured header, raw")
def test_the_token_is_read_from_the_header_that_the_authorizer_names(
    workshop: Workshop, pool: Pool, member: Person
) -> None:
    other = rest_api(workshop, [pool], identitySource="method.request.header.X-Token")
    assert other.ask({"X-Token": member.id_token}).status == 200
    assert other.refusal(member.by_id) == UNAUTHORIZED


def payload(token: str) -> dict[str, Any]:
    """Return a token's claims as they were signed."""
    part = token.split(".")[1]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return read
