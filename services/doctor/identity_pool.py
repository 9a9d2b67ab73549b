"""The identity pool: whom it trusts, whether it admits guests, and which roles it gives."""

from services.authorization.declared.roles import TOKEN, IdentityPoolRoles
from services.aws_errors import spoken
from services.doctor.case import Case
from services.doctor.values import Finding, ok, problem, warning
from services.errors import Invalid, NotFound
from services.settings_values import Authority

_NONE = "none is configured; calls by IAM can't be made"


def found(case: Case) -> Finding:
    """DescribeIdentityPool: it exists and trusts this user pool and app client."""
    here = case.environment
    if not here.identity_pool_id:
        return ok(_NONE)
    missing = problem(
        here.identity_pool_id,
        f"There is no such identity pool in {here.region}",
        "Set identity_pool_id to the output IdentityPoolId of the deployed stack",
    )
    try:
        with spoken("read the identity pool"):
            pool = case.clients.identity_pool.describe_identity_pool(IdentityPoolId=here.identity_pool_id)
    except (NotFound, Invalid):
        return missing
    provider = here.issuer.removeprefix("https://")
    clients = [
        each.get("ClientId")
        for each in pool.get("CognitoIdentityProviders", [])
        if each.get("ProviderName") == provider
    ]
    if here.client_id not in clients:
        trusted = "another app client of it" if clients else "no app client of it"
        return problem(
            pool["IdentityPoolName"],
            f"It trusts {trusted}: people who signed in with {here.client_id} get no credentials",
            f"Add {provider} with the app client {here.client_id} to the identity pool, or name another identity pool",
        )
    guests = "guests are admitted" if pool.get("AllowUnauthenticatedIdentities") else "guests are not admitted"
    return ok(f"{pool['IdentityPoolName']}; {guests}")


def roles(case: Case) -> Finding:
    """GetIdentityPoolRoles: a role for signed-in people, one for guests, and the mapping by groups."""
    here = case.environment
    if not here.identity_pool_id:
        return ok(_NONE)
    try:
        with spoken("read the identity pool's roles"):
            answer = case.clients.identity_pool.get_identity_pool_roles(IdentityPoolId=here.identity_pool_id)
    except NotFound:
        return problem(here.identity_pool_id, "There is no such identity pool", "Set identity_pool_id")
    pool = IdentityPoolRoles.of(answer)
    if not pool.authenticated:
        return problem(
            "no role for signed-in people",
            "Whoever is in no group with a role gets no credentials",
            "Give the identity pool a role for authenticated identities",
        )
    mapping = pool.mapping_for(here.issuer, here.client_id)
    if mapping is None or mapping.kind != TOKEN:
        tell = problem if here.admin_calls is Authority.OPERATOR else warning
        return tell(
            "no role mapping of type Token for this app client"
            if mapping is None
            else f"a mapping of type {mapping.kind}",
            "People get the role of all who are signed in, not that of their group",
            f"Add a role mapping of type Token for {here.issuer.removeprefix('https://')}:{here.client_id}",
        )
    guests = "" if pool.unauthenticated else "; no role for guests"
    return ok(f"by group (Token){guests}")
