"""Where the local cloud serves what AWS serves under host names of its own."""

import re

REST_API = re.compile(r"https://([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com/([^/]+)/")
GRAPHQL_API = re.compile(r"https?://([^/.]+)\.appsync-api\.[a-z0-9-]+\.[a-z0-9.:]+/graphql")


def here(value: str, endpoint: str) -> str:
    """Return a stack's output with addresses of AWS turned into ours; other values stay as they are."""
    if found := REST_API.fullmatch(value):
        return f"{endpoint}/_aws/execute-api/{found[1]}/{found[2]}/"
    if found := GRAPHQL_API.fullmatch(value):
        return f"{endpoint}/v1/apis/{found[1]}/graphql"
    return value
