"""The only maker of clients: boto3 for Cognito, gql for AppSync, with their time-outs and endpoints."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from services.audit import note_request
from services.errors import SettingsError
from services.graphql import GraphQLApi
from services.settings import Environment

if TYPE_CHECKING:
    from types_boto3_appsync import AppSyncClient
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_iam import IAMClient

# boto3's own defaults (60 s, five tries) would freeze a person's page for minutes.
_CONFIG = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "max_attempts": 3},
    max_pool_connections=32,
    user_agent_extra="gatehouse",
)


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of one environment, made once per process; all of them are safe for threads.

    Attributes:
        user_pool: Cognito user pools, under the dashboard's own credential.
        identity_pool: Cognito identity pools; handing out credentials is unsigned, reading the pool's roles isn't.
        apis: a session per AppSync API, by its name.
        appsync: AppSync's control plane, under the dashboard's own credential.
        iam: roles and policies, under the same credential; for reading what is declared.
    """

    user_pool: "CognitoIdentityProviderClient"
    identity_pool: "CognitoIdentityClient"
    apis: dict[str, GraphQLApi]
    appsync: "AppSyncClient"
    iam: "IAMClient"


def _note_request(parsed: Mapping[str, Any] | None = None, **_: object) -> None:
    """Called by botocore after each call: an act under way records the ids of its requests."""
    metadata = (parsed or {}).get("ResponseMetadata", {})
    note_request(str(metadata.get("RequestId", "")))


def open_clients(environment: Environment) -> Clients:
    """Clients for an environment.

    Raises:
        SettingsError: the AWS profile or credentials file that the environment names isn't there.
    """
    core = botocore.session.Session(profile=environment.profile or None)
    if environment.credentials_file:
        core.set_config_variable("credentials_file", environment.credentials_file)
    core.register("after-call", _note_request)
    try:
        session = boto3.Session(botocore_session=core, region_name=environment.region)
        endpoint = environment.endpoint_url or None
        return Clients(
            user_pool=session.client("cognito-idp", endpoint_url=endpoint, config=_CONFIG),
            identity_pool=session.client("cognito-identity", endpoint_url=endpoint, config=_CONFIG),
            apis={api.name: GraphQLApi(api.url, api.region) for api in environment.apis},
            appsync=session.client("appsync", endpoint_url=endpoint, config=_CONFIG),
            iam=session.client("iam", endpoint_url=endpoint, config=_CONFIG),
        )
    except botocore.exceptions.ProfileNotFound:
        raise SettingsError(
            f"The AWS profile {environment.profile or 'that AWS_PROFILE names'} does not exist",
            "The dashboard was told to use it",
            "Add it to your AWS configuration, or name another in AWS_PROFILE",
        ) from None
