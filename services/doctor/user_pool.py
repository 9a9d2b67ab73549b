"""The user pool and its app client: found, with the flows, the secret and the groups that the settings say."""

from services.aws_errors import spoken
from services.doctor.case import Case
from services.doctor.values import Finding, listed, ok, problem, warning
from services.errors import NotFound, Refused
from services.secret import Secret
from services.settings_values import Authority, SignInFlow

_FLOWS = {
    SignInFlow.SRP: "ALLOW_USER_SRP_AUTH",
    SignInFlow.PASSWORD: "ALLOW_USER_PASSWORD_AUTH",
    SignInFlow.ADMIN: "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    SignInFlow.CUSTOM: "ALLOW_CUSTOM_AUTH",
    SignInFlow.CUSTOM_SRP: "ALLOW_CUSTOM_AUTH",
}
_REFRESH = "ALLOW_REFRESH_TOKEN_AUTH"


def pool(case: Case) -> Finding:
    """DescribeUserPool."""
    here = case.environment
    missing = problem(
        here.user_pool_id,
        f"There is no such user pool in {here.region}, in the account of the credential",
        "Set user_pool_id to the output UserPoolId of the deployed stack, and check the Region and the AWS profile",
    )
    try:
        with spoken("read the user pool"):
            found = case.clients.user_pool.describe_user_pool(UserPoolId=here.user_pool_id)["UserPool"]
    except NotFound:
        return missing
    except Refused:
        # A credential for one pool is refused every other, be it there or not. Its keys are public.
        if case.fetch(here.jwks_url).status != 200:
            return missing
        raise
    return ok(f"{found.get('Name', '')} ({here.user_pool_id})")


def client(case: Case) -> Finding:
    """DescribeUserPoolClient."""
    here = case.environment
    try:
        found = case.client()
    except NotFound:
        return problem(
            here.client_id,
            f"The user pool {here.user_pool_id} has no such app client",
            "Set client_id to the output UserPoolClientId of the deployed stack; it has to be of the same user pool",
        )
    return ok(f"{found.get('ClientName', '')} ({here.client_id})".strip())


def flow(case: Case) -> Finding:
    """Whether the app client lets people sign in as the dashboard does."""
    flow = case.environment.sign_in_flow
    allowed, wanted = case.client().get("ExplicitAuthFlows", []), _FLOWS[flow]
    if wanted in allowed or wanted.removeprefix("ALLOW_") in allowed:
        return ok(f"{flow} ({wanted})")
    return problem(
        listed(allowed) or "none is allowed",
        f"sign_in_flow is {flow}, and the app client doesn't allow {wanted}: nobody can sign in",
        f"Allow {wanted} on the app client, or set sign_in_flow to one that it allows",
    )


def refresh(case: Case) -> Finding:
    """Whether tokens can be renewed: by a refresh token, or a rotating one."""
    found = case.client()
    rotation = found.get("RefreshTokenRotation", {}).get("Feature") == "ENABLED"
    if _REFRESH in found.get("ExplicitAuthFlows", []) or rotation:
        return ok("with rotation" if rotation else "without rotation")
    return problem(
        f"{_REFRESH} is not allowed",
        "Sessions end with their first tokens, since these can't be renewed",
        f"Allow {_REFRESH} on the app client",
    )


def client_secret(case: Case) -> Finding:
    """Whether the configured secret is the app client's."""
    there, here = case.client().get("ClientSecret", ""), case.environment.client_secret
    if not there and here is None:
        return ok("the app client has none, and none is configured")
    if here is None:
        return problem(
            "none is configured",
            "The app client has a secret, so every sign-in is refused",
            "Set client_secret, best by an environment variable that a secret manager fills",
        )
    if not there:
        return problem(
            "one is configured",
            "The app client has no secret, so every sign-in is refused",
            "Take client_secret away, or name the client that it belongs to in client_id",
        )
    if Secret(there) != here:
        return problem(
            "one is configured",
            "It is not the secret of this app client, so every sign-in is refused",
            "Copy the app client's secret to client_secret once more",
        )
    return ok("the configured one is the app client's")


def groups(case: Case) -> Finding:
    """Whether the groups that give a role here exist (ListGroups)."""
    here = case.environment
    with spoken("list the groups"):
        pages = case.clients.user_pool.get_paginator("list_groups").paginate(UserPoolId=here.user_pool_id)
        roles = {group["GroupName"]: group.get("RoleArn", "") for page in pages for group in page["Groups"]}
    if here.admin_group not in roles:
        return problem(
            f"there is no group {here.admin_group}",
            "Nobody can be an administrator here",
            f"Create the group {here.admin_group}, or name another in admin_group",
        )
    if here.viewer_group not in roles:
        return warning(
            f"{here.admin_group} is there, {here.viewer_group} is not",
            "Nobody can be a viewer here",
            f"Create the group {here.viewer_group}, or name another in viewer_group",
        )
    without = [name for name in (here.admin_group, here.viewer_group) if not roles[name]]
    if without and here.admin_calls is Authority.OPERATOR:
        return problem(
            f"{' and '.join(without)} without an IAM role",
            "Calls carry an operator's own credentials, and these members get those of everybody who is signed in",
            "Give each of them the role that the stack made for it, or set admin_calls to server",
        )
    return ok(f"{here.admin_group}, {here.viewer_group}")
