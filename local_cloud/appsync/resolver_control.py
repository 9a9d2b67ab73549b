"""Data sources and resolvers as AppSync lets them be made: of kinds that run here, whole, and once for each name.

MiniStack takes a second one for the first one's replacement, and a resolver for a field that no type has.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from graphql import GraphQLObjectType
from ministack.services import appsync
from ministack.services.cloudformation import provisioners

from local_cloud import emulator
from local_cloud.appsync.control_answers import Answer, bad_request, not_found
from local_cloud.appsync.resolvers import unsupported_kind, unsupported_source
from local_cloud.appsync.schema import SchemaFault, build_schema
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

Body = Mapping[str, Any]

_RESOURCES = ("AWS::AppSync::DataSource", "AWS::AppSync::Resolver")
_NEEDED = {"AWS_LAMBDA": "lambdaConfig", "AMAZON_DYNAMODB": "dynamodbConfig"}
"""Where data sources keep what they name; these need a role of their own as well."""

_replaces: ContextVar[bool] = ContextVar("_replaces", default=False)
"""Whether what is made may have been there before: updates make it anew, and so do templates."""


def take_hold() -> None:
    """Wrap MiniStack's operations; raises NameGone when this release lacks one of the names."""
    require(appsync, "_create_data_source", "_update_data_source", "_create_resolver", "_update_resolver")
    require(appsync, "_data_sources", "_resolvers", "_schemas", "_apis")
    require(provisioners, "_RESOURCE_HANDLERS")
    appsync._create_data_source = _checked_source(appsync._create_data_source)
    appsync._create_resolver = _checked_resolver(appsync._create_resolver)
    appsync._update_data_source = _replacing(appsync._update_data_source)
    appsync._update_resolver = _replacing(appsync._update_resolver)
    for resource in _RESOURCES:
        handlers = provisioners._RESOURCE_HANDLERS[resource]
        handlers["create"] = _replacing(handlers["create"])


def _replacing(make: Callable[..., Any]) -> Callable[..., Any]:
    def replace(*given: Any, **named: Any) -> Any:
        mark = _replaces.set(True)
        try:
            return make(*given, **named)
        finally:
            _replaces.reset(mark)

    return replace


def _checked_source(create: Callable[[str, Body], Answer]) -> Callable[[str, Body], Answer]:
    def create_data_source(api_id: str, body: Body) -> Answer:
        if api_id not in appsync._apis:
            return create(api_id, body)  # it says so
        name, kind = body.get("name"), str(body.get("type", "NONE"))
        if unsupported := unsupported_source(kind):
            return bad_request(f"This local cloud doesn't run {unsupported}.")
        if kind in _NEEDED and not body.get("serviceRoleArn"):
            return bad_request("Service role arn not specified.")
        if kind in _NEEDED and not body.get(_NEEDED[kind]):
            return bad_request(f"A data source of type {kind} needs {_NEEDED[kind]}.")
        if name in (appsync._data_sources.get(api_id) or {}) and not _replaces.get():
            return bad_request(f"Data source with name {name} already exists.")
        return create(api_id, body)

    return create_data_source


def _checked_resolver(create: Callable[[str, str, Body], Answer]) -> Callable[[str, str, Body], Answer]:
    def create_resolver(api_id: str, type_name: str, body: Body) -> Answer:
        if api_id not in appsync._apis:
            return create(api_id, type_name, body)  # it says so
        field_name = str(body.get("fieldName"))
        if missing := _missing_field(api_id, type_name, field_name):
            return not_found(missing)
        source = (appsync._data_sources.get(api_id) or {}).get(body.get("dataSourceName"))
        if source is None and body.get("kind", "UNIT") == "UNIT":
            return not_found(f"No data source found named {body.get('dataSourceName')}")
        unsupported = unsupported_kind(emulator.resolver_from_record(body), source["type"] if source else "")
        if unsupported:
            return bad_request(f"This local cloud doesn't run {unsupported}.")
        if field_name in _resolvers_of(api_id, type_name) and not _replaces.get():
            return bad_request("Only one resolver is allowed per field.")
        return create(api_id, type_name, body)

    return create_resolver


def _resolvers_of(api_id: str, type_name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (appsync._resolvers.get(api_id) or {}).get(type_name) or {}
    return found


def _missing_field(api_id: str, type_name: str, field_name: str) -> str | None:
    """Return what the API's schema lacks of a type's field, or None."""
    stored = appsync._schemas.get(api_id) or {}
    try:
        found = build_schema(stored.get("definition") or "").get_type(type_name)
    except SchemaFault:
        found = None
    if not isinstance(found, GraphQLObjectType):
        return f"Type {type_name} not found"
    return None if field_name in found.fields else f"No field named {field_name} found on type {type_name}"
