"""Roles for people whom an identity provider vouches for (STS AssumeRoleWithWebIdentity).

MiniStack reads such a token without verifying it, so anybody could write one. Here a token counts
when a user pool or identity pool of this cloud signed it and its time isn't over.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import cognito, iam, sts

from local_cloud.held import require

# ruff: noqa: SLF001 - MiniStack has no public names for these

IDENTITY_POOLS = "cognito-identity.amazonaws.com"
ACTION = "sts:AssumeRoleWithWebIdentity"
ARN_COLONS = 5
SHORTEST = 900
"""Seconds that a session lasts at least."""

GUESTS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "appsync:*", "Resource": "*"}],
}
"""AWS's list for guests names some twenty services; of those that are here, AppSync alone."""


def take_hold() -> None:
    """Replace MiniStack's rule; raises NameGone when it has changed."""
    require(sts, "_web_identity_trust_denied", "_error", "_p", "_sessions")
    require(cognito, "_signature_valid", "_token_claims")
    require(iam, "_roles")
    require(iam_evaluator, "EvalContext", "evaluate_trust_policy")
    sts._web_identity_trust_denied = _denied


def trusts(role_arn: str, keys: Mapping[str, Any]) -> bool:
    """Tell whether a role's trust policy lets identity pools assume it under these condition keys."""
    if role_arn.count(":") < ARN_COLONS:
        return False
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    role = iam._roles.get_scoped(account, None, name)
    if role is None:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn=IDENTITY_POOLS,
        principal_type="WebIdentityUser",
        principal_account=account,
        action=ACTION,
        resource_arn=role_arn,
        region="",
        service_context={f"{IDENTITY_POOLS}:{name}": value for name, value in keys.items()},
    )
    return bool(iam_evaluator.evaluate_trust_policy(role["AssumeRolePolicyDocument"], IDENTITY_POOLS, context))


def take_role(access_key: str, role_arn: str) -> None:
    """Let the credentials of an identity be those of this role."""
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    session = sts._sessions[access_key]
    session["Arn"] = f"arn:aws:sts::{account}:assumed-role/{name}/CognitoIdentityCredentials"


def scope_down(access_key: str) -> None:
    """Leave a guest of the enhanced flow only what AWS's session policies let through, whatever the role allows."""
    sts._sessions[access_key]["SessionPolicies"] = {"Policy": json.dumps(GUESTS)}


_ministack_denied = sts._web_identity_trust_denied


def _denied(role_arn: str, parameters: dict[str, Any], use_json: bool) -> Any:
    """Return STS's refusal of a token, or None."""
    token = sts._p(parameters, "WebIdentityToken")
    if not cognito._signature_valid(token):
        return sts._error(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.", ns="sts")
    if time.time() >= float(cognito._token_claims(token).get("exp", 0)):
        return sts._error(400, "ExpiredTokenException", "Token expired: it is past its exp claim.", ns="sts")
    return _ministack_denied(role_arn, parameters, use_json) or _too_long(role_arn, parameters)


def _too_long(role_arn: str, parameters: dict[str, Any]) -> Any:
    """Return STS's refusal of a session that outlasts what its role allows, which MiniStack hands out, or None."""
    role = iam._roles.get_scoped(role_arn.split(":")[4], None, role_arn.rpartition("/")[2]) or {}
    asked, longest = str(sts._p(parameters, "DurationSeconds") or SHORTEST), role.get("MaxSessionDuration", 3600)
    if not asked.isdecimal() or int(asked) < SHORTEST:
        told = f"DurationSeconds must be a number of {SHORTEST} or more."
    elif int(asked) > longest:
        told = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    else:
        return None
    return sts._error(400, "ValidationError", told, ns="sts")
