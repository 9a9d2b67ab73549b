"""What a request template says to DynamoDB, and what a response template sees of the answer."""

from collections.abc import Mapping
from typing import Any

from local_cloud.appsync.attribute_values import plain_item
from local_cloud.appsync.field_errors import FieldError
from local_cloud.appsync.page_tokens import BadPageToken, seal, unseal
from local_cloud.appsync.templates import MAPPING_TEMPLATE

Request = Mapping[str, Any]
Call = dict[str, Any]

REFUSED_PAGE = "DynamoDB:UserIllegalArgumentException"
_ONE_ROW = {"GetItem", "PutItem", "UpdateItem", "DeleteItem"}
_PAGES = {"Scan", "Query"}


def dynamodb_call(request: Request, table: str, place: str) -> tuple[str, Call]:
    """Return operation and parameters of the DynamoDB API that a template's request stands for.

    Raises:
        FieldError: an operation that isn't run here, or a page token that isn't this resolver's.
    """
    operation = str(request.get("operation"))
    if operation in _ONE_ROW:
        return operation, {"TableName": table, **_one_row(operation, request)}
    if operation in _PAGES:
        return operation, {"TableName": table, **_page(request, place)}
    raise FieldError(f"This local cloud doesn't run the DynamoDB operation {operation}.", MAPPING_TEMPLATE)


def dynamodb_result(operation: str, answer: Mapping[str, Any], place: str) -> Any:
    """Return `$ctx.result`: a row, or a page with its token."""
    if operation in _PAGES:
        last = answer.get("LastEvaluatedKey")
        return {
            "items": [plain_item(item) for item in answer.get("Items", ())],
            "nextToken": seal(place, last) if last else None,
            "scannedCount": answer.get("ScannedCount", 0),
        }
    item = answer.get("Item") or answer.get("Attributes")
    return plain_item(item) if item else None


def _one_row(operation: str, request: Request) -> Call:
    key = request.get("key") or {}
    if operation == "GetItem":
        return {"Key": key, "ConsistentRead": bool(request.get("consistentRead"))}
    condition = _expression("Condition", request.get("condition"))
    if operation == "PutItem":
        return {"Item": {**key, **(request.get("attributeValues") or {})}, **condition}
    if operation == "DeleteItem":
        return {"Key": key, "ReturnValues": "ALL_OLD", **condition}
    update = _expression("Update", request.get("update"))
    return {"Key": key, "ReturnValues": "ALL_NEW", **_merged(update, condition)}


def _page(request: Request, place: str) -> Call:
    given = {
        "IndexName": request.get("index"),
        "Limit": request.get("limit"),
        "ConsistentRead": request.get("consistentRead"),
        "ScanIndexForward": request.get("scanIndexForward"),
        "Select": request.get("select"),
    }
    token = request.get("nextToken")
    if token:
        try:
            given["ExclusiveStartKey"] = unseal(place, str(token))
        except BadPageToken as error:
            raise FieldError(str(error), REFUSED_PAGE) from error
    expressions = _merged(
        _expression("KeyCondition", request.get("query")), _expression("Filter", request.get("filter"))
    )
    return {name: value for name, value in given.items() if value is not None} | expressions


def _expression(kind: str, said: Request | None) -> Call:
    if not said:
        return {}
    parts = {
        f"{kind}Expression": said.get("expression"),
        "ExpressionAttributeNames": said.get("expressionNames"),
        "ExpressionAttributeValues": said.get("expressionValues"),
    }
    return {name: value for name, value in parts.items() if value}


def _merged(one: Call, other: Call) -> Call:
    both = one | other
    for shared in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        if shared in one and shared in other:
            both[shared] = one[shared] | other[shared]
    return both
