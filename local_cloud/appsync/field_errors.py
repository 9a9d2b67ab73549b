"""Entries of `errors` in an answer with status 200, key by key as AppSync writes them."""

from collections.abc import Iterable
from typing import Any

from graphql import FieldNode, Node, OperationDefinitionNode, OperationType

Path = tuple[str | int, ...]

_PLURALS = {
    OperationType.QUERY: "queries",
    OperationType.MUTATION: "mutations",
    OperationType.SUBSCRIPTION: "subscriptions",
}

UNAUTHORIZED = "Unauthorized"
DEPTH_LIMIT = "QueryDepthLimitReached"
RESOLVER_LIMIT = "ResolverExecutionLimitReached"
# OPEN: the texts of both limits.
DEPTH_LIMIT_TEXT = "Query depth limit of {limit} was reached."
RESOLVER_LIMIT_TEXT = "Resolver execution limit of {limit} was reached."


class FieldError(Exception):
    """A field that gives an error instead of a value, with the type that clients switch on."""

    def __init__(self, message: str, error_type: str, *, data: Any = None, info: Any = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.data = data
        self.info = info


def not_authorized(type_name: str, field_name: str) -> FieldError:
    """Return the refusal of one field; the words are AppSync's."""
    return FieldError(f"Not Authorized to access {field_name} on type {type_name}", UNAUTHORIZED)


def resolver_entry(error: FieldError, path: Path, node: FieldNode) -> dict[str, Any]:
    """Return the entry of a field that was refused, or whose resolver failed."""
    return {
        "path": list(path),
        "data": error.data,
        "errorType": error.error_type,
        "errorInfo": error.info,
        "locations": _locations((node,)),
        "message": str(error),
    }


def null_entry(type_text: str, parent_name: str, path: Path) -> dict[str, Any]:
    """Return the entry of a null where the schema promises a value."""
    where = path_text(path)
    return _completion_entry(
        f"Cannot return null for non-nullable type: '{type_text}' within parent '{parent_name}' ({where})", path
    )


def mismatch_entry(expected: str, path: Path) -> dict[str, Any]:
    """Return the entry of a value that isn't the LIST or OBJECT that the schema promises."""
    where = path_text(path)
    return _completion_entry(f"Can't resolve value ({where}) : type mismatch error, expected type {expected}", path)


def serialization_entry(reason: str, path: Path) -> dict[str, Any]:
    """Return the entry of a leaf value that its scalar or enum doesn't take."""
    return _completion_entry(f"Can't serialize value ({path_text(path)}) : {reason}", path)


def request_entry(message: str, nodes: Iterable[Node]) -> dict[str, Any]:
    """Return the entry of an operation that doesn't fit the schema: it has no `errorType`."""
    return {"path": None, "locations": _locations(nodes), "message": message}


def missing_root_entry(operation: OperationDefinitionNode) -> dict[str, Any]:
    """Return the entry of a mutation where the schema has none, and of other kinds likewise. LIKELY."""
    return request_entry(f"Schema is not configured for {_PLURALS[operation.operation]}.", (operation,))


def path_text(path: Path) -> str:
    """Return a path as AppSync prints it inside a message: `/users/items[0]/name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f"/{part}" for part in path)


def _completion_entry(message: str, path: Path) -> dict[str, Any]:
    return {"path": list(path), "locations": None, "message": message}


def _locations(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    starts = (node.loc.start_token for node in nodes if node.loc)
    return [{"line": start.line, "column": start.column, "sourceName": None} for start in starts]
