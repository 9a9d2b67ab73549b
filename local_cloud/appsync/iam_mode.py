"""The AWS_IAM mode: a proven signature, then `appsync:GraphQL` on each root field."""

from collections.abc import Iterable
from typing import Any

from local_cloud.appsync.cloud import PolicyDecision
from local_cloud.appsync.model import Api, Caller, Credential, Mode
from local_cloud.appsync.refusals import PERMISSION_DENIED, unauthorized

_TYPENAME = "__typename"


def iam_caller(credential: Credential, source_ip: str) -> Caller:
    """Return the caller behind a verified credential, with what resolvers see of it."""
    identity: dict[str, Any] = {
        "accountId": credential.account,
        "cognitoIdentityPoolId": None,
        "cognitoIdentityId": None,
        "sourceIp": [source_ip],
        "username": credential.principal_name or credential.principal_id,
        "userArn": credential.principal_arn,
        "cognitoIdentityAuthType": None,
        "cognitoIdentityAuthProvider": None,
    }
    identity.update(credential.cognito)
    return Caller(Mode.IAM, identity=identity, credential=credential)


def denied_root_fields(
    api: Api, credential: Credential, allows: PolicyDecision, type_name: str, fields: Iterable[str]
) -> frozenset[str]:
    """Return the requested root fields that the caller's policies don't allow.

    Only root fields are evaluated: ARNs of nested types are never consulted. `__typename` needs
    a permission of its own only when nothing else is asked for.
    LIKELY: where some are allowed, the others are refused field by field.

    Raises:
        Refused: 401 `Permission denied` when the policies allow none of them.
    """
    wanted = set(fields)
    asked = wanted - {_TYPENAME} or wanted
    if credential.account != api.account:
        raise unauthorized(PERMISSION_DENIED)
    denied = frozenset(name for name in asked if not allows(api.field_arn(type_name, name)))
    if denied == asked:
        raise unauthorized(PERMISSION_DENIED)
    return denied
