"""AWS_IAM: signatures that are really checked, and policies on root fields."""

import json
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from botocore import auth
from botocore.credentials import Credentials

from tests.cloud import Cloud
from tests.contract.appsync import IAM, KEY, Api, Reply
from tests.contract.workshop import Pool, Workshop

SDL = """
type Query { open: String @aws_iam  other: String @aws_iam  nested: Nested @aws_iam  closed: String @aws_api_key }
type Nested @aws_iam { name: String }
type Mutation { change: String @aws_iam }
"""
FIELDS = ("Query.open", "Query.other", "Query.nested", "Query.closed", "Mutation.change")
QUERY = "{ open }"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
UNRECOGNIZED = (403, "UnrecognizedClientException", "The security token included in the request is invalid.")
DENIED = (401, "UnauthorizedException", "Permission denied")


@pytest.fixture(scope="module")
def workshop(local_cloud: Cloud) -> Workshop:
    return Workshop(local_cloud)


@pytest.fixture(scope="module")
def api(workshop: Workshop) -> Api:
    return workshop.api(SDL, KEY, IAM, resolve=FIELDS, values={"nested": {"name": "inner"}})


@pytest.fixture(scope="module")
def anyone(workshop: Workshop, api: Api) -> Credentials:
    """An IAM user who may call everything of the API."""
    return workshop.iam_user(f"{api.arn}/*")


def guest(cloud: Cloud) -> Credentials:
    """Return credentials of the guest role of the stack's identity pool."""
    identity = cloud.unsigned("cognito-identity")
    identity_id = identity.get_id(IdentityPoolId=cloud.backend["IdentityPoolId"])["IdentityId"]
    found = identity.get_credentials_for_identity(IdentityId=identity_id)["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretKey"], found["SessionToken"])


def signed_at(api: Api, credentials: Credentials, moment: datetime) -> Reply:
    with patch.object(auth, "get_current_datetime", lambda: moment.replace(tzinfo=None)):
        return api.signed(QUERY, credentials)


@pytest.mark.row("1.4 IAM: SigV4, then policy evaluation")
@pytest.mark.row("1.2 SigV4 is AWS_IAM")
def test_a_true_signature_is_admitted(api: Api, anyone: Credentials) -> None:
    assert api.signed(QUERY, anyone).data == {"open": "open"}


@pytest.mark.row("3.2 Wrong signature, since about 2020")
def test_a_wrong_secret_is_a_bad_request_with_the_expected_strings(api: Api, anyone: Credentials) -> None:
    status, kind, text = api.signed(QUERY, Credentials(anyone.access_key, "a-wrong-secret")).refusal
    assert (status, kind) == (400, "BadRequestException")
    assert text is not None
    assert text.startswith(MISMATCH)
    assert f"The Canonical String for this request should have been\n'POST\n{api.path}\n" in text
    assert "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n" in text


@pytest.mark.row("3.2 Wrong signature, since about 2020")
def test_a_body_changed_after_signing_is_a_wrong_signature(api: Api, anyone: Credentials) -> None:
    body = json.dumps({"query": QUERY}).encode()
    headers = api.signature(body, anyone)
    assert api.send(body, headers).data == {"open": "open"}
    status, kind, text = api.send(body.replace(b"open", b"other"), headers).refusal
    assert (status, kind, str(text).partition("\n")[0]) == (400, "BadRequestException", MISMATCH)


