"""Limits that the AppSync control plane sets: on keys, providers, schemas and answers."""

import json
import re
import time
from typing import Any

import pytest

from tests.cloud import Cloud
from tests.contract.appsync import IAM, KEY, Api
from tests.contract.workshop import Workshop

SDL = "type Query { open: String  big: String }"
HOUR = 3600
DAY = 24 * HOUR
NAME = re.compile(r"da2-[a-z0-9]{26}")
BIG = """
def handler(event, context):
    return "x" * (5 * 1024 * 1024 + 1)
"""


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def api(workshop: Workshop) -> Api:
    return workshop.api(SDL, KEY, resolve=("Query.open",))


def test_a_key_is_named_as_on_aws(workshop: Workshop, api: Api) -> None:
    assert NAME.fullmatch(workshop.key(api)["x-api-key"])
    assert NAME.fullmatch(workshop.cloud.auth_modes["ApiKey"])


@pytest.mark.row("6 Out-of-range expiry")
def test_a_key_of_a_template_lives_a_day_to_a_year_too(workshop: Workshop) -> None:
    formation = workshop.cloud.client("cloudformation")
    name = f"key-{time.time_ns()}"

    def template(days: int) -> str:
        key = {"ApiId": {"Fn::GetAtt": ["Api", "ApiId"]}, "Expires": int(time.time()) + days * DAY}
        resources = {
            "Api": {"Type": "AWS::AppSync::GraphQLApi", "Properties": {"Name": "a", "AuthenticationType": "API_KEY"}},
            "Key": {"Type": "AWS::AppSync::ApiKey", "Properties": key},
        }
        return json.dumps({"Resources": resources})

    def settled() -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            (stack,) = formation.describe_stacks(StackName=name)["Stacks"]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.05)
        return str(stack["StackStatus"])

    formation.create_stack(StackName=name, TemplateBody=template(2))
    assert settled() == "CREATE_COMPLETE"
    formation.update_stack(StackName=name, TemplateBody=template(364))
    assert settled() == "UPDATE_COMPLETE"
    formation.update_stack(StackName=name, TemplateBody=template(366))
    assert settled() == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.row("6 API key lifetime: 1 to 365 days")
@pytest.mark.row("6 Out-of-range expiry")
@pytest.mark.parametrize("days", [0.5, 366])
def test_a_key_lives_a_day_to_a_year(workshop: Workshop, api: Api, days: float) -> None:
    wrong = int(time.time() + days * DAY)
    out_of_bounds = workshop.appsync.exceptions.ApiKeyValidityOutOfBoundsException
    with pytest.raises(out_of_bounds):
        workshop.appsync.create_api_key(apiId=api.api_id, expires=wrong)
    key = workshop.key(api)["x-api-key"]
    with pytest.raises(out_of_bounds):
        workshop.appsync.update_api_key(apiId=api.api_id, id=key, expires=wrong)


@pytest.mark.row("6 API key lifetime: 1 to 365 days")
@pytest.mark.row("6 `expires` is rounded down to the hour")
@pytest.mark.row("6 Expired key: kept 60 days")
@pytest.mark.parametrize("days", [2, 364])
def test_an_expiry_within_bounds_is_kept_by_the_hour(workshop: Workshop, api: Api, days: int) -> None:
    wanted = int(time.time()) + days * DAY
    key = workshop.appsync.create_api_key(apiId=api.api_id, expires=wanted)["apiKey"]
    assert key["expires"] == wanted - wanted % HOUR
    assert key["deletes"] == key["expires"] + 60 * DAY


@pytest.mark.row("6 Expired key: kept 60 days")
def test_a_key_that_ended_over_60_days_ago_is_gone(workshop: Workshop, api: Api) -> None:
    revivable = workshop.key(api, expires=int(time.time()) - 59 * DAY)["x-api-key"]
    gone = workshop.key(api, expires=int(time.time()) - 61 * DAY)["x-api-key"]
    later = int(time.time()) + 2 * DAY
    workshop.appsync.update_api_key(apiId=api.api_id, id=revivable, expires=later)
    with pytest.raises(workshop.appsync.exceptions.NotFoundException):
        workshop.appsync.update_api_key(apiId=api.api_id, id=gone, expires=later)


