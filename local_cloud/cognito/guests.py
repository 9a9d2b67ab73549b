"""Identity pools: guests only where they are allowed, roles only where they are set and willing."""

from local_cloud.cognito import token_check
from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.records import Record, identity_pool_of, login_marks
from local_cloud.cognito.role_mapping import role_for
from local_cloud.web_identity import scope_down, take_role, trusts


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
        if pool.get("_role_mappings"):
            raise Refused(
                "InvalidParameterException",
                "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.",
            )
        given = content(ministack(call))
        token_check.check(pool, call.get("Logins") or {})
        return given

    return operation


def credentials(ministack: Operation) -> Operation:
    """GetCredentialsForIdentity: besides, the role that the mappings give, if it trusts the pool with this identity."""

    @answering
    def operation(call: Data) -> Data:
        pool = identity_pool_of(call)
        _refuse_forbidden_guest(pool, call)
        given = content(ministack(call))
        logins = call.get("Logins") or {}
        token_check.check(pool, logins)
        role = role_for(pool, logins, call.get("CustomRoleArn"))
        keys = {"aud": pool["IdentityPoolId"], "amr": login_marks(logins), "sub": given["IdentityId"]}
        if role is None or not trusts(role, keys):
            raise Refused(
                "InvalidIdentityPoolConfigurationException",
                "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
            )
        take_role(given["Credentials"]["AccessKeyId"], role)
        if not logins:
            scope_down(given["Credentials"]["AccessKeyId"])
        return given

    return operation


def _refuse_forbidden_guest(pool: Record, call: Data) -> None:
    if not call.get("Logins") and not pool.get("AllowUnauthenticatedIdentities"):
        raise Refused("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.")
