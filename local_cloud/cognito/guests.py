"""Identity pools: guests only where they are allowed, roles only where they are set and willing."""

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.records import Record, identity_pool_of, login_marks
from local_cloud.web_identity import trusts


def identity(ministack: Operation) -> Operation:
    """GetId: refuse guests where the identity pool forbids them."""

    @answering
    def operation(call: Data) -> Data:
        _refuse_forbidden_guest(identity_pool_of(call), call)
        return content(ministack(call))

    return operation


def open_id_token(ministack: Operation) -> Operation:
    """GetOpenIdToken: besides, refuse where the identity pool leaves no choice of a role."""

    @answering
    def operation(call: Data) -> Data:
        pool = identity_pool_of(call)
        _refuse_forbidden_guest(pool, call)
        if not pool.get("AllowClassicFlow"):
            raise Refused(
                "InvalidParameterException",
                "Basic (classic) flow is not enabled, please use enhanced flow.",
            )
        return content(ministack(call))

    return operation


def credentials(ministack: Operation) -> Operation:
    """GetCredentialsForIdentity: besides, refuse where no role trusts the identity pool with this identity."""

    @answering
    def operation(call: Data) -> Data:
        pool = identity_pool_of(call)
        _refuse_forbidden_guest(pool, call)
        given = content(ministack(call))
        if not _has_willing_role(pool, call, given["IdentityId"]):
            raise Refused(
                "InvalidIdentityPoolConfigurationException",
                "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
            )
        return given

    return operation


def _refuse_forbidden_guest(pool: Record, call: Data) -> None:
    if not call.get("Logins") and not pool.get("AllowUnauthenticatedIdentities"):
        raise Refused("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.")


def _has_willing_role(pool: Record, call: Data, identity_id: str) -> bool:
    logins = call.get("Logins") or {}
    role = pool["_roles"].get("authenticated" if logins else "unauthenticated")
    keys = {"aud": pool["IdentityPoolId"], "amr": login_marks(logins), "sub": identity_id}
    return bool(role) and trusts(role, keys)
