"""What a request is about, as policies name it, where MiniStack names it otherwise than AWS."""

import re
from collections.abc import Callable
from typing import Any

_BY_PATH = re.compile(r"/v1/apis/[^/]+/(?:apikeys|schema)\b.*")
"""Parts of an AppSync API whose calls AWS names by their path (LIKELY: from policies in use)."""


def named(ministack: Callable[..., str]) -> Callable[..., str]:
    """Return MiniStack's naming with AppSync's schema and keys named by path: `…:/v1/apis/ID/apikeys`."""

    def extract_resource_arn(  # noqa: PLR0917 - MiniStack's own parameters
        service: str, method: str, path: str, headers: Any, body: bytes, query_params: Any, region: str, account: str
    ) -> str:
        if service == "appsync" and _BY_PATH.fullmatch(path):
            return f"arn:aws:appsync:{region}:{account}:{path}"
        return ministack(service, method, path, headers, body, query_params, region, account)

    return extract_resource_arn