@pytest.mark.row("6 Default key life: 7 days")
def test_a_key_lives_seven_days_unless_told(workshop: Workshop, api: Api) -> None:
    before = time.time()
    key = workshop.appsync.create_api_key(apiId=api.api_id)["apiKey"]
    assert before + 7 * DAY - HOUR <= key["expires"] <= time.time() + 7 * DAY


@pytest.mark.row("1.1 At most 50 providers and 50 API keys")
def test_an_api_has_fifty_keys_at_most(workshop: Workshop) -> None:
    api = workshop.api(SDL, KEY)
    for _ in range(50):
        workshop.key(api)
    with pytest.raises(workshop.appsync.exceptions.ApiKeyLimitExceededException):
        workshop.key(api)


@pytest.mark.row("1.1 At most 50 providers and 50 API keys")
def test_an_api_has_fifty_providers_at_most(workshop: Workshop) -> None:
    issuers = [oidc(f"https://issuer-{number}.example") for number in range(50)]
    workshop.api(SDL, KEY, *issuers[:49])
    with pytest.raises(workshop.appsync.exceptions.BadRequestException, match="at most 50"):
        workshop.api(SDL, KEY, *issuers)


@pytest.mark.row("1.1 The same issuer may not be repeated")
def test_an_issuer_given_twice_is_refused(workshop: Workshop) -> None:
    twice = oidc("https://issuer.example")
    with pytest.raises(workshop.appsync.exceptions.BadRequestException, match="more than once"):
        workshop.api(SDL, IAM, twice, twice)


@pytest.mark.row("1.1 One Lambda authorizer; never of another account")
def test_an_authorizer_is_one_and_of_this_account(workshop: Workshop) -> None:
    bad_request = workshop.appsync.exceptions.BadRequestException
    with pytest.raises(bad_request, match="more than once"):
        workshop.api(SDL, workshop.authorizer(), workshop.authorizer())
    theirs = {"authorizerUri": "arn:aws:lambda:us-east-1:999999999999:function:theirs"}
    with pytest.raises(bad_request, match="another account"):
        workshop.api(SDL, {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": theirs})


@pytest.mark.row("6 Lambda authorizer cache: TTL 0 to 3,600 s")
def test_an_authorizer_s_answers_are_kept_for_an_hour_at_most(workshop: Workshop) -> None:
    with pytest.raises(workshop.appsync.exceptions.BadRequestException, match="less than or equal to 3600"):
        workshop.api(SDL, workshop.authorizer(authorizerResultTtlInSeconds=3601))


@pytest.mark.row("6 Sizes of templates and of the schema")
def test_a_schema_of_over_a_megabyte_is_refused(workshop: Workshop, api: Api) -> None:
    status = workshop.schema(api, SDL + "#" * 1_048_576)
    assert (status["status"], status["details"]) == ("FAILED", "The schema is larger than 1 MB.")


@pytest.mark.row("6 Resolver response of 5 MB")
def test_an_answer_of_over_five_megabytes_fails_its_field(workshop: Workshop) -> None:
    api = workshop.api(SDL, KEY, resolve=("Query.open",))
    workshop.appsync.create_data_source(
        apiId=api.api_id,
        name="big",
        type="AWS_LAMBDA",
        serviceRoleArn=workshop.source_role,
        lambdaConfig={"lambdaFunctionArn": workshop.function(BIG)},
    )
    workshop.appsync.create_resolver(apiId=api.api_id, typeName="Query", fieldName="big", dataSourceName="big")
    reply = api.ask("{ open big }", workshop.key(api))
    assert (reply.status, reply.data) == (200, {"open": "open", "big": None})
    assert reply.messages == ["The resolver's response is larger than 5 MB."]


@pytest.mark.row("6 The cache key leaves other headers out")
def test_a_kept_answer_counts_whatever_the_other_headers(workshop: Workshop) -> None:
    provider = workshop.authorizer(authorizerResultTtlInSeconds=300)
    api = workshop.api("type Query { event: String }", provider, resolve=("Query.event",))
    for tenant in ("one", "two"):
        event = json.loads(api.ask("{ event }", {"Authorization": "allow", "X-Tenant": tenant}).data["event"])
        assert event["identity"]["resolverContext"] == {"calls": "1"}


def oidc(issuer: str) -> dict[str, Any]:
    return {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": {"issuer": issuer}}
