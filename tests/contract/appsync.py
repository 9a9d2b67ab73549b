"""Calls to GraphQL APIs over the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.cloud import Cloud
from tests.contract import wire

REGION = "us-east-1"
KEY = {"authenticationType": "API_KEY"}
IAM = {"authenticationType": "AWS_IAM"}


@dataclass(frozen=True)
class Reply:
    """An answer of the data plane."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def data(self) -> Any:
        return self.body["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body.get("errors", [])
        return found

    @property
    def messages(self) -> list[str]:
        return [error["message"] for error in self.errors]

    @property
    def refusal(self) -> tuple[int, str, str | None]:
        """Status, error type and text of a request that was refused as a whole."""
        assert set(self.body) == {"errors"}
        (error,) = self.body["errors"]
        assert self.headers["x-amzn-errortype"] == error["errorType"]
        return self.status, error["errorType"], error.get("message")


@dataclass(frozen=True)
class Api:
    """One GraphQL API, and ways to call it."""

    cloud: Cloud
    api_id: str
    arn: str

    @property
    def path(self) -> str:
        return f"/v1/apis/{self.api_id}/graphql"

    def ask(
        self, query: str, headers: Mapping[str, str] | None = None, *, variables: Any = None, operation: Any = None
    ) -> Reply:
        """Send a query with the given headers."""
        body = {"query": query, "variables": variables, "operationName": operation}
        return self.send(json.dumps(body).encode(), headers)

    def send(self, body: bytes, headers: Mapping[str, str] | None = None, method: str = "POST") -> Reply:
        """Send any body at all."""
        everything = {"Content-Type": "application/json", **(headers or {})}
        reply = wire.send(self.cloud, method, self.path, everything, body)
        return Reply(reply.status, reply.headers, reply.body.decode())

    def signed(self, query: str, credentials: Credentials, **scope: str) -> Reply:
        """Send a query signed with SigV4."""
        body = json.dumps({"query": query}).encode()
        return self.send(body, self.signature(body, credentials, **scope))

    def signature(
        self, body: bytes, credentials: Credentials, *, region: str = REGION, service: str = "appsync"
    ) -> dict[str, str]:
        """Return the headers that sign a body for this API."""
        request = AWSRequest(
            "POST", self.cloud.endpoint + self.path, data=body, headers={"Content-Type": "application/json"}
        )
        SigV4Auth(credentials, service, region).add_auth(request)
        return dict(request.headers.items())

    def field_arn(self, name: str, parent: str = "Query") -> str:
        return f"{self.arn}/types/{parent}/fields/{name}"


def tampered(token: str) -> str:
    """Return a token with another character in the middle of its signature."""
    head, _, signature = token.rpartition(".")
    middle = len(signature) // 2
    other = "A" if signature[middle] != "A" else "B"
    return f"{head}.{signature[:middle]}{other}{signature[middle + 1 :]}"
