"""The only maker of clients: botocore for AWS, gql for AppSync, with their time-outs and endpoints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore.config import Config
from botocore.credentials import DeferredRefreshableCredentials
from botocore.loaders import Loader, create_loader

from services.audit import note_request
from services.errors import SettingsError
from services.graphql import GraphQLApi
from services.identity_pool import Temporary
from services.settings import Environment
from services.signed_as import CallersCredentials, SignedAs

if TYPE_CHECKING:
    from types_boto3_appsync import AppSyncClient
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
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
    """Clients of one environment under one credential; all of them are safe for threads.

    Attributes:
        user_pool: Cognito user pools.
        identity_pool: Cognito identity pools; handing out credentials is unsigned, reading the pool's roles isn't.
        apis: a session per AppSync API, by its name; each call brings its own credential.
        appsync: AppSync's control plane.
        iam: roles and policies; for reading what is declared.
    """

    user_pool: "CognitoIdentityProviderClient"
    identity_pool: "CognitoIdentityClient"
    apis: dict[str, GraphQLApi]
    appsync: "AppSyncClient"
    iam: "IAMClient"


def open_clients(environment: Environment) -> Clients:
    """Clients under the credential that the dashboard runs with, to be made once per process.

    Raises:
        SettingsError: the AWS profile or credentials file that the environment names isn't there.
    """
    apis = {api.name: GraphQLApi(api.url, api.region) for api in environment.apis}
    try:
        return _made(environment, _core(environment), apis, _CONFIG)
    except botocore.exceptions.ProfileNotFound:
        raise SettingsError(
            f"The AWS profile {environment.profile or 'that AWS_PROFILE names'} does not exist",
            "The dashboard was told to use it",
            "Add it to your AWS configuration, or name another in AWS_PROFILE",
        ) from None


def open_callers_clients(environment: Environment, shared: Clients) -> Clients:
    """Clients that sign with the credentials of whoever calls, and with no others; to be made once per environment.

    Args:
        environment: where.
        shared: the process's clients, whose API sessions hold no credential.
    """
    core = _core(environment)
    core.register_component("credential_provider", _Only(CallersCredentials()))
    return _made(environment, core, shared.apis, _CONFIG)


def own_clients(callers: Clients, current: Callable[[], Temporary]) -> Clients:
    """Clients of one person: they sign with that person's temporary credentials and with no others.

    Args:
        callers: those of `open_callers_clients`.
        current: the person's credentials; asked at the first call, and again shortly before they end. What it
            raises is raised by the call that needed them.
    """
    held = DeferredRefreshableCredentials(lambda: _metadata(current()), CallersCredentials.method)

    def signed(client: object) -> Any:
        return SignedAs(client, held)

    return Clients(
        user_pool=signed(callers.user_pool),
        identity_pool=signed(callers.identity_pool),
        apis=callers.apis,
        appsync=signed(callers.appsync),
        iam=signed(callers.iam),
    )


def open_dynamodb(environment: Environment) -> "DynamoDBClient":
    """A client for the tables that several dashboards share, under the credential that the dashboard runs with."""
    made: Any = _core(environment).create_client(
        "dynamodb",
        region_name=environment.region,
        endpoint_url=environment.endpoint_url or None,
        config=_CONFIG,
    )
    return cast("DynamoDBClient", made)


@dataclass(frozen=True, slots=True)
class _Only:
    """A chain of credential sources with one link, so that a person's calls never fall back to the server's."""

    credentials: CallersCredentials

    def load_credentials(self) -> CallersCredentials:
        """What botocore asks a session's `credential_provider`."""
        return self.credentials


def _metadata(given: Temporary) -> Mapping[str, str | None]:
    """Temporary credentials as botocore takes them."""
    credentials = given.credentials
    return {
        "access_key": credentials.access_key_id,
        "secret_key": credentials.secret_access_key.reveal(),
        "token": credentials.session_token.reveal() if credentials.session_token else None,
        "expiry_time": given.ends_at.isoformat(),
    }


def _core(environment: Environment) -> botocore.session.Session:
    core = botocore.session.Session(profile=environment.profile or None)
    if environment.credentials_file:
        core.set_config_variable("credentials_file", environment.credentials_file)
    core.register_component("data_loader", _service_descriptions())
    core.register("after-call", _note_request)
    return core


@cache
def _service_descriptions() -> Loader:
    """What botocore knows of AWS's services, read from its files once for everybody's clients."""
    return create_loader()


def _made(
    environment: Environment, core: botocore.session.Session, apis: dict[str, GraphQLApi], config: Config
) -> Clients:
    def client(service: str) -> Any:
        return core.create_client(
            service, region_name=environment.region, endpoint_url=environment.endpoint_url or None, config=config
        )

    return Clients(
        user_pool=client("cognito-idp"),
        identity_pool=client("cognito-identity"),
        apis=apis,
        appsync=client("appsync"),
        iam=client("iam"),
    )


def _note_request(parsed: Mapping[str, Any] | None = None, **_: object) -> None:
    """Called by botocore after each call: an act under way records the ids of its requests."""
    metadata = (parsed or {}).get("ResponseMetadata", {})
    note_request(str(metadata.get("RequestId", "")))
