"""Identity pools of a test's own, and the roles they give."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from tests.cloud import Cloud
from tests.contract.directories import Directory, new_directory


@dataclass(frozen=True)
class IdentityPool:
    """An identity pool of a test's own, with the directory that it trusts."""

    cloud: Cloud
    directory: Directory
    pool_id: str

    @property
    def public(self) -> Any:
        return self.cloud.unsigned("cognito-identity")

    @property
    def provider(self) -> str:
        """The user pool's name among the logins."""
        return f"cognito-idp.us-east-1.amazonaws.com/{self.directory.pool_id}"

    def logins(self, token: str) -> dict[str, str]:
        return {self.provider: token}

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
    cloud: Cloud,
    *,
    guests: bool,
    roles: bool = True,
    classic: bool = False,
    trusted: str | None = None,
    asks: bool = False,
) -> IdentityPool:
    """Make an identity pool; its roles trust it, or the pool that `trusted` names instead.

    `asks` has it ask the user pool whether somebody is still signed in (ServerSideTokenCheck).
    """
    directory = new_directory(cloud)
    admin = cloud.client("cognito-identity")
    provider = f"cognito-idp.us-east-1.amazonaws.com/{directory.pool_id}"
    pool_id = admin.create_identity_pool(
        IdentityPoolName=f"test-{secrets.token_hex(4)}",
        AllowUnauthenticatedIdentities=guests,
        AllowClassicFlow=classic,
        CognitoIdentityProviders=[
            {"ProviderName": provider, "ClientId": directory.client_id, "ServerSideTokenCheck": asks}
        ],
    )["IdentityPoolId"]
    if roles:
        admin.set_identity_pool_roles(
            IdentityPoolId=pool_id,
            Roles={
                "unauthenticated": new_role(cloud, trusted or pool_id, "unauthenticated", "appsync:ListGraphqlApis"),
                "authenticated": new_role(cloud, trusted or pool_id, "authenticated", "dynamodb:ListTables"),
            },
        )
    return IdentityPool(cloud, directory, pool_id)
