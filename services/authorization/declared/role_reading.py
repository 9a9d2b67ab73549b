"""Reads what an IAM role may do: its own policies, the attached ones, its boundary and whom it trusts."""

from typing import TYPE_CHECKING, Any

from services.authorization.declared.policies import Role, Statement, statements_of
from services.aws_errors import Meaning, spoken
from services.errors import NotFound

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient

_MEANINGS = {
    "NoSuchEntity": Meaning(NotFound, "IAM has no such role or policy (any more)", "Name another role, or make it anew")
}


def read_role(iam: "IAMClient", arn: str) -> Role:
    """A role with all its policies. GetRole, ListRolePolicies, GetRolePolicy, ListAttachedRolePolicies, GetPolicy,
    GetPolicyVersion.

    Raises:
        NotFound: there is no such role.
        ServiceError: IAM refused or failed.
    """
    name = arn.rpartition("/")[2]
    with spoken(f"read the role {name}", _MEANINGS):
        role: Any = iam.get_role(RoleName=name)["Role"]
        own = [
            each
            for page in iam.get_paginator("list_role_policies").paginate(RoleName=name)
            for policy in page["PolicyNames"]
            for each in _inline(iam, name, policy)
        ]
        attached = [
            each
            for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
            for policy in page["AttachedPolicies"]
            for each in _managed(iam, policy["PolicyArn"])
        ]
        bound = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
        boundary = _managed(iam, bound) if bound else None
    return Role(arn, (*own, *attached), boundary, role.get("AssumeRolePolicyDocument"))


def _inline(iam: "IAMClient", role: str, policy: str) -> tuple[Statement, ...]:
    return statements_of(policy, _document(iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]))


def _managed(iam: "IAMClient", arn: str) -> tuple[Statement, ...]:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return statements_of(arn.rpartition("/")[2], _document(document))


def _document(document: Any) -> Any:
    """IAM sends a URL-encoded text, which boto3 reads; its types leave open whether it did."""
    return document if isinstance(document, dict) else {}
