"""Requests as they go over the wire, for what no SDK would send."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.cloud import Cloud

REGION = "us-east-1"
JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error's name, without a namespace."""
        return str(self.json()["__type"]).rpartition("#")[2]


def send(cloud: Cloud, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Reply:
    """Send one request exactly as given; a Host header among `headers` replaces the usual one."""
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=60)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def call_headers(target: str) -> dict[str, str]:
    """Return the headers of a call in the JSON protocol, unsigned."""
    return {"Content-Type": JSON, "X-Amz-Target": target}


def sign(
    cloud: Cloud,
    service: str,
    headers: dict[str, str],
    body: bytes,
    *,
    profile: str = "local-admin",
    method: str = "POST",
    path: str = "/",
) -> dict[str, str]:
    """Return the headers with a profile's SigV4 signature over them and the body."""
    request = AWSRequest(method, cloud.endpoint + path, data=body, headers=dict(headers))
    request.headers["Host"] = urlsplit(cloud.endpoint).netloc
    SigV4Auth(Credentials(*access_key(cloud, profile)), service, REGION).add_auth(request)
    return dict(request.headers.items())


def access_key(cloud: Cloud, profile: str) -> tuple[str, str]:
    """Return access key id and secret of a profile."""
    key = cloud.access_key(profile)
    return key["aws_access_key_id"], key["aws_secret_access_key"]
