"""Which Host headers are answered.

A page on the internet can let its own name point at 127.0.0.1 and then talk to whatever listens
here as if it were its own server. Such a request carries that name, so only ours are answered.
"""

import re

APPSYNC_HOST = re.compile(r"[a-z0-9]+\.appsync-api\.[a-z0-9-]+\.amazonaws\.com(?::\d+)?")


def is_ours(host: str, port: int) -> bool:
    """Tell whether a Host header names this server, or an AppSync API as AWS names it."""
    if host in {f"127.0.0.1:{port}", f"localhost:{port}"}:
        return True
    return APPSYNC_HOST.fullmatch(host) is not None


def names_an_api(host: str) -> bool:
    """Tell whether a Host header is an AppSync API's own name."""
    return APPSYNC_HOST.fullmatch(host) is not None
