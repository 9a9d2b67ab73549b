"""What AppSync may do under the service role of a data source, by MiniStack's evaluation of policies.

A decision is kept by the text of every policy that it rests on: a changed one counts from the very next request.
"""

# ruff: noqa: SLF001 - MiniStack has no public names for these

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import request_scope
from ministack.services import iam, tagging

from local_cloud.appsync.model import Api, RoleRefusal
from local_cloud.held import require

require(iam, "_roles")
require(iam_actions, "identity_denial_message")
require(iam_evaluator, "EvalContext", "ResolvedCredential", "evaluate", "evaluate_resource_policy", "resolve_principal")
require(iam_evaluator, "_names_condition_key", "_resolve_managed_policy_document")
require(tagging, "resource_tags")

SERVICE = "appsync.amazonaws.com"
SESSION = "APPSYNC_ASSUME_ROLE"
"""The name of the session in which AppSync has a role, as its refusals tell it."""

_TAGS = "aws:resourcetag/"
_MOST_KEPT = 1000

Texts = tuple[str, ...]
_kept: dict[tuple[str, str, str, str, Texts], RoleRefusal | None] = {}


def role_refusal(api: Api, role_arn: str, action: str, resource_arn: str) -> RoleRefusal | None:
    """Return why an API may not do something under a role, or None when it may.

    The role has to be there, of the API's own account, to let AppSync assume it, and to be allowed the action.
    """
    with request_scope(api.account, api.region):
        role = iam._roles.get_scoped(api.account, None, role_arn.rpartition("/")[2])
        if role is None or role["Arn"] != role_arn:
            return _unassumable(role_arn)
        texts = tuple(_texts(role, api.account))
        place = (api.arn, role_arn, action, resource_arn, texts)
        if place in _kept:
            return _kept[place]
        refusal = _refusal(api, role, action, resource_arn)
        # Conditions look at the hour and at tags as well, and an escaped letter could hide one.
        if not any("Condition" in text or "\\" in text for text in texts):
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[place] = refusal
        return refusal


def _texts(role: Mapping[str, Any], account: str) -> Iterator[str]:
    """Give the text of each policy that says what a role may do, each after the name of its place."""
    yield _text(role["AssumeRolePolicyDocument"])
    for name, document in (role.get("InlinePolicies") or {}).items():
        yield from (f"inline {name}", _text(document))
    attached = [("attached", arn) for arn in role.get("AttachedPolicies") or ()]
    for kind, arn in (*attached, ("boundary", role.get("PermissionsBoundary"))):
        if arn:
            yield from (f"{kind} {arn}", _text(iam_evaluator._resolve_managed_policy_document(arn, account)))


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _refusal(api: Api, role: Mapping[str, Any], action: str, resource_arn: str) -> RoleRefusal | None:
    if not _trusts(role, api):
        return _unassumable(role["Arn"])
    session_arn = f"arn:aws:sts::{api.account}:assumed-role/{role['RoleName']}/{SESSION}"
    decision = _decision(api, role, session_arn, action, resource_arn)
    if decision == "Allow":
        return None
    told = iam_actions.identity_denial_message(action, session_arn, resource_arn, decision == "Deny")
    return RoleRefusal(told, assumed=True)


def _unassumable(role_arn: str) -> RoleRefusal:
    return RoleRefusal(f"Unable to assume role {role_arn}.", assumed=False)


def _trusts(role: Mapping[str, Any], api: Api) -> bool:
    context = iam_evaluator.EvalContext(
        principal_arn=SERVICE,
        principal_type="Service",
        principal_account="",
        action="sts:AssumeRole",
        resource_arn=role["Arn"],
        region=api.region,
        source_ip="",
        secure_transport=True,
        service_context={"aws:sourcearn": api.arn, "aws:sourceaccount": api.account},
    )
    # MiniStack's own reading of trust policies knows no services.
    trust = iam_evaluator.evaluate_resource_policy(role["AssumeRolePolicyDocument"], context, service=SERVICE)
    return bool(trust.decision == "Allow")


def _decision(api: Api, role: Mapping[str, Any], session_arn: str, action: str, resource_arn: str) -> str:
    credential = iam_evaluator.ResolvedCredential(
        access_key_id="",
        secret_access_key="",
        account_id=api.account,
        principal_arn=session_arn,
        principal_id=f"{role['RoleId']}:{SESSION}",
        principal_type="AssumedRole",
    )
    principal = iam_evaluator.resolve_principal("", api.account, credential)
    if isinstance(principal, iam_evaluator.AuthError) or principal.policies is None:
        return "ImplicitDeny"
    tags = None
    if iam_evaluator._names_condition_key(principal.policies, _TAGS):
        tags = tagging.resource_tags(resource_arn)
    context = iam_evaluator.EvalContext(
        principal_arn=session_arn,
        principal_type="AssumedRole",
        principal_account=api.account,
        action=action,
        resource_arn=resource_arn,
        region=resource_arn.split(":")[3],
        source_ip="",  # that of AppSync, which is in no network of anybody's
        secure_transport=True,
        service_context={f"{_TAGS}{key}".lower(): value for key, value in (tags or {}).items()},
        principal_keys=principal.keys,
    )
    return str(iam_evaluator.evaluate(context, principal.policies, *principal.limits).decision)
