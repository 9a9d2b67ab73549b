"""Direct Lambda resolvers: the event that AppSync sends a function, and what becomes of its answer."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode, print_ast

from local_cloud.appsync.cloud import Cloud
from local_cloud.appsync.execute import FieldCall, Resolve
from local_cloud.appsync.field_errors import RESOLVER_LIMIT, RESOLVER_LIMIT_TEXT, FieldError
from local_cloud.appsync.model import Api, Caller, HttpRequest, Resolver

UNHANDLED = "Lambda:Unhandled"
TIMED_OUT = "Lambda:ExecutionTimeoutException"
TIMED_OUT_TEXT = "Execution timed out."
UNSUPPORTED = "UnsupportedResolver"
LONGEST_REQUEST = 30.0
_MAX_RESOLVERS = 10_000
_LARGEST_ANSWER = 5 * 1024 * 1024
"""In bytes: what a resolver may answer at most."""

# OPEN: type and text of what is larger.
TOO_LARGE = "PayloadTooLarge"
TOO_LARGE_TEXT = "The resolver's response is larger than 5 MB."
DIRECT_LAMBDA = "AWS_LAMBDA"


def unsupported_kind(resolver: Resolver, data_source_kind: str) -> str | None:
    """Return what this local cloud doesn't run about a resolver, or None when it runs it."""
    if resolver.kind != "UNIT":
        return f"{resolver.kind} resolvers"
    if resolver.uses_code:
        return "resolvers in JavaScript"
    if resolver.uses_templates:
        return "resolvers with mapping templates"
    if resolver.batch_size:
        return "batched Lambda resolvers"
    if data_source_kind != DIRECT_LAMBDA:
        return f"{data_source_kind} data sources"
    return None


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
        try:
            result = await asyncio.wait_for(
                self.cloud.invoke(source.function_arn, self._event(call)), self.deadline - time.monotonic()
            )
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
                "selectionSetGraphQL": print_ast(selection) if selection else "",
                "parentTypeName": call.spot.parent.name,
                "fieldName": call.spot.name,
                "variables": dict(self.variables),
            },
            "stash": {},
        }


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
