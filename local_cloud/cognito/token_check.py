"""Server-side token check: an identity pool asks the user pool whether a token's user is still signed in.

MiniStack stores `ServerSideTokenCheck` and never asks.
"""

from collections.abc import Mapping

from local_cloud.cognito.answers import Refused
from local_cloud.cognito.records import Record, attributes_of, claims_of, is_signed_out, pool_anywhere


def check(identity_pool: Record, logins: Mapping[str, str]) -> None:
    """Raise Refused when a user was deleted, disabled or signed out since a token was issued."""
    for provider, token in logins.items():
        claims = claims_of(token)
        if not _is_asked_for(identity_pool, provider, claims.get("aud")):
            continue
        pool = pool_anywhere(provider.rpartition("/")[2])
        user: Record | None = pool["_users"].get(claims.get("cognito:username"))
        if user is None or attributes_of(user)["sub"] != claims["sub"]:
            raise Refused("NotAuthorizedException", "Invalid login token. User does not exist.")
        if not user["Enabled"]:
            raise Refused("NotAuthorizedException", "Invalid login token. User is disabled.")
        if is_signed_out(user, claims):
            raise Refused("NotAuthorizedException", "Invalid login token. Token has been revoked.")


def _is_asked_for(identity_pool: Record, provider: str, client_id: object) -> bool:
    return any(
        trusted.get("ServerSideTokenCheck")
        for trusted in identity_pool.get("CognitoIdentityProviders") or []
        if (trusted.get("ProviderName"), trusted.get("ClientId")) == (provider, client_id)
    )
