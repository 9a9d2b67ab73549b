"""AWS_IAM: policies on root fields, then the schema."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_cloud.appsync.iam_mode import denied_root_fields, iam_caller
from local_cloud.appsync.model import Credential, HttpRequest, Mode
from local_cloud.appsync.refusals import Refused
from tests.local_cloud.appsync.fakes import ACCOUNT, Client, FakeCloud, make_api

API = make_api(Mode.USER_POOLS, Mode.IAM)
GUEST = Credential(
    access_key_id="ASIAGUEST",
    secret_access_key="secret",
    session_token="token",
    account=ACCOUNT,
    principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/Guest/CognitoIdentityCredentials",
    principal_id="AROA:CognitoIdentityCredentials",
    principal_name="",
    cognito={
        "cognitoIdentityPoolId": "us-east-1:pool",
        "cognitoIdentityId": "us-east-1:id",
        "cognitoIdentityAuthType": "unauthenticated",
        "cognitoIdentityAuthProvider": None,
    },
)
ARN = f"arn:aws:appsync:us-east-1:{ACCOUNT}:apis/api1/types/Query/fields/"


def denied(*fields: str, allowed: tuple[str, ...] = (), credential: Credential = GUEST) -> set[str]:
    arns = {ARN + name for name in allowed}
    return set(denied_root_fields(API, credential, arns.__contains__, "Query", fields))


def test_each_root_field_is_evaluated_by_its_own_arn() -> None:
    assert denied("a", "b", allowed=("a", "b")) == set()
    assert denied("a", "b", allowed=("a",)) == {"b"}


@pytest.mark.parametrize("fields", [("a",), ("a", "b"), ("__schema",), ("__typename",)])
def test_a_policy_that_allows_none_of_the_fields_refuses_the_whole_request(fields: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as raised:
        denied(*fields, allowed=("other",))
    refusal = raised.value
    assert (refusal.status, refusal.error_type, refusal.message) == (401, "UnauthorizedException", "Permission denied")


def test_typename_needs_no_permission_beside_other_fields() -> None:
    assert denied("__typename", "a", allowed=("a",)) == set()
    with pytest.raises(Refused):
        denied("__typename", "a", allowed=("__typename",))


def test_another_account_has_no_permission_however_its_policies_read() -> None:
    stranger = replace(GUEST, account="999999999999")
    with pytest.raises(Refused):
        denied("a", allowed=("a",), credential=stranger)


def test_the_fields_that_a_policy_leaves_out_are_refused_one_by_one() -> None:
    made = FakeCloud(API, "type Query { a: Int @aws_iam  b: Int @aws_iam }", credentials={GUEST.access_key_id: GUEST})
    made.allowed = frozenset({ARN + "a"})
    made.resolve("Query", "a", lambda _event: 1)
    made.resolve("Query", "b", lambda _event: 2)
    reply = Client(made, datetime.now(UTC).timestamp()).send(signed_request("{ a b }"))
    assert reply.data == {"a": 1, "b": None}
    assert [error["message"] for error in reply.errors] == ["Not Authorized to access b on type Query"]
    assert [event["info"]["fieldName"] for event in made.events] == ["a"]


def signed_request(query: str) -> HttpRequest:
    """Return a query that the guest signed just now."""
    body = json.dumps({"query": query}).encode()
    made = AWSRequest("POST", "https://api1.example/v1/apis/api1/graphql", data=body, headers={"Host": "api1.example"})
    SigV4Auth(Credentials("ASIAGUEST", "secret", "token"), "appsync", "us-east-1").add_auth(made)
    headers = tuple((name.lower(), str(value)) for name, value in made.headers.items())
    return HttpRequest("POST", "/v1/apis/api1/graphql", "", headers, body)


def test_resolvers_see_who_signed_and_through_which_identity_pool() -> None:
    assert iam_caller(GUEST, "10.0.0.1").identity == {
        "accountId": ACCOUNT,
        "cognitoIdentityPoolId": "us-east-1:pool",
        "cognitoIdentityId": "us-east-1:id",
        "sourceIp": ["10.0.0.1"],
        "username": "AROA:CognitoIdentityCredentials",
        "userArn": GUEST.principal_arn,
        "cognitoIdentityAuthType": "unauthenticated",
        "cognitoIdentityAuthProvider": None,
    }


def test_a_user_of_iam_has_no_cognito_identity() -> None:
    user = replace(GUEST, principal_name="ops", cognito={})
    identity = iam_caller(user, "10.0.0.1").identity
    assert identity is not None
    assert (identity["username"], identity["cognitoIdentityId"]) == ("ops", None)
