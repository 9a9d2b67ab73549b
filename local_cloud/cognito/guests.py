"""Identity pools: guests only where they are allowed, roles only where they are set."""

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.records import identity_pool_of


def checked(ministack: Operation) -> Operation:
    """GetId and GetOpenIdToken: refuse guests where the identity pool forbids them."""

    @answering
    def operation(call: Data) -> Data:
        _refuse_forbidden_guest(identity_pool_of(call), call)
        return content(ministack(call))

    return operation


def checked_with_role(ministack: Operation) -> Operation:
    """GetCredentialsForIdentity: besides, refuse where the identity pool has no role to give."""

    @answering
    def operation(call: Data) -> Data:
        pool = identity_pool_of(call)
        _refuse_forbidden_guest(pool, call)
        kind = "authenticated" if call.get("Logins") else "unauthenticated"
        if not pool["_roles"].get(kind):
            raise Refused(
                "InvalidIdentityPoolConfigurationException",
                "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
            )
        return content(ministack(call))

    return operation


def _refuse_forbidden_guest(pool: Data, call: Data) -> None:
    if not call.get("Logins") and not pool.get("AllowUnauthenticatedIdentities"):
        raise Refused("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.")
