"""AppSync Lambda authorizer: whoever brings the shared token passes, but for one field."""

import hmac
import os

DENIED_FIELDS = ["Query.deniedByLambda"]


def handler(event, _context):
    """Return AppSync's decision on event["authorizationToken"], never to be cached."""
    given = event.get("authorizationToken") or ""
    expected = os.environ["AUTHORIZER_TOKEN"]
    if not hmac.compare_digest(given.encode(), expected.encode()):
        return {"isAuthorized": False, "ttlOverride": 0}
    return {
        "isAuthorized": True,
        "resolverContext": {"name": "holder of the shared token"},
        "deniedFields": DENIED_FIELDS,
        "ttlOverride": 0,
    }
