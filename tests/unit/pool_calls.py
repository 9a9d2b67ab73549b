"""A boto3 client for user pools whose answers a test gives, whatever the order in which threads ask.

botocore's Stubber answers in a fixed order; calls that run beside each other have none.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from botocore.awsrequest import AWSResponse

from tests.stand_ins import stubbed

POOL_ID = "eu-west-1_Ab12Cd34E"
CREATED = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]


class AwsError(Exception):
    """What an answer raises to be an error of AWS's."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


@dataclass
class PoolCalls:
    """The client, and what it was asked.

    Attributes:
        answers: by operation, what is answered: a value, or a function of the request.
        asked: operation and request of every call, in the order of arrival.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = Lock()
        self.client, _ = stubbed("cognito-idp")
        self.client.meta.events.register("before-call.cognito-identity-provider", self._answer)

    def requests(self, operation: str) -> list[Mapping[str, Any]]:
        """The requests of one operation."""
        return [request for name, request in self.asked if name == operation]

    def _answer(self, model: Any, params: Mapping[str, Any], **_: Any) -> tuple[AWSResponse, Mapping[str, Any]]:
        request = json.loads(params["body"])
        with self._lock:
            self.asked.append((model.name, request))
        answer = self.answers[model.name]
        try:
            parsed = answer(request) if callable(answer) else answer
        except AwsError as error:
            metadata = {"HTTPStatusCode": error.status, "RequestId": "request-1"}
            parsed = {"Error": {"Code": error.code, "Message": error.message}, "ResponseMetadata": metadata}
            return AWSResponse("", error.status, {}, None), parsed
        return AWSResponse("", 200, {}, None), {"ResponseMetadata": {"HTTPStatusCode": 200}, **parsed}


def failing(code: str, message: str = "", status: int = 400) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """An answer that is an error of AWS's."""

    def fail(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise AwsError(code, message, status)

    return fail


def user(username: str, status: str = "CONFIRMED", *, enabled: bool = True, **attributes: str) -> dict[str, Any]:
    """A user as ListUsers gives it; the sub follows from the name."""
    told = {"sub": f"sub-{username}", "email": f"{username}@example.com", "email_verified": "true", **attributes}
    return {
        "Username": username,
        "Attributes": [{"Name": name, "Value": value} for name, value in told.items()],
        "UserCreateDate": CREATED,
        "UserLastModifiedDate": CREATED,
        "Enabled": enabled,
        "UserStatus": status,
    }


def group(name: str, **more: Any) -> dict[str, Any]:
    """A group as ListGroups gives it."""
    return {"GroupName": name, "UserPoolId": POOL_ID, "CreationDate": CREATED, "LastModifiedDate": CREATED, **more}
