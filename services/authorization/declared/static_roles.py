"""Static findings on the roles of an identity pool: out of reach, missing, or without effect."""

from collections.abc import Iterator

from services.authorization.declared.policies import Role
from services.authorization.declared.roles import (
    AUTHENTICATED,
    RULES,
    TOKEN,
    UNAUTHENTICATED,
    GroupRole,
    IdentityPoolRoles,
    admits,
)
from services.authorization.declared.static_finding import Severity, StaticFinding, named
from services.authorization.declared.values import Declared


def role_findings(declared: Declared) -> Iterator[StaticFinding]:
    """What the identity pool and the roles' trust policies show."""
    pool = declared.pool
    if pool is None:
        return
    groups = [group for group in declared.groups or () if group.role_arn]
    for arn, kind in ((pool.unauthenticated, UNAUTHENTICATED), (pool.authenticated, AUTHENTICATED)):
        if not arn:
            yield _no_role(pool, kind)
        elif (role := declared.roles.get(arn)) and admits(role, pool.pool_id, kind) is False:
            yield _distrusts(pool, role, kind, f"the {kind} role of the identity pool")
    for group in groups:
        role = declared.roles.get(group.role_arn)
        if role and admits(role, pool.pool_id, AUTHENTICATED) is False:
            yield _distrusts(pool, role, AUTHENTICATED, f"the role of the group {group.name}")
        if not any(mapping.kind == TOKEN for mapping in pool.mappings) and not _by_rule(pool, group):
            yield _idle(pool, group)
    for mapping in pool.mappings:
        for rule in mapping.rules if mapping.kind == RULES else ():
            if (role := declared.roles.get(rule.role_arn)) and admits(role, pool.pool_id, AUTHENTICATED) is False:
                yield _distrusts(
                    pool, role, AUTHENTICATED, f"the role of the rule {rule.claim} {rule.match} {rule.value}"
                )


def _by_rule(pool: IdentityPoolRoles, group: GroupRole) -> bool:
    return any(rule.role_arn == group.role_arn for mapping in pool.mappings for rule in mapping.rules)


def _no_role(pool: IdentityPoolRoles, kind: str) -> StaticFinding:
    return StaticFinding(
        id=named("GH-S12", f"no-role {kind}"),
        rule="GH-S12",
        title="The identity pool has no role for some",
        words=f"The identity pool has no {kind} role, so such identities get no credentials.",
        line="",
        place=f"identity pool {pool.pool_id}",
        change=f"Give the pool a role for {kind} identities, or don't offer them IAM.",
        severity=Severity.NOTE,
    )


def _distrusts(pool: IdentityPoolRoles, role: Role, kind: str, what: str) -> StaticFinding:
    return StaticFinding(
        id=named("GH-S12", f"role-not-admitted {role.name}", kind),
        rule="GH-S12",
        title="A role that nothing admits",
        words=(
            f"The role {role.name} is {what}, and its trust policy does not let the identity pool take it for {kind}"
            " identities."
        ),
        line=str(dict(role.trust or {})),
        place=f"role {role.name}, trust policy",
        change=f"Trust cognito-identity.amazonaws.com for the pool {pool.pool_id} and {kind} identities.",
        severity=Severity.PROBLEM,
    )


def _idle(pool: IdentityPoolRoles, group: GroupRole) -> StaticFinding:
    return StaticFinding(
        id=named("GH-S13", f"group-role-without-effect {group.name}"),
        rule="GH-S13",
        title="A group's role has no effect",
        words=(
            f"The group {group.name} has the role {group.role_arn.rpartition('/')[2]}, and the identity pool does not"
            " choose roles by the token: its people get the role of all who are signed in."
        ),
        line=f"RoleArn: {group.role_arn}",
        place=f"identity pool {pool.pool_id}",
        change="Set the pool's role mapping for this app client to Token.",
        severity=Severity.WARNING,
    )
