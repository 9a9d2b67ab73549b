"""`$util` of mapping templates: what AppSync documents of it, by the names that templates use."""

# ruff: noqa: N802, N815 - the names are AppSync's

import base64
import json
import re
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import quote_plus, unquote_plus

from local_cloud.appsync.attribute_values import typed
from local_cloud.appsync.field_errors import UNAUTHORIZED, FieldError

_CUSTOM = "Custom"


class Time:
    """`$util.time`."""

    def nowISO8601(self) -> str:
        now = datetime.now(UTC)
        return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"

    def nowEpochSeconds(self) -> int:
        return int(time.time())

    def nowEpochMilliSeconds(self) -> int:
        return int(time.time() * 1000)


class DynamoDB:
    """`$util.dynamodb`: values as DynamoDB has them, as objects and as JSON."""

    def toDynamoDB(self, value: Any) -> dict[str, Any]:
        return typed(value)

    def toDynamoDBJson(self, value: Any) -> str:
        return json.dumps(typed(value))

    def toMapValues(self, values: Mapping[str, Any] | None) -> dict[str, Any]:
        return {name: typed(value) for name, value in (values or {}).items()}

    def toMapValuesJson(self, values: Mapping[str, Any] | None) -> str:
        return json.dumps(self.toMapValues(values))

    # AppSync has a name per kind; the kind follows from the value.
    toString = toNumber = toBoolean = toList = toMap = toDynamoDB
    toStringJson = toNumberJson = toBooleanJson = toListJson = toMapJson = toDynamoDBJson


class Util:
    """`$util` itself."""

    def __init__(self) -> None:
        self.time = Time()
        self.dynamodb = DynamoDB()

    def toJson(self, value: Any) -> str:
        return _encode(value)

    def parseJson(self, text: str | None) -> Any:
        return None if text is None else json.loads(text)

    def autoId(self) -> str:
        return str(uuid.uuid4())

    def qr(self, *_: Any) -> str:
        return ""

    quiet = qr

    def error(self, message: str, kind: str | None = None, data: Any = None, info: Any = None) -> NoReturn:
        raise FieldError(message, kind or _CUSTOM, data=data, info=info)

    def unauthorized(self) -> NoReturn:
        raise FieldError("Unauthorized", UNAUTHORIZED)

    def validate(self, holds: bool, message: str, kind: str | None = None, data: Any = None) -> str:
        if not holds:
            self.error(message, kind or "CustomTemplateException", data)
        return ""

    def isNull(self, value: Any) -> bool:
        return value is None

    def isNullOrEmpty(self, value: Any) -> bool:
        return value is None or value == ""

    def isNullOrBlank(self, value: Any) -> bool:
        return value is None or not str(value).strip()

    def defaultIfNull(self, value: Any, instead: Any) -> Any:
        return instead if value is None else value

    def defaultIfNullOrEmpty(self, value: Any, instead: Any) -> Any:
        return instead if self.isNullOrEmpty(value) else value

    def defaultIfNullOrBlank(self, value: Any, instead: Any) -> Any:
        return instead if self.isNullOrBlank(value) else value

    def isString(self, value: Any) -> bool:
        return isinstance(value, str)

    def isNumber(self, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def isBoolean(self, value: Any) -> bool:
        return isinstance(value, bool)

    def isList(self, value: Any) -> bool:
        return isinstance(value, list)

    def isMap(self, value: Any) -> bool:
        return isinstance(value, Mapping)

    def matches(self, pattern: str, text: str | None) -> bool:
        return text is not None and re.search(pattern, text) is not None

    def escapeJavaScript(self, text: str | None) -> str | None:
        return None if text is None else json.dumps(text)[1:-1]

    def urlEncode(self, text: str) -> str:
        return quote_plus(text)

    def urlDecode(self, text: str) -> str:
        return unquote_plus(text)

    def base64Encode(self, text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    def base64Decode(self, text: str) -> str:
        return base64.b64decode(text).decode()


def _as_list(value: Any) -> Any:
    try:
        return list(value)
    except TypeError:
        return None


_encode = json.JSONEncoder(default=_as_list).encode
