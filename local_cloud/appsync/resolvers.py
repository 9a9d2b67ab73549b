"""Unit resolvers: what AppSync sends a data source, and what becomes of its answer."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode, print_ast

from local_cloud.appsync.attribute_values import plain_item
from local_cloud.appsync.cloud import Cloud
from local_cloud.appsync.dynamodb_unit import dynamodb_call, dynamodb_result
from local_cloud.appsync.field_errors import RESOLVER_LIMIT, RESOLVER_LIMIT_TEXT, FieldError
from local_cloud.appsync.model import Api, Caller, DataSource, HttpRequest, Resolver
from local_cloud.appsync.selections import FieldCall, Resolve
from local_cloud.appsync.service_role import may_invoke, may_run
from local_cloud.appsync.templates import MAPPING_TEMPLATE, rendered, template_fault

UNHANDLED = "Lambda:Unhandled"
TIMED_OUT = "Lambda:ExecutionTimeoutException"
TIMED_OUT_TEXT = "Execution timed out."
UNSUPPORTED = "UnsupportedResolver"
LONGEST_REQUEST = 30.0
_FIRST_VERSION = "2017-02-28"
_MAX_RESOLVERS = 10_000
_LARGEST_ANSWER = 5 * 1024 * 1024
"""In bytes: what a resolver may answer at most."""

# OPEN: type and text of what is larger.
TOO_LARGE = "PayloadTooLarge"
TOO_LARGE_TEXT = "The resolver's response is larger than 5 MB."
DIRECT_LAMBDA = "AWS_LAMBDA"
_DYNAMODB = "AMAZON_DYNAMODB"
_KINDS = frozenset({DIRECT_LAMBDA, _DYNAMODB, "NONE"})


def unsupported_kind(resolver: Resolver, data_source_kind: str) -> str | None:
    """Return what this local cloud doesn't run about a resolver, or None when it runs it."""
    if resolver.kind != "UNIT":
        return f"{resolver.kind} resolvers"
    if resolver.uses_code:
        return "resolvers in JavaScript"
    if resolver.batch_size:
        return "batched Lambda resolvers"
    if unsupported := unsupported_source(data_source_kind):
        return unsupported
    if data_source_kind != DIRECT_LAMBDA and not (resolver.request_template and resolver.response_template):
        return f"{data_source_kind} data sources without both mapping templates"
    return template_fault(resolver.request_template) or template_fault(resolver.response_template)


def unsupported_source(kind: str) -> str | None:
    """Return what this local cloud doesn't run when it is asked for a data source of a kind, or None."""
    return None if kind in _KINDS else f"{kind} data sources"


