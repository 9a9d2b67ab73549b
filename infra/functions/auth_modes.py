"""AppSync direct Lambda resolver of every field of the all-modes API."""


def handler(event, _context):
    """Return the value of the field that AppSync asks for; who may have it is AppSync's to decide."""
    field = event["info"]["fieldName"]
    caller = describe(event.get("identity"))
    match field:
        case "whoAmI":
            return caller
        case "echo":
            return event["arguments"]["text"]
        case "trapUnmarkedType":
            return {"text": f"read by {caller['mode']}"}
        case "trapNarrowedChild" | "trapNonNullChild":
            return {"open": f"read by {caller['mode']}", "adminsOnly": "for admins"}
    return f"{field}: answered {caller['mode']}"


def describe(identity):
    """Return mode, name and groups of the caller. Each mode's identity has a shape of its own."""
    if not identity:
        return {"mode": "API_KEY", "name": None, "groups": None}
    if "resolverContext" in identity:
        name = (identity["resolverContext"] or {}).get("name")
        return {"mode": "AWS_LAMBDA", "name": name, "groups": None}
    if "userArn" in identity:
        name = identity.get("cognitoIdentityId") or identity["userArn"]
        return {"mode": "AWS_IAM", "name": name, "groups": None}
    if "defaultAuthStrategy" in identity:
        name, groups = identity["username"], identity.get("groups")
        return {"mode": "AMAZON_COGNITO_USER_POOLS", "name": name, "groups": groups}
    return {"mode": "OPENID_CONNECT", "name": identity["sub"], "groups": None}
