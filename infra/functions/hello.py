"""GET /hello behind API Gateway: members of one group pass, everybody else is refused."""

import base64
import json
import os


def handler(event, _context):
    """Return the proxy answer: 200 with a greeting for a member of the group, else 401 or 403."""
    group = os.environ["ADMIN_GROUP"]
    claims = token_claims(event)
    if claims.get("token_use") != "id":
        return answer(401, {"message": "Unauthorized"})
    if group not in claims.get("cognito:groups", []):
        return answer(403, {"message": f"Only members of the group {group} may call this."})
    return answer(200, {"message": f"Hello, {claims['cognito:username']}."})


def token_claims(event):
    """Return the claims of the caller's ID token; none when the request carries not exactly one token.

    The authorizer has verified the token. Its claims are read from the token itself because API Gateway
    flattens the list of groups to one text, in which the one group "x,admins" reads like two.
    """
    tokens = [
        value
        for name, values in (event.get("multiValueHeaders") or {}).items()
        if name.lower() == "authorization"
        for value in values
    ]
    if len(tokens) != 1:
        return {}
    payload = tokens[0].removeprefix("Bearer ").split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def answer(status, body):
    """Return `body` in the shape that API Gateway expects of a proxied function."""
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
