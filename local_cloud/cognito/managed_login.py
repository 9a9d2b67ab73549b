"""Managed login, which this cloud doesn't serve.

MiniStack's pages sign people in past their second factor, take 123456 for every code that they mailed, and
its token address renews past the rotation of refresh tokens.
"""

import json

from local_cloud.cognito.answers import Answer


def closed(*_: object) -> Answer:
    """Answer an address of managed login as one where nothing is."""
    said = {"message": "Managed login is not served here."}
    return 404, {"Content-Type": "application/json"}, json.dumps(said).encode()
