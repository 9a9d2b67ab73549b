"""What each service of AWS says when it throttles or fails, in its own wire form.

Names and statuses are those of the services' models; a service that models neither gets the names
that AWS documents as common to all.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from starlette.responses import Response

RATE = "Rate exceeded"
FAILED = "The request processing has failed because of an unknown error, exception or failure."
BUSY = "The service is temporarily unavailable."

JSON_1_0 = "application/x-amz-json-1.0"
JSON_1_1 = "application/x-amz-json-1.1"
DYNAMODB = "com.amazonaws.dynamodb.v20120810#"
CODED = frozenset({"cognito-idp", "cognito-identity", "dynamodb", "events", "logs", "secretsmanager"})
"""Services of the JSON protocol."""
FORMS = frozenset({"cloudformation", "iam", "sts"})
"""Services of the query protocol."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error before it is put into a service's form."""

    status: int
    code: str
    message: str


THROTTLED: Mapping[str, Trouble] = {
    "apigateway": Trouble(429, "TooManyRequestsException", "Too Many Requests"),
    "appsync": Trouble(429, "TooManyRequestsException", RATE),
    "cloudformation": Trouble(400, "Throttling", RATE),
    "cognito-identity": Trouble(400, "TooManyRequestsException", RATE),
    "cognito-idp": Trouble(400, "TooManyRequestsException", RATE),
    "dynamodb": Trouble(400, DYNAMODB + "ThrottlingException", RATE),
    "execute-api": Trouble(429, "TooManyRequestsException", "Too Many Requests"),
    "graphql": Trouble(429, "TooManyRequestsException", RATE),
    "iam": Trouble(400, "Throttling", RATE),
    "lambda": Trouble(429, "TooManyRequestsException", "Rate Exceeded."),
    "s3": Trouble(503, "SlowDown", "Please reduce your request rate."),
    "sts": Trouble(400, "Throttling", RATE),
}
FAILURES: Mapping[str, str] = {
    "appsync": "InternalFailureException",
    "cognito-identity": "InternalErrorException",
    "cognito-idp": "InternalErrorException",
    "dynamodb": DYNAMODB + "InternalServerError",
    "events": "InternalException",
    "execute-api": "InternalServerErrorException",
    "graphql": "InternalFailureException",
    "iam": "ServiceFailure",
    "lambda": "ServiceException",
    "s3": "InternalError",
    "secretsmanager": "InternalServiceError",
}
"""Error codes of a failure inside the service."""


def throttled(service: str) -> Response:
    """Return the answer of a service to one call too many."""
    return _in_form(service, THROTTLED.get(service, Trouble(400, "ThrottlingException", RATE)))


def failed(service: str, status: int) -> Response:
    """Return the answer of a service that fails with a 5xx status."""
    if status == 500:
        return _in_form(service, Trouble(status, FAILURES.get(service, "InternalFailure"), FAILED))
    return _in_form(service, Trouble(status, "ServiceUnavailable" + _suffix(service), BUSY))


def _suffix(service: str) -> str:
    return "" if service in FORMS or service == "s3" else "Exception"


def _in_form(service: str, trouble: Trouble) -> Response:
    request_id = str(uuid.uuid4())
    name = trouble.code.rpartition("#")[2]
    headers = {"x-amzn-RequestId": request_id, "x-amzn-ErrorType": name}
    if service in CODED:
        kind = JSON_1_0 if service == "dynamodb" else JSON_1_1
        body = json.dumps({"__type": trouble.code, "message": trouble.message})
    elif service in FORMS or service == "s3":
        kind, body = "text/xml", _xml(service, trouble, request_id)
    elif service == "graphql":
        kind = "application/json;charset=UTF-8"
        headers["Access-Control-Allow-Origin"] = "*"  # as every answer of this data plane
        body = json.dumps({"errors": [{"errorType": name, "message": trouble.message}]}, indent=2)
    else:
        kind, body = "application/json", json.dumps({"message": trouble.message})
    return Response(body, trouble.status, headers, kind)


def _xml(service: str, trouble: Trouble, request_id: str) -> str:
    said = f"<Code>{trouble.code}</Code><Message>{escape(trouble.message)}</Message>"
    if service == "s3":
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{said}<RequestId>{request_id}</RequestId></Error>'
    side = "Sender" if trouble.status < 500 else "Receiver"
    return f"<ErrorResponse><Error><Type>{side}</Type>{said}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
