"""Identity pools made over the API: guests and signed-in people, and whom the pool turns away."""

import time
from typing import Any

import boto3
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.cloud import Cloud
from tests.contract.directories import FLOWS, new_directory
from tests.contract.identity_pools import IdentityPool, new_identity_pool, new_role
from tests.contract.refusals import refusal

NO_GUESTS = (400, "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.")


def guest_role(pool: IdentityPool) -> str:
    """Return the ARN of a pool's guest role."""
    roles = pool.cloud.client("cognito-identity").get_identity_pool_roles(IdentityPoolId=pool.pool_id)["Roles"]
    return str(roles["unauthenticated"])


def assume(pool: IdentityPool, token: str) -> Any:
    """Assume the guest role by an OpenID token (STS AssumeRoleWithWebIdentity)."""
    return pool.cloud.unsigned("sts").assume_role_with_web_identity(
        RoleArn=guest_role(pool), RoleSessionName="test", WebIdentityToken=token
    )


@pytest.mark.row("4.3 The three calls are unsigned")
def test_a_guest_gets_the_guest_role_and_nothing_more(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    assert pool.as_identity("appsync").list_graphql_apis()["graphqlApis"]
    assert refusal(pool.as_identity("dynamodb").list_tables)[1] == "AccessDeniedException"


@pytest.mark.row("4.4 Guests get two session policies")
@pytest.mark.row("4.4 A service outside the list")
@pytest.mark.row("4.4 The basic flow applies no scope-down")
def test_a_guest_s_role_is_scoped_down_unless_the_app_takes_it_by_itself(local_cloud: Cloud) -> None:
    """MiniStack gives guests all that their role has."""
    pool = new_identity_pool(local_cloud, guests=True, classic=True)
    guests = {"unauthenticated": new_role(local_cloud, pool.pool_id, "unauthenticated", "*")}
    local_cloud.client("cognito-identity").set_identity_pool_roles(IdentityPoolId=pool.pool_id, Roles=guests)
    assert pool.as_identity("appsync").list_graphql_apis()["graphqlApis"]
    for service, call in (("dynamodb", "list_tables"), ("iam", "list_users"), ("lambda", "list_functions")):
        refused = refusal(getattr(pool.as_identity(service), call))
        assert refused[1] in {"AccessDenied", "AccessDeniedException"}
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    given = assume(pool, pool.public.get_open_id_token(IdentityId=identity)["Token"])["Credentials"]
    taken = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=local_cloud.endpoint,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    assert taken.list_tables()["TableNames"]


@pytest.mark.row("4.3 Enhanced flow")
@pytest.mark.row("4.5 No mapping: the pool's authenticated role")
def test_somebody_signed_in_gets_the_other_role(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    pool.directory.add("mara")
    logins = {"Logins": pool.logins(pool.directory.srp("mara")["AuthenticationResult"]["IdToken"])}
    assert pool.as_identity("dynamodb", **logins).list_tables()["TableNames"]
    assert refusal(pool.as_identity("appsync", **logins).list_graphql_apis)[1] == "AccessDeniedException"


@pytest.mark.row("4.3 Guests are refused where the pool forbids them")
def test_guests_are_refused_where_the_pool_forbids_them(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=False)
    assert refusal(pool.public.get_id, IdentityPoolId=pool.pool_id) == NO_GUESTS


def test_a_guest_of_yesterday_is_refused_once_the_pool_forbids_guests(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    admin = local_cloud.client("cognito-identity")
    admin.update_identity_pool(
        IdentityPoolId=pool.pool_id, IdentityPoolName="closed", AllowUnauthenticatedIdentities=False
    )
    assert refusal(pool.public.get_credentials_for_identity, IdentityId=identity) == NO_GUESTS
    assert refusal(pool.public.get_open_id_token, IdentityId=identity) == NO_GUESTS


@pytest.mark.row("4.3 The proof is the ID token")
def test_an_access_token_is_no_proof_for_an_identity_pool(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    pool.directory.add("mara")
    tokens = pool.directory.srp("mara")["AuthenticationResult"]
    refused = refusal(pool.public.get_id, IdentityPoolId=pool.pool_id, Logins=pool.logins(tokens["AccessToken"]))
    assert refused[1] == "NotAuthorizedException"


def test_an_invented_identity_gets_no_credentials(local_cloud: Cloud) -> None:
    identity = "us-east-1:00000000-0000-0000-0000-000000000000"
    refused = refusal(local_cloud.unsigned("cognito-identity").get_credentials_for_identity, IdentityId=identity)
    assert refused[1] == "ResourceNotFoundException"


def test_a_pool_without_roles_gives_no_credentials(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True, roles=False)
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    refused = refusal(pool.public.get_credentials_for_identity, IdentityId=identity)
    assert refused[1] == "InvalidIdentityPoolConfigurationException"


def test_the_credentials_of_a_guest_are_worth_nothing_without_their_session_token(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    given = pool.public.get_credentials_for_identity(IdentityId=identity)["Credentials"]
    client = boto3.client(
        "appsync",
        region_name="us-east-1",
        endpoint_url=local_cloud.endpoint,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretKey"],
    )
    assert refusal(client.list_graphql_apis)[1] == "UnrecognizedClientException"


@pytest.mark.row("4.3 An expired or foreign login token")
@pytest.mark.parametrize("guests", [True, False])
def test_a_token_of_another_pool_is_refused(local_cloud: Cloud, guests: bool) -> None:
    pool = new_identity_pool(local_cloud, guests=guests)
    stranger = new_directory(local_cloud)
    stranger.add("mara")
    token = stranger.srp("mara")["AuthenticationResult"]["IdToken"]
    refused = refusal(pool.public.get_id, IdentityPoolId=pool.pool_id, Logins=pool.logins(token))
    assert refused[1:] == (
        "NotAuthorizedException",
        "Invalid login token. Issuer doesn't match providerName",
    )


@pytest.mark.row("4.3 An expired or foreign login token")
def test_a_token_whose_time_is_over_is_refused(local_cloud: Cloud) -> None:
    """MiniStack takes it for five minutes more."""
    pool = new_identity_pool(local_cloud, guests=True)
    directory = pool.directory
    directory.add("mara")
    lasting = pool.logins(directory.srp("mara")["AuthenticationResult"]["IdToken"])
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id, Logins=lasting)["IdentityId"]
    directory.admin.update_user_pool_client(
        UserPoolId=directory.pool_id,
        ClientId=directory.client_id,
        ExplicitAuthFlows=FLOWS,
        IdTokenValidity=1,
        AccessTokenValidity=1,
        TokenValidityUnits={"IdToken": "seconds", "AccessToken": "seconds"},
    )
    token = directory.srp("mara")["AuthenticationResult"]["IdToken"]
    logins = pool.logins(token)
    time.sleep(max(0.0, jwt.decode(token, options={"verify_signature": False})["exp"] - time.time()) + 0.1)
    for refused in (
        refusal(pool.public.get_id, IdentityPoolId=pool.pool_id, Logins=logins),
        refusal(pool.public.get_credentials_for_identity, IdentityId=identity, Logins=logins),
    ):
        assert refused[1] == "NotAuthorizedException"
        assert refused[2].startswith("Invalid login token. Token expired: ")


def test_a_role_that_does_not_trust_the_pool_is_not_given(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True, trusted="us-east-1:another-pool")
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    refused = refusal(pool.public.get_credentials_for_identity, IdentityId=identity)
    assert refused[1] == "InvalidIdentityPoolConfigurationException"


def test_the_classic_flow_is_refused_unless_the_pool_allows_it(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    assert refusal(pool.public.get_open_id_token, IdentityId=identity)[1:] == (
        "InvalidParameterException",
        "Basic (classic) flow is not enabled, please use enhanced flow.",
    )


@pytest.mark.row("4.3 Basic flow")
def test_the_classic_flow_leads_to_the_role_by_a_token_that_the_pool_signed(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True, classic=True)
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    token = pool.public.get_open_id_token(IdentityId=identity)["Token"]
    assert assume(pool, token)["Credentials"]["AccessKeyId"].startswith("ASIA")


@pytest.mark.parametrize(("seconds", "given"), [(899, False), (900, True), (3600, True), (3601, False)])
def test_a_role_is_taken_for_no_longer_than_it_allows(local_cloud: Cloud, seconds: int, given: bool) -> None:
    """MiniStack gives it for as long as anybody asks."""
    pool = new_identity_pool(local_cloud, guests=True, classic=True)
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    call = {
        "RoleArn": guest_role(pool),
        "RoleSessionName": "test",
        "WebIdentityToken": pool.public.get_open_id_token(IdentityId=identity)["Token"],
        "DurationSeconds": seconds,
    }
    public = local_cloud.client("sts", parameter_validation=False)
    if given:
        assert public.assume_role_with_web_identity(**call)["Credentials"]
    else:
        assert refusal(public.assume_role_with_web_identity, **call)[:2] == (400, "ValidationError")


def test_a_token_that_somebody_wrote_himself_leads_to_no_role(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True, classic=True)
    claims = {
        "iss": "https://cognito-identity.amazonaws.com",
        "aud": pool.pool_id,
        "sub": "us-east-1:somebody",
        "amr": ["unauthenticated"],
        "exp": int(time.time()) + 600,
    }
    for forged in (
        jwt.encode(claims, "x" * 32, algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, rsa.generate_private_key(public_exponent=65537, key_size=2048), algorithm="RS256"),
        "not-a-token",
    ):
        assert refusal(assume, pool, forged)[1] == "InvalidIdentityToken"


def test_what_is_no_role_at_all_is_not_given(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True, roles=False)
    admin = local_cloud.client("cognito-identity")
    roles = {"unauthenticated": "the-role-of-a-guest-here"}
    assert refusal(admin.set_identity_pool_roles, IdentityPoolId=pool.pool_id, Roles=roles) == (
        400,
        "NotAuthorizedException",
        "Access to Role 'the-role-of-a-guest-here' is forbidden.",
    )
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    refused = refusal(pool.public.get_credentials_for_identity, IdentityId=identity)
    assert refused[:2] == (400, "InvalidIdentityPoolConfigurationException")
