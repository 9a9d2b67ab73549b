"""Managed login: the pool's own pages, and whether the app client lets them send people back."""

from services.doctor.case import Case
from services.doctor.values import Finding, listed, ok, problem
from services.errors import Unavailable
from services.managed_login import RETURN_PATH


def pages(case: Case) -> Finding:
    """Whether the domain answers, and the app client allows the code flow with this dashboard as its way back."""
    here = case.environment
    if not here.managed_login_domain:
        return ok("none is configured")
    if wrong := _app_client(case):
        return wrong
    try:
        answer = case.fetch(f"{here.managed_login_domain.rstrip('/')}/oauth2/authorize")
    except Unavailable:
        return problem(
            here.managed_login_domain,
            "Nothing answers at that address",
            "Set managed_login_domain to the domain of the user pool, and check the network",
        )
    if answer.status == 404 or answer.status >= 500:
        return problem(
            f"{here.managed_login_domain} answered {answer.status}",
            "The pool's own pages aren't there",
            "Set managed_login_domain to the domain of the user pool",
        )
    return ok(f"{here.managed_login_domain} answered {answer.status}")


def _app_client(case: Case) -> Finding | None:
    """What keeps the app client from being used there."""
    here = case.environment
    client = case.client()
    if not client.get("AllowedOAuthFlowsUserPoolClient") or "code" not in client.get("AllowedOAuthFlows", []):
        return problem(
            here.managed_login_domain,
            "The app client doesn't allow the authorization code flow, so the pool's pages refuse everybody",
            "Allow the authorization code grant on the app client, or take managed_login_domain away",
        )
    if "openid" not in client.get("AllowedOAuthScopes", []):
        return problem(
            listed(client.get("AllowedOAuthScopes", [])) or "no scope",
            "Without the scope openid the user pool gives no ID token, and nobody gets in",
            "Allow the scope openid on the app client",
        )
    back = [url for url in client.get("CallbackURLs", []) if url.endswith(RETURN_PATH)]
    wanted = f"{here.public_origin.rstrip('/')}{RETURN_PATH}" if here.public_origin else ""
    if (wanted and wanted not in back) or not back:
        return problem(
            listed(client.get("CallbackURLs", [])) or "no callback address",
            "None of the app client's callback addresses leads back to this dashboard",
            f"Add {wanted or f'this address with {RETURN_PATH}'} to the app client's callback addresses",
        )
    return None
