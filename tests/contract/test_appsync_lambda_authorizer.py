"""AWS_LAMBDA: what the authorizer function may say, and what its failures look like."""

import json
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import IAM, KEY, Api
from tests.contract.workshop import AUTHORIZER, Workshop

NOT_AUTHORIZED = (401, "UnauthorizedException", "You are not authorized to make this call.")
SDL = """
type Query { open: String  event: String  shut: String  thing: Thing  unmarked: String }
type Thing { id: ID  secret: String }
"""
FIELDS = ("Query.open", "Query.event", "Query.shut", "Query.thing")
VALUES = {"thing": {"id": "1", "secret": "s"}}


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def api(workshop: Workshop) -> Api:
    return workshop.api(SDL, workshop.authorizer(), resolve=FIELDS, values=VALUES)


def token(value: str) -> dict[str, str]:
    return {"Authorization": value}


def saying(**answer: Any) -> dict[str, str]:
    """Return the token that makes the authorizer answer so."""
    return token("say " + json.dumps(answer))


@pytest.mark.row("1.2 Authorization: anything else and Lambda configured")
def test_any_value_that_is_no_other_credential_is_the_authorizer_s(api: Api) -> None:
    assert api.ask("{ open }", token("allow")).data == {"open": "open"}


@pytest.mark.row("3.3 isAuthorized: false")
def test_a_denial_is_not_authorized_to_make_this_call(api: Api) -> None:
    assert api.ask("{ open }", token("deny")).refusal == NOT_AUTHORIZED
    assert api.ask("{ open }", saying(isAuthorized=False)).refusal == NOT_AUTHORIZED


@pytest.mark.row("3.3 Function throws, or returns `{}` / nothing")
@pytest.mark.parametrize("value", ["raise", "say {}", "say null", 'say "yes"'])
def test_a_function_that_fails_or_says_nothing_denies(api: Api, value: str) -> None:
    assert api.ask("{ open }", token(value)).refusal == NOT_AUTHORIZED


@pytest.mark.row("3.3 Token fails identityValidationExpression")
@pytest.mark.row("1.4 LAMBDA: a mismatch is a denial without invoking")
def test_a_token_that_does_not_fit_the_expression_never_reaches_the_function(workshop: Workshop) -> None:
    api = workshop.api(SDL, workshop.authorizer(identityValidationExpression="^allow$"), resolve=("Query.event",))
    assert api.ask("{ event }", saying(isAuthorized=True)).refusal == NOT_AUTHORIZED
    event = json.loads(api.ask("{ event }", token("allow")).data["event"])
    assert event["identity"]["resolverContext"] == {"calls": "1"}


@pytest.mark.row("3.3 Function cannot be invoked")
def test_a_function_that_appsync_may_not_invoke_is_a_bad_request_without_a_text(workshop: Workshop) -> None:
    reply = workshop.api(SDL, workshop.authorizer(permitted=False)).ask("{ open }", token("allow"))
    assert (reply.status, reply.body) == (400, {"errors": [{"errorType": "BadRequestException"}]})


def test_a_permission_for_another_api_does_not_count(workshop: Workshop) -> None:
    provider = workshop.authorizer(permitted=False)
    mine, other = (workshop.api(SDL, provider, resolve=("Query.open",)) for _ in range(2))
    workshop.functions.add_permission(
        FunctionName=provider["lambdaAuthorizerConfig"]["authorizerUri"],
        StatementId="mine",
        Action="lambda:InvokeFunction",
        Principal="appsync.amazonaws.com",
        SourceArn=mine.arn,
    )
    assert mine.ask("{ open }", token("allow")).data == {"open": "open"}
    assert other.ask("{ open }", token("allow")).refusal == (400, "BadRequestException", None)


@pytest.mark.row("3.3 deniedFields: the field is null with an entry")
def test_denied_fields_are_null_by_short_name_and_by_arn(api: Api) -> None:
    denied = ["Query.shut", api.field_arn("secret", "Thing")]
    reply = api.ask("{ open shut thing { id secret } }", saying(isAuthorized=True, deniedFields=denied))
    assert reply.data == {"open": "open", "shut": None, "thing": {"id": "1", "secret": None}}
    assert reply.messages == [
        "Not Authorized to access shut on type Query",
        "Not Authorized to access secret on type Thing",
    ]


@pytest.mark.row("3.3 deniedFields: only `Type.field` or the full field ARN")
@pytest.mark.parametrize("name", ["Query", "Query.*", "shut", "thing.secret"])
def test_other_ways_to_deny_have_no_effect(api: Api, name: str) -> None:
    reply = api.ask("{ shut thing { secret } }", saying(isAuthorized=True, deniedFields=[name]))
    assert reply.errors == []


