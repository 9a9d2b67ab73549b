"""Identity pools made over the API: guests and signed-in people, and whom the pool turns away."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import boto3
import jwt
import pytest
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.cloud import Cloud
from tests.contract.directories import Directory, new_directory
from tests.contract.refusals import refusal

NO_GUESTS = (400, "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.")


@dataclass(frozen=True)
class IdentityPool:
    """An identity pool of a test's own, with the directory that it trusts."""

    cloud: Cloud
    directory: Directory
    pool_id: str

    @property
    def public(self) -> Any:
        return self.cloud.unsigned("cognito-identity")

    def logins(self, token: str) -> dict[str, str]:
        return {f"cognito-idp.us-east-1.amazonaws.com/{self.directory.pool_id}": token}

    def as_identity(self, service: str, **logins: Any) -> Any:
        """Return a client that signs with the credentials of a new identity."""
        identity = self.public.get_id(IdentityPoolId=self.pool_id, **logins)["IdentityId"]
        given = self.public.get_credentials_for_identity(IdentityId=identity, **logins)["Credentials"]
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.cloud.endpoint,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretKey"],
            aws_session_token=given["SessionToken"],
            config=Config(retries={"total_max_attempts": 1}),
        )


def new_role(cloud: Cloud, pool_id: str, kind: str, action: str) -> str:
    """Make a role for one kind of identity that allows one action; returns its ARN."""
    iam = cloud.client("iam")
    name = f"test-{kind}-{secrets.token_hex(4)}"
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": kind},
        },
    }
    allow = {"Effect": "Allow", "Action": action, "Resource": "*"}
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="one", PolicyDocument=policy(allow))
    return arn


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def new_identity_pool(
    cloud: Cloud, *, guests: bool, roles: bool = True, classic: bool = False, trusted: str | None = None
) -> IdentityPool:
    """Make an identity pool; its roles trust it, or the pool that `trusted` names instead."""
    directory = new_directory(cloud)
    admin = cloud.client("cognito-identity")
    provider = f"cognito-idp.us-east-1.amazonaws.com/{directory.pool_id}"
    pool_id = admin.create_identity_pool(
        IdentityPoolName=f"test-{secrets.token_hex(4)}",
        AllowUnauthenticatedIdentities=guests,
        AllowClassicFlow=classic,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": directory.client_id}],
    )["IdentityPoolId"]
    if roles:
        admin.set_identity_pool_roles(
            IdentityPoolId=pool_id,
            Roles={
                "unauthenticated": new_role(cloud, trusted or pool_id, "unauthenticated", "dynamodb:ListTables"),
                "authenticated": new_role(cloud, trusted or pool_id, "authenticated", "appsync:ListGraphqlApis"),
            },
        )
    return IdentityPool(cloud, directory, pool_id)


def guest_role(pool: IdentityPool) -> str:
    """Return the ARN of a pool's guest role."""
    roles = pool.cloud.client("cognito-identity").get_identity_pool_roles(IdentityPoolId=pool.pool_id)["Roles"]
    return str(roles["unauthenticated"])


def assume(pool: IdentityPool, token: str) -> Any:
    """Assume the guest role by an OpenID token (STS AssumeRoleWithWebIdentity)."""
    return pool.cloud.unsigned("sts").assume_role_with_web_identity(
        RoleArn=guest_role(pool), RoleSessionName="test", WebIdentityToken=token
    )


def test_a_guest_gets_the_guest_role_and_nothing_more(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    assert pool.as_identity("dynamodb").list_tables()["TableNames"]
    assert refusal(pool.as_identity("appsync").list_graphql_apis)[1] == "AccessDeniedException"


def test_somebody_signed_in_gets_the_other_role(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True)
    pool.directory.add("mara")
    logins = {"Logins": pool.logins(pool.directory.srp("mara")["AuthenticationResult"]["IdToken"])}
    assert pool.as_identity("appsync", **logins).list_graphql_apis()["graphqlApis"]
    assert refusal(pool.as_identity("dynamodb", **logins).list_tables)[1] == "AccessDeniedException"


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
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=local_cloud.endpoint,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretKey"],
    )
    assert refusal(client.list_tables)[1] == "UnrecognizedClientException"


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


def test_the_classic_flow_leads_to_the_role_by_a_token_that_the_pool_signed(local_cloud: Cloud) -> None:
    pool = new_identity_pool(local_cloud, guests=True, classic=True)
    identity = pool.public.get_id(IdentityPoolId=pool.pool_id)["IdentityId"]
    token = pool.public.get_open_id_token(IdentityId=identity)["Token"]
    assert assume(pool, token)["Credentials"]["AccessKeyId"].startswith("ASIA")


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
