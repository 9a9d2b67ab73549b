"""Types over the control plane, as the schema has them; MiniStack knows only those that were made one by one."""

import json
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLNamedType, GraphQLSchema, introspection_from_schema, print_ast
from ministack.core.responses import json_response
from ministack.services import appsync

from local_cloud.appsync.control_answers import Answer, bad_request, not_found
from local_cloud.appsync.schema import SchemaFault, build_schema
from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

Query = Mapping[str, Any]


def take_hold() -> None:
    """Replace MiniStack's operations; raises NameGone when this release lacks one of the names."""
    require(appsync, "_list_types", "_get_type", "_create_type", "_update_type", "_schemas", "_apis")
    appsync._list_types = _list_types
    appsync._get_type = _get_type
    appsync._create_type = appsync._update_type = _refused


def _list_types(api_id: str, query: Query) -> Answer:
    schema = _schema(api_id)
    if schema is None:
        return not_found(f"GraphQL API {api_id} not found")
    answer: Answer = json_response({"types": [_described(api_id, schema, each, query) for each in _own(schema)]})
    return answer


def _get_type(api_id: str, type_name: str, query: Query) -> Answer:
    schema = _schema(api_id)
    found = next((each for each in _own(schema) if each.name == type_name), None) if schema else None
    if schema is None or found is None:
        return not_found(f"Type {type_name} not found")
    answer: Answer = json_response({"type": _described(api_id, schema, found, query)})
    return answer


def _refused(*_: Any) -> Answer:
    return bad_request("This local cloud changes types by StartSchemaCreation alone.")


def _schema(api_id: str) -> GraphQLSchema | None:
    """Return an API's schema, one without types where it has none yet; None without such an API."""
    if api_id not in appsync._apis:
        return None
    try:
        return build_schema((appsync._schemas.get(api_id) or {}).get("definition") or "")
    except SchemaFault:
        return GraphQLSchema()


def _own(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    """Return the types that the SDL itself defines."""
    return [each for each in schema.type_map.values() if each.ast_node is not None and each.ast_node.loc is not None]


def _described(api_id: str, schema: GraphQLSchema, named: GraphQLNamedType, query: Query) -> dict[str, Any]:
    wanted = query.get("format") or "SDL"
    form = wanted[0] if isinstance(wanted, list) else wanted
    return {
        "name": named.name,
        "description": named.description,
        "arn": f"{appsync._apis[api_id]['arn']}/types/{named.name}",
        "definition": _introspected(schema, named.name) if form == "JSON" else _printed(named),
        "format": form,
    }


def _printed(named: GraphQLNamedType) -> str:
    nodes = [node for node in (named.ast_node, *named.extension_ast_nodes) if node is not None]
    return "\n\n".join(map(print_ast, nodes))


def _introspected(schema: GraphQLSchema, name: str) -> str:
    types: list[dict[str, Any]] = introspection_from_schema(schema)["__schema"]["types"]  # type: ignore[assignment]
    return json.dumps(next(each for each in types if each["name"] == name))