@pytest.mark.row("3.3 isAuthorized: true but the field lacks @aws_lambda")
def test_an_authorized_caller_still_meets_the_directives(workshop: Workshop) -> None:
    sdl = "type Query { unmarked: String  open: String @aws_lambda }"
    api = workshop.api(sdl, KEY, workshop.authorizer(), resolve=("Query.open",))
    reply = api.ask("{ open unmarked }", token("allow"))
    assert (reply.status, reply.data) == (200, {"open": "open", "unmarked": None})
    assert reply.messages == ["Not Authorized to access unmarked on type Query"]


@pytest.mark.row("1.2 A JWT while Lambda and user pools are configured is never handed to the Lambda")
def test_a_jwt_goes_to_the_pool_and_a_prefixed_one_to_the_function(workshop: Workshop) -> None:
    pool = workshop.pool()
    sdl = "type Query { event: String @aws_lambda @aws_cognito_user_pools }"
    api = workshop.api(sdl, pool.default(), workshop.authorizer(), resolve=("Query.event",))
    person = pool.person("ada")
    seen = json.loads(api.ask("{ event }", person.by_id).data["event"])["identity"]
    assert seen["username"] == person.name
    assert api.ask("{ event }", token(f"custom-{person.id_token}")).refusal == NOT_AUTHORIZED
    for value in ("Bearer allow", "Bearer x.y.z"):
        assert api.ask("{ event }", token(value)).refusal == (
            401,
            "UnauthorizedException",
            "Valid authorization header not provided.",
        )


@pytest.mark.row("1.2 A valid SigV4 value while both IAM and Lambda are configured")
def test_a_signature_goes_to_iam_and_not_to_the_function(workshop: Workshop) -> None:
    sdl = "type Query { event: String @aws_lambda @aws_iam }"
    api = workshop.api(sdl, workshop.authorizer(), IAM, resolve=("Query.event",))
    reply = api.signed("{ event }", workshop.iam_user(f"{api.arn}/*"))
    assert "userArn" in json.loads(reply.data["event"])["identity"]


TELLING = """
import json
def handler(event, context):
    return {"isAuthorized": True, "resolverContext": {"event": json.dumps(event)}}
"""


@pytest.mark.row("1.4 LAMBDA: the function receives token, operation and request headers")
def test_the_function_is_told_token_operation_and_headers(workshop: Workshop) -> None:
    api = workshop.api(SDL, workshop.authorizer(TELLING), resolve=("Query.event",))
    query = "query Q { event }"
    reply = api.ask(query, {**token("tok"), "X-Other": "o"}, operation="Q")
    told = json.loads(json.loads(reply.data["event"])["identity"]["resolverContext"]["event"])
    assert told["authorizationToken"] == "tok"
    assert told["requestHeaders"]["x-other"] == "o"
    context = told["requestContext"]
    assert (context["apiId"], context["queryString"], context["operationName"]) == (api.api_id, query, "Q")
    assert set(context) == {"apiId", "accountId", "requestId", "queryString", "operationName", "variables"}


COUNTED = "{ event }"


def calls(api: Api, value: str) -> int:
    event = json.loads(api.ask(COUNTED, token(value)).data["event"])
    return int(event["identity"]["resolverContext"]["calls"])


@pytest.mark.row("6 Lambda authorizer cache: off by default, key = API ID + token value")
def test_answers_are_kept_by_token_where_a_ttl_is_set_and_not_otherwise(workshop: Workshop) -> None:
    keeping = workshop.api(SDL, workshop.authorizer(authorizerResultTtlInSeconds=300), resolve=("Query.event",))
    assert [calls(keeping, "allow") for _ in range(3)] == [1, 1, 1]
    other_token = 'say {"isAuthorized": true, "resolverContext": {"calls": "another"}}'
    assert "another" in keeping.ask(COUNTED, token(other_token)).data["event"]
    assert calls(keeping, "allow") == 1
    shared = workshop.authorizer(authorizerResultTtlInSeconds=300)
    assert [calls(workshop.api(SDL, shared, resolve=("Query.event",)), "allow") for _ in range(2)] == [1, 2]
    asking = workshop.api(SDL, workshop.authorizer(), resolve=("Query.event",))
    assert [calls(asking, "allow") for _ in range(3)] == [1, 2, 3]


@pytest.mark.row("6 `ttlOverride` from the function wins, 0 disables")
def test_the_function_overrides_the_ttl(workshop: Workshop) -> None:
    code = AUTHORIZER.replace('"resolverContext"', '"ttlOverride": 0, "resolverContext"')
    provider = workshop.authorizer(code, authorizerResultTtlInSeconds=300)
    api = workshop.api(SDL, provider, resolve=("Query.event",))
    assert [calls(api, "allow") for _ in range(2)] == [1, 2]