@dataclass(slots=True)
class Resolvers:
    """The resolvers of one API, run for one request."""

    cloud: Cloud
    api: Api
    caller: Caller
    request: HttpRequest
    variables: Mapping[str, Any]
    fragments: Mapping[str, FragmentDefinitionNode]
    deadline: float = field(default_factory=lambda: time.monotonic() + LONGEST_REQUEST)
    ran: int = 0

    def attached(self, type_name: str, field_name: str) -> Resolve | None:
        """Return the function that resolves a field, or None when it has no resolver."""
        resolver = self.cloud.resolver(self.api, type_name, field_name)
        if resolver is None:
            return None

        async def resolve(call: FieldCall) -> Any:
            return await self._resolve(resolver, call)

        return resolve

    async def _resolve(self, resolver: Resolver, call: FieldCall) -> Any:
        self.ran += 1
        limit = self.api.resolver_limit or _MAX_RESOLVERS
        if self.ran > limit:
            raise FieldError(RESOLVER_LIMIT_TEXT.format(limit=limit), RESOLVER_LIMIT)
        source = self.cloud.data_source(self.api, resolver.data_source)
        unsupported = unsupported_kind(resolver, source.kind if source else "missing")
        if unsupported or source is None:
            raise FieldError(f"This local cloud doesn't run {unsupported}.", UNSUPPORTED)
        if time.monotonic() >= self.deadline:
            raise FieldError(TIMED_OUT_TEXT, TIMED_OUT)  # before any work that would only hold others up
        return await self._unit(resolver, source, call)

    async def _unit(self, resolver: Resolver, source: DataSource, call: FieldCall) -> Any:
        """Ask the data source what the request template says; give what the response template makes of it."""
        event = self._event(call)
        context = {**event, "args": event["arguments"], "result": None, "error": None}
        request = rendered(resolver.request_template, context) if resolver.request_template else None
        if resolver.request_template and not isinstance(request, dict):
            raise FieldError("The request template must render to an object.", MAPPING_TEMPLATE)
        try:
            context["result"] = await self._asked(source, request, event, call)
        except FieldError as error:
            # Since 2018-05-29 the response template sees the error and decides; before, the field failed.
            if request is None or request.get("version") == _FIRST_VERSION or not resolver.response_template:
                raise
            context["error"] = {"message": str(error), "type": error.error_type}
        if not resolver.response_template:
            return context["result"]
        return rendered(resolver.response_template, context)

    async def _asked(self, source: DataSource, request: Any, event: dict[str, Any], call: FieldCall) -> Any:
        if source.kind == DIRECT_LAMBDA:
            return await self._invoked(source, event if request is None else request.get("payload"))
        if source.kind == _DYNAMODB:
            return await self._table(source, request, f"{self.api.arn}/{call.spot.parent.name}/{call.spot.name}")
        return request.get("payload")

    async def _table(self, source: DataSource, request: dict[str, Any], place: str) -> Any:
        operation, wanted = dynamodb_call(request, source.table, place)
        may_run(self.cloud, self.api, source, operation, wanted)
        result = await self.cloud.dynamodb(source, self.api.account, operation, wanted)
        if result.error is not None:
            name, message = result.error
            raise FieldError(message, f"DynamoDB:{name}")
        if operation == "PutItem":
            return plain_item(wanted["Item"])
        return dynamodb_result(operation, result.answer, place)

    async def _invoked(self, source: DataSource, payload: Any) -> Any:
        may_invoke(self.cloud, self.api, source)
        try:
            # Only a function takes time; what tables and templates do is done at once.
            async with asyncio.timeout(self.deadline - time.monotonic()):
                result = await self.cloud.invoke(source.function_arn, payload)
        except TimeoutError:
            raise FieldError(TIMED_OUT_TEXT, TIMED_OUT) from None
        if result is None:
            raise FieldError(f"Function not found: {source.function_arn}", "Lambda:ResourceNotFoundException")
        if result.error is not None:
            raise FieldError(result.error, UNHANDLED)
        if result.size > _LARGEST_ANSWER:
            raise FieldError(TOO_LARGE_TEXT, TOO_LARGE)
        return result.payload

    def _event(self, call: FieldCall) -> dict[str, Any]:
        selection = call.spot.nodes[0].selection_set
        return {
            "arguments": dict(call.arguments),
            "identity": self.caller.identity,
            "source": call.source,
            "request": {"headers": dict(self.request.headers), "domainName": None},
            "prev": None,
            "info": {
                "selectionSetList": _selected(call.spot.nodes, self.fragments),
                "selectionSetGraphQL": _printed(selection) if selection else "",
                "parentTypeName": call.spot.parent.name,
                "fieldName": call.spot.name,
                "variables": dict(self.variables),
            },
            "stash": {},
        }


@lru_cache(maxsize=512)
def _printed(selection_set: SelectionSetNode) -> str:
    """Return a selection as text; the same documents come again and again."""
    return print_ast(selection_set)


def _selected(nodes: Iterable[FieldNode], fragments: Mapping[str, FragmentDefinitionNode]) -> list[str]:
    """Return the fields selected below, as paths by alias or name, in the order of the query."""
    found: dict[str, None] = {}
    for node in nodes:
        _walk(node.selection_set, "", fragments, found)
    return list(found)


def _walk(
    selection_set: SelectionSetNode | None,
    prefix: str,
    fragments: Mapping[str, FragmentDefinitionNode],
    found: dict[str, None],
) -> None:
    for selection in selection_set.selections if selection_set else ():
        if isinstance(selection, FieldNode):
            path = prefix + (selection.alias or selection.name).value
            found[path] = None
            _walk(selection.selection_set, f"{path}/", fragments, found)
        elif isinstance(selection, FragmentSpreadNode):
            _walk(fragments[selection.name.value].selection_set, prefix, fragments, found)
        else:
            _walk(selection.selection_set, prefix, fragments, found)  # type: ignore[attr-defined]
