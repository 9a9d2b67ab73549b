"""Which service and operation a request is for, as MiniStack will read it."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from ministack.core import router

from local_cloud.faults.fault import Call
from local_cloud.held import require
from local_cloud.permissions import Request

require(router, "detect_service")

GRAPHQL = re.compile(r"/v1/apis/([^/]+)/graphql")
GRAPHQL_HOST = re.compile(r"([a-z0-9]+)\.appsync-api\.")
REST = re.compile(r"/_aws/execute-api/([^/]+)/")
FORM = "application/x-www-form-urlencoded"


def call_of(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Return what a request calls; header names are in lower case."""
    if found := GRAPHQL.fullmatch(path):
        return Call("graphql", found[1])
    if path == "/graphql" and (found := GRAPHQL_HOST.match(headers.get("host", ""))):
        return Call("graphql", found[1])
    if found := REST.match(path):
        return Call("execute-api", found[1])
    parameters = parse_qs(query, keep_blank_values=True)
    if headers.get("content-type", "").startswith(FORM):
        parameters |= parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True)
    service = router.detect_service(method, path, dict(headers), parameters)
    permission = Request(service, method, path, headers, body, parameters).permission()
    return Call(service, permission.partition(":")[2])
