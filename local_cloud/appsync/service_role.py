"""The right that a data source's service role has to have for what a resolver asks of it."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from local_cloud.appsync.cloud import Cloud
from local_cloud.appsync.field_errors import FieldError
from local_cloud.appsync.model import Api, DataSource

_REFUSED = {
    "dynamodb": ("DynamoDB:DynamoDbException", "{reason} (Service: DynamoDb, Status Code: 400, Request ID: {request})"),
    # LIKELY: like the entry of DynamoDB, which was captured.
    "lambda": ("Lambda:LambdaException", "{reason} (Service: Lambda, Status Code: 403, Request ID: {request})"),
}
"""Type and text of what a service refuses, by the namespace of its actions.

OPEN: the type where the role can't be assumed. It is the same here: `Unauthorized` would blame the caller.
"""


def may_invoke(cloud: Cloud, api: Api, source: DataSource) -> None:
    """Raise FieldError when the source's role may not invoke its function."""
    _may(cloud, api, source, "lambda:InvokeFunction", source.function_arn)


def may_run(cloud: Cloud, api: Api, source: DataSource, operation: str, call: Mapping[str, Any]) -> None:
    """Raise FieldError when the source's role may not run an operation on its table, or on the index that is read."""
    table = f"arn:aws:dynamodb:{source.region}:{api.account}:table/{source.table}"
    index = call.get("IndexName")
    place = f"{table}/index/{index}" if index else table
    _may(cloud, api, source, f"dynamodb:{operation}", place)


def _may(cloud: Cloud, api: Api, source: DataSource, action: str, place: str) -> None:
    refusal = cloud.role_refusal(api, source.role_arn, action, place)
    if refusal is None:
        return
    error_type, text = _REFUSED[action.partition(":")[0]]
    told = text.format(reason=refusal.reason, request=uuid4()) if refusal.assumed else refusal.reason
    raise FieldError(told, error_type)