def test_a_hash_in_a_header_does_not_stand_for_the_body(api: Api, anyone: Credentials) -> None:
    body = json.dumps({"query": QUERY}).encode()
    headers = api.signature(body, anyone) | {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
    assert api.send(body.replace(b"open", b"other"), headers).status in {400, 403}


@pytest.mark.row("3.2 Clock skew, since 2020-05")
def test_a_signature_of_six_minutes_ago_is_expired(api: Api, anyone: Credentials) -> None:
    moment = datetime.now(UTC) - timedelta(minutes=6)
    status, kind, text = signed_at(api, anyone, moment).refusal
    assert (status, kind) == (400, "BadRequestException")
    stamp = moment.strftime("%Y%m%dT%H%M%SZ")
    assert str(text).startswith(f"Signature expired: {stamp} is now earlier than 2")
    assert str(text).endswith(" - 5 min.)")


@pytest.mark.row("3.2 Clock skew, since 2020-05")
def test_a_signature_of_four_minutes_ago_is_good(api: Api, anyone: Credentials) -> None:
    assert signed_at(api, anyone, datetime.now(UTC) - timedelta(minutes=4)).data == {"open": "open"}


@pytest.mark.row("3.2 Unknown access key")
@pytest.mark.parametrize("key", ["AKIAUNKNOWNUNKNOWN00", "test", "000000000000", "123456789012"])
def test_an_unknown_access_key_is_unrecognized(api: Api, key: str) -> None:
    assert api.signed(QUERY, Credentials(key, "test")).refusal == UNRECOGNIZED


def test_a_deactivated_access_key_is_unrecognized(workshop: Workshop, api: Api) -> None:
    name = f"leaver-{uuid4().hex}"
    workshop.iam.create_user(UserName=name)
    key = workshop.iam.create_access_key(UserName=name)["AccessKey"]
    workshop.iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert api.signed(QUERY, Credentials(key["AccessKeyId"], key["SecretAccessKey"])).refusal == UNRECOGNIZED


@pytest.mark.row("3.2 Bad or missing session token")
@pytest.mark.parametrize("token", [None, "another"])
def test_session_credentials_without_their_own_token_are_unrecognized(
    local_cloud: Cloud, api: Api, token: str | None
) -> None:
    found = guest(local_cloud)
    assert api.signed(QUERY, Credentials(found.access_key, found.secret_key, token)).refusal == UNRECOGNIZED


@pytest.mark.row("3.2 Wrong region/service in the credential scope")
@pytest.mark.parametrize("scope", [{"region": "eu-west-1"}, {"service": "execute-api"}])
def test_a_signature_for_another_region_or_service_is_refused(
    api: Api, anyone: Credentials, scope: dict[str, str]
) -> None:
    status, _, text = api.signed(QUERY, anyone, **scope).refusal
    assert status in {400, 403}
    assert str(text).startswith("Credential should be scoped to")


@pytest.mark.row("1.4 IAM: SigV4, then policy evaluation")
@pytest.mark.row("3.2 Policy admits none of the requested root fields")
def test_a_policy_that_allows_none_of_the_fields_is_permission_denied(workshop: Workshop, api: Api) -> None:
    for credentials in (workshop.iam_user(), workshop.iam_user(api.field_arn("other"))):
        assert api.signed(QUERY, credentials).refusal == DENIED


@pytest.mark.row("3.2 Policy admits the root field but the schema does not admit IAM")
@pytest.mark.row("4.1 Policy and schema must both admit the caller")
def test_an_allowed_field_that_the_schema_closes_to_iam_is_unauthorized(api: Api, anyone: Credentials) -> None:
    reply = api.signed("{ closed }", anyone)
    assert (reply.status, reply.data) == (200, {"closed": None})
    assert reply.messages == ["Not Authorized to access closed on type Query"]


@pytest.mark.row("4.1 Field ARN of a root field; everything: apis/APIID/*")
def test_a_policy_names_a_root_field_a_type_or_the_whole_api(workshop: Workshop, api: Api) -> None:
    for resource in (api.field_arn("open"), f"{api.arn}/types/Query/*", f"{api.arn}/*"):
        assert api.signed(QUERY, workshop.iam_user(resource)).data == {"open": "open"}
    mutation = workshop.iam_user(api.field_arn("change", "Mutation"))
    assert api.signed("mutation { change }", mutation).data == {"change": "change"}
    assert api.signed(QUERY, mutation).refusal == DENIED


@pytest.mark.row("4.1 ARNs of other types are never consulted")
@pytest.mark.row("4.1 A policy naming only the root field suffices for the nested selection")
def test_nested_fields_need_no_permission_of_their_own(workshop: Workshop, api: Api) -> None:
    allowed = workshop.iam_user(api.field_arn("nested"), denied=(api.field_arn("name", "Nested"),))
    assert api.signed("{ nested { name } }", allowed).data == {"nested": {"name": "inner"}}


@pytest.mark.row("4.1 The bare ARN of the API does not cover fields")
@pytest.mark.row("4.1 APIID is the ID, not the name")
@pytest.mark.row("4.1 A wrong resource kind or type segment gives Permission denied")
def test_an_arn_of_another_shape_allows_nothing(workshop: Workshop, api: Api) -> None:
    for resource in (
        f"{api.arn}/types/Query/resolvers/open",
        f"{api.arn}/types/query/fields/open",
        f"{api.arn}/types/open/*",
        api.arn,
        api.arn.replace(api.api_id, "api"),
    ):
        assert api.signed(QUERY, workshop.iam_user(resource)).refusal == DENIED


@pytest.mark.row("4.1 Explicit deny beats allow")
def test_an_explicit_deny_beats_an_allow(workshop: Workshop, api: Api) -> None:
    torn = workshop.iam_user(f"{api.arn}/*", denied=(api.field_arn("open"),))
    assert api.signed(QUERY, torn).refusal == DENIED
    assert api.signed("{ other }", torn).data == {"other": "other"}


@pytest.mark.row("4.1 Partial denial becomes field-level refusals")
def test_the_fields_that_a_policy_leaves_out_are_refused_one_by_one(workshop: Workshop, api: Api) -> None:
    reply = api.signed("{ open other }", workshop.iam_user(api.field_arn("open")))
    assert (reply.status, reply.data) == (200, {"open": "open", "other": None})
    assert [(error["errorType"], error["message"]) for error in reply.errors] == [
        ("Unauthorized", "Not Authorized to access other on type Query")
    ]


@pytest.mark.row("4.1 Permission boundaries intersect")
def test_a_permissions_boundary_narrows_a_policy(workshop: Workshop, api: Api) -> None:
    statement = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": api.field_arn("other")}
    boundary = workshop.iam.create_policy(
        PolicyName=f"boundary-{uuid4().hex}",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )["Policy"]["Arn"]
    name = f"bounded-{uuid4().hex}"
    workshop.iam.create_user(UserName=name, PermissionsBoundary=boundary)
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": f"{api.arn}/*"}]})
    workshop.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
    key = workshop.iam.create_access_key(UserName=name)["AccessKey"]
    bounded = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    assert api.signed(QUERY, bounded).refusal == DENIED
    assert api.signed("{ other }", bounded).data == {"other": "other"}


@pytest.mark.row("2.5 Introspection under a field-scoped policy")
def test_a_field_scoped_policy_does_not_open_introspection(workshop: Workshop, api: Api) -> None:
    scoped = workshop.iam_user(api.field_arn("open"))
    assert api.signed("{ __schema { queryType { name } } }", scoped).refusal == DENIED
    assert api.signed("{ __typename open }", scoped).data == {"__typename": "Query", "open": "open"}


def test_a_caller_without_permission_learns_nothing_of_the_schema(workshop: Workshop, api: Api) -> None:
    assert api.signed("{ noSuchField }", workshop.iam_user()).refusal == DENIED


@pytest.mark.row("4.4 AppSync is within the scope-down")
@pytest.mark.row("4.2 grantQuery: the guest role may run that one query")
def test_a_guest_may_list_users_and_nothing_of_another_api(local_cloud: Cloud, api: Api) -> None:
    users = Api(local_cloud, local_cloud.backend["GraphQLApiId"], "")
    found = guest(local_cloud)
    reply = users.signed("{ listUsers(limit: 1) { items { userId } } }", found)
    assert len(reply.data["listUsers"]["items"]) == 1
    assert api.signed(QUERY, found).refusal == DENIED


@pytest.mark.row("1.5 IAM identity")
def test_resolvers_see_who_signed(workshop: Workshop) -> None:
    api = workshop.api("type Query { event: String }", IAM, resolve=("Query.event",))
    credentials = workshop.iam_user(f"{api.arn}/*")
    identity = json.loads(api.signed("{ event }", credentials).data["event"])["identity"]
    assert set(identity) == {
        "accountId",
        "cognitoIdentityPoolId",
        "cognitoIdentityId",
        "sourceIp",
        "username",
        "userArn",
        "cognitoIdentityAuthType",
        "cognitoIdentityAuthProvider",
    }
    assert identity["userArn"] == f"arn:aws:iam::{identity['accountId']}:user/{identity['username']}"
    assert identity["sourceIp"] == ["127.0.0.1"]


@pytest.fixture(scope="module")
def pool(workshop: Workshop) -> Pool:
    return workshop.pool()


@pytest.mark.row("1.5 IAM identity through an identity pool")
def test_resolvers_see_the_identity_behind_pool_credentials(workshop: Workshop, pool: Pool) -> None:
    api = workshop.api("type Query { event: String }", IAM, resolve=("Query.event",))
    identities = workshop.cloud.client("cognito-identity")
    provider = f"cognito-idp.us-east-1.amazonaws.com/{pool.pool_id}"
    pool_id = identities.create_identity_pool(
        IdentityPoolName="p",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": pool.client_id}],
    )["IdentityPoolId"]
    roles = {kind: _role(workshop, api, pool_id, kind) for kind in ("authenticated", "unauthenticated")}
    identities.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=roles)
    unsigned = workshop.cloud.unsigned("cognito-identity")
    for kind, logins in (
        ("unauthenticated", {}),
        ("authenticated", {provider: pool.person("ada").id_token}),
    ):
        identity_id = unsigned.get_id(IdentityPoolId=pool_id, Logins=logins)["IdentityId"]
        found = unsigned.get_credentials_for_identity(IdentityId=identity_id, Logins=logins)["Credentials"]
        credentials = Credentials(found["AccessKeyId"], found["SecretKey"], found["SessionToken"])
        seen = json.loads(api.signed("{ event }", credentials).data["event"])["identity"]
        assert seen["cognitoIdentityAuthType"] == kind
        assert (seen["cognitoIdentityPoolId"], seen["cognitoIdentityId"]) == (pool_id, identity_id)
        assert f":assumed-role/{roles[kind].rpartition('/')[2]}/" in seen["userArn"]


def _role(workshop: Workshop, api: Api, pool_id: str, kind: str) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id},
                    "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": kind},
                },
            }
        ],
    }
    name = f"{kind}-{uuid4().hex}"
    role = workshop.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": f"{api.arn}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    workshop.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    return str(role)
