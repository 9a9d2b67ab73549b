"""What MiniStack's AppSync control plane takes without a look, and AWS, or this data plane, can't.

MiniStack looks its operations up by name at every call, so wrapping the names reaches calls
over the wire and CloudFormation alike.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.responses import get_account_id
from ministack.services import appsync
from ministack.services.cloudformation import provisioners

from local_cloud.appsync import key_control, resolver_control, type_control
from local_cloud.appsync.control_answers import Answer, bad_request
from local_cloud.appsync.records import configuration_fault
from local_cloud.appsync.schema import SchemaFault, build_schema
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

Body = Mapping[str, Any]
_SCHEMA_RESOURCE = "AWS::AppSync::GraphQLSchema"
_LATER_SETTINGS = ("introspectionConfig", "queryDepthLimit", "resolverCountLimit")
_LARGEST_SCHEMA = 1_048_576
"""In bytes."""

_LOG_WAIT = 0.005


def take_hold() -> None:
    """Wrap MiniStack's operations, those on keys, data sources, resolvers and types too.

    Raises NameGone when this release lacks one of the names.
    """
    require(appsync, "_create_graphql_api", "_update_graphql_api", "_start_schema_creation")
    require(provisioners, "_RESOURCE_HANDLERS", "_appsync_api_members")
    require(lambda_runtime, "Worker")
    key_control.take_hold()
    resolver_control.take_hold()
    type_control.take_hold()
    appsync._create_graphql_api = _checked_api(appsync._create_graphql_api)
    appsync._update_graphql_api = _whole_update(appsync._update_graphql_api)
    appsync._start_schema_creation = _checked_schema(appsync._start_schema_creation)
    provisioners._appsync_api_members = _checked_template_api(provisioners._appsync_api_members)
    handlers = provisioners._RESOURCE_HANDLERS[_SCHEMA_RESOURCE]
    handlers["create"] = _checked_template_schema(handlers["create"])
    _wait_less_for_logs()


def _checked_api(create: Callable[[Body], Answer]) -> Callable[[Body], Answer]:
    def create_graphql_api(body: Body) -> Answer:
        fault = configuration_fault(body, get_account_id())
        return bad_request(fault) if fault else create(body)

    return create_graphql_api


def _whole_update(update: Callable[[str, Body], Answer]) -> Callable[[str, Body], Answer]:
    def update_graphql_api(api_id: str, body: Body) -> Answer:
        fault = configuration_fault({**(appsync._apis.get(api_id) or {}), **body}, get_account_id())
        if fault:
            return bad_request(fault)
        if api_id in appsync._apis:
            # MiniStack's own update leaves these as they were.
            given = {name: body[name] for name in _LATER_SETTINGS if name in body}
            appsync._apis[api_id].update(given)
        return update(api_id, body)

    return update_graphql_api


def _checked_schema(start: Callable[[str, Body], Answer]) -> Callable[[str, Body], Answer]:
    def start_schema_creation(api_id: str, body: Body) -> Answer:
        before = appsync._schemas.get(api_id)
        answer = start(api_id, body)
        if answer[0] == 200:
            fault = _schema_fault(appsync._schemas[api_id]["definition"])
            if fault:
                # A schema that was there before stays in use.
                kept = before["definition"] if before else ""
                appsync._schemas[api_id] = {"definition": kept, "status": "FAILED", "details": fault}
        return answer

    return start_schema_creation


def _checked_template_api(members: Callable[[Body], dict[str, Any]]) -> Callable[[Body], dict[str, Any]]:
    def appsync_api_members(properties: Body) -> dict[str, Any]:
        record = members(properties)
        fault = configuration_fault(record, get_account_id())
        if fault:
            raise ValueError(fault)
        return record

    return appsync_api_members


def _checked_template_schema(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_schema(logical_id: str, properties: Body, stack_name: str) -> Any:
        fault = _schema_fault(str(properties.get("Definition", "")))
        if fault:
            raise ValueError(f"Schema Creation Status is FAILED with details: {fault}")
        return create(logical_id, properties, stack_name)

    return create_schema


def _schema_fault(definition: str) -> str | None:
    if len(definition.encode()) > _LARGEST_SCHEMA:
        return "The schema is larger than 1 MB."
    try:
        build_schema(definition)
    except SchemaFault as fault:
        return str(fault)
    return None


def _wait_less_for_logs() -> None:
    """After each call MiniStack waits 50 ms for a function that logs nothing; a tenth of that will do."""
    drain = lambda_runtime.Worker._drain_stderr_bounded

    def drain_sooner(worker: Any) -> Any:
        return drain(worker, first_line_wait=_LOG_WAIT)

    lambda_runtime.Worker._drain_stderr_bounded = drain_sooner
