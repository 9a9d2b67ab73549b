"""Reads what is declared about an API from AWS: every call that needs no other's answer goes beside the rest."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from services.authorization.declared.configuration import ApiConfiguration, Key
from services.authorization.declared.policies import Role
from services.authorization.declared.role_reading import read_role
from services.authorization.declared.roles import GroupRole, IdentityPoolRoles
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.values import (
    CONFIGURATION,
    GROUPS,
    KEYS,
    POOL,
    SCHEMA,
    Declared,
    Unread,
    role_named,
)
from services.aws_errors import spoken
from services.clients import Clients
from services.errors import GatehouseError
from services.settings import Api, Environment

if TYPE_CHECKING:
    from types_boto3_appsync import AppSyncClient

_AT_ONCE = 16
_NO_ID = "Its id isn't configured."
_NO_POOL = "The environment names no identity pool."
Thing = TypeVar("Thing")


class _Asked:
    """Calls under way side by side, and what of them could not be had."""

    def __init__(self, workers: ThreadPoolExecutor) -> None:
        self._workers = workers
        self.unread: list[Unread] = []

    def ask(self, read: Callable[[], Thing]) -> "Future[Thing]":
        """Start to read something."""
        return self._workers.submit(read)

    def had(self, what: str, call: str, future: "Future[Thing]") -> Thing | None:
        """What came, or None, and the reason is kept."""
        try:
            return future.result()
        except GatehouseError as error:
            self.unread.append(Unread(what, f"{error.why.rstrip('.')}." if error.why else str(error), call))
            return None


def _now() -> datetime:
    return datetime.now(UTC)


def read_declared(clients: Clients, api: Api, environment: Environment, now: Callable[[], datetime] = _now) -> Declared:
    """What is declared about an API. What can't be read is said in `unread`, and nothing is raised.

    GetGraphqlApi, GetIntrospectionSchema and ListApiKeys of AppSync; GetIdentityPoolRoles and ListGroups of Cognito;
    and for each role that they name GetRole, ListRolePolicies, GetRolePolicy, ListAttachedRolePolicies, GetPolicy
    and GetPolicyVersion of IAM.

    Args:
        clients: of the environment.
        api: the API.
        environment: names the pools.
        now: the clock.
    """
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        asked = _Asked(workers)
        appsync, api_id, identity_pool = clients.appsync, api.api_id, environment.identity_pool_id
        if not api_id:
            asked.unread += [Unread(what, _NO_ID) for what in (CONFIGURATION, SCHEMA, KEYS)]
        if not identity_pool:
            asked.unread.append(Unread(POOL, _NO_POOL))
        configuring = asked.ask(lambda: _configuration(appsync, api)) if api_id else None
        describing = asked.ask(lambda: _schema(appsync, api_id)) if api_id else None
        listing = asked.ask(lambda: _keys(appsync, api_id)) if api_id else None
        choosing = asked.ask(lambda: _pool(clients, identity_pool)) if identity_pool else None
        grouping = asked.ask(lambda: _groups(clients, environment.user_pool_id))
        pool = asked.had(POOL, "cognito-identity:GetIdentityPoolRoles", choosing) if choosing else None
        groups = asked.had(GROUPS, "cognito-idp:ListGroups", grouping)
        roles = _roles(clients, asked, named_roles(pool, groups or ()))
        call = "appsync:GetGraphqlApi"
        return Declared(
            api=api.name,
            configuration=asked.had(CONFIGURATION, call, configuring) if configuring else None,
            schema=asked.had(SCHEMA, "appsync:GetIntrospectionSchema", describing) if describing else None,
            keys=asked.had(KEYS, "appsync:ListApiKeys", listing) if listing else None,
            pool=pool,
            groups=groups,
            roles=roles,
            unread=tuple(asked.unread),
            at=now(),
        )


def named_roles(pool: IdentityPoolRoles | None, groups: Iterable[GroupRole]) -> tuple[str, ...]:
    """The ARNs of all roles that an identity pool may give, each once."""
    found = [group.role_arn for group in groups]
    if pool:
        found += [pool.unauthenticated, pool.authenticated]
        found += [rule.role_arn for mapping in pool.mappings for rule in mapping.rules]
    return tuple(dict.fromkeys(arn for arn in found if arn))


def _roles(clients: Clients, asked: _Asked, arns: Iterable[str]) -> dict[str, Role]:
    reading = {arn: asked.ask(partial(read_role, clients.iam, arn)) for arn in arns}
    found = {arn: asked.had(role_named(arn), "iam:GetRole", future) for arn, future in reading.items()}
    return {arn: role for arn, role in found.items() if role}


def _configuration(appsync: "AppSyncClient", api: Api) -> ApiConfiguration:
    with spoken("read the API's configuration"):
        return ApiConfiguration.of(appsync.get_graphql_api(apiId=api.api_id)["graphqlApi"], api.region)


def _schema(appsync: "AppSyncClient", api_id: str) -> ApiSchema:
    with spoken("read the schema"):
        answer = appsync.get_introspection_schema(apiId=api_id, format="SDL", includeDirectives=True)
        return ApiSchema.of(answer["schema"].read().decode())


def _keys(appsync: "AppSyncClient", api_id: str) -> tuple[Key, ...]:
    """The keys without their ids, which are the keys themselves."""
    with spoken("list the API's keys"):
        pages = appsync.get_paginator("list_api_keys").paginate(apiId=api_id)
        return tuple(
            Key(key.get("description") or "", datetime.fromtimestamp(key["expires"], UTC))
            for page in pages
            for key in page["apiKeys"]
        )


def _pool(clients: Clients, identity_pool_id: str) -> IdentityPoolRoles:
    with spoken("read the identity pool's roles"):
        return IdentityPoolRoles.of(clients.identity_pool.get_identity_pool_roles(IdentityPoolId=identity_pool_id))


def _groups(clients: Clients, user_pool_id: str) -> tuple[GroupRole, ...]:
    with spoken("list the groups"):
        pages = clients.user_pool.get_paginator("list_groups").paginate(UserPoolId=user_pool_id)
        return tuple(
            GroupRole(group["GroupName"], group.get("Precedence"), group.get("RoleArn", ""))
            for page in pages
            for group in page["Groups"]
        )
