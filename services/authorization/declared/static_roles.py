"""Static findings on roles and their policies: wider than their use, without use, or out of reach."""

from collections.abc import Iterator

from graphql import GraphQLObjectType

from services.authorization.cells import Mode
from services.authorization.declared.configuration import ApiConfiguration
from services.authorization.declared.policies import ACTION, Effect, Role, Statement
from services.authorization.declared.roles import (
    AUTHENTICATED,
    RULES,
    TOKEN,
    UNAUTHENTICATED,
    GroupRole,
    IdentityPoolRoles,
    admits,
)
from services.authorization.declared.rules import Rules
from services.authorization.declared.static_finding import Severity, StaticFinding, named
from services.authorization.declared.values import Declared


def role_findings(declared: Declared) -> Iterator[StaticFinding]:
    """What roles, their policies and the identity pool show beside the schema."""
    if declared.configuration and declared.schema:
        rules = Rules(declared.schema, declared.configuration)
        for role in declared.roles.values():
            yield from _wide(rules, role)
        if declared.pool and not _roles_unread(declared):
            yield from _ungranted(rules, tuple(declared.roles.values()))
    if declared.pool:
        yield from _unreachable(declared, declared.pool)


def _roles_unread(declared: Declared) -> bool:
    return any(unread.what.startswith("the role ") for unread in declared.unread) or declared.groups is None


def _wide(rules: Rules, role: Role) -> Iterator[StaticFinding]:
    for statement in role.statements:
        for pattern in statement.resources if statement.allows and not statement.other_resources else ():
            if statement.other_actions or not _about(statement, rules.configuration, pattern):
                continue
            yield from _pattern(rules, role, statement, pattern)


def _about(statement: Statement, configuration: ApiConfiguration, pattern: str) -> bool:
    """Whether a resource of a statement may be a field of this API."""
    return any(each in {"*", "appsync:*", ACTION} for each in statement.actions) and (
        pattern == "*" or configuration.arn in pattern or ":apis/*" in pattern
    )


def _pattern(rules: Rules, role: Role, statement: Statement, pattern: str) -> Iterator[StaticFinding]:
    arn, place = rules.configuration.arn, f"role {role.name}, policy {statement.policy}"
    if pattern in {"*", f"{arn}/*", f"{arn}/types/*"} or ":apis/*" in pattern:
        unused = [rule for rule in _root_places(rules) if Mode.IAM not in rule[1]]
        yield StaticFinding(
            id=named("GH-S10", f"policy-too-wide {role.name}", pattern),
            rule="GH-S10",
            title="A policy is wider than its use",
            words=(
                f"The policy {statement.policy} lets the role {role.name} call every field of the API"
                f"{', also ' + str(len(unused)) + ' that the schema keeps from IAM' if unused else ''},"
                " and whatever is added later."
            ),
            line=statement.line(),
            place=place,
            change="Name the root fields that the role is to call.",
            severity=Severity.WARNING,
            fields=tuple(name for name, _ in unused),
        )
        return
    parts = pattern.removeprefix(f"{arn}/").split("/")
    if len(parts) != 4 or parts[0] != "types" or parts[2] != "fields" or "*" in pattern:
        return
    yield from _field(rules, role, statement, (parts[1], parts[3]))


def _field(rules: Rules, role: Role, statement: Statement, named_field: tuple[str, str]) -> Iterator[StaticFinding]:
    parent, name = rules.schema.graphql.get_type(named_field[0]), named_field[1]
    about, place = ".".join(named_field), f"role {role.name}, policy {statement.policy}"
    line = f"{ACTION} on {about}"
    if not isinstance(parent, GraphQLObjectType) or name not in parent.fields:
        if name.startswith("__"):
            return
        yield StaticFinding(
            id=named("GH-S10", f"policy-of-no-field {role.name}", about),
            rule="GH-S10",
            title="A policy grants a field that doesn't exist",
            words=f"The policy {statement.policy} of {role.name} grants {about}, which the schema doesn't have.",
            line=line,
            place=place,
            change="Correct the name, or take it from the policy.",
            severity=Severity.WARNING,
            fields=(about,),
        )
    elif not rules.schema.is_root(parent):
        yield StaticFinding(
            id=named("GH-S10", f"policy-of-nested-field {role.name}", about),
            rule="GH-S10",
            title="A policy names a field that IAM is not asked about",
            words=f"AppSync asks about root fields only; {about} in the policy {statement.policy} does nothing.",
            line=line,
            place=place,
            change="Name the root field by which callers come to it.",
            severity=Severity.WARNING,
            fields=(about,),
        )
    elif Mode.IAM not in rules.of(parent, name).modes:
        rule = rules.of(parent, name)
        yield StaticFinding(
            id=named("GH-S10", f"policy-without-directive {role.name}", about),
            rule="GH-S10",
            title="A policy grants a field that the schema keeps from IAM",
            words=(
                f"The policy {statement.policy} lets the role {role.name} call {about}, and the schema does not let IAM"
                " in: the call is refused all the same, until somebody changes the directive."
            ),
            line=rule.line.text,
            place=f"{rule.line.place}; {place}",
            change=f"Take {about} from the policy, or add @aws_iam to it.",
            severity=Severity.NOTE,
            fields=(about,),
        )


def _ungranted(rules: Rules, roles: tuple[Role, ...]) -> Iterator[StaticFinding]:
    for parent in rules.schema.roots:
        for name in parent.fields:
            rule, arn = rules.of(parent, name), rules.configuration.field_arn(parent.name, name)
            if Mode.IAM not in rule.modes or Mode.IAM not in rules.configuration.modes:
                continue
            if all(role.decide(arn).effect in {Effect.DENIED, Effect.NOT_NAMED} for role in roles):
                yield StaticFinding(
                    id=named("GH-S11", f"no-role-grants {rule.place}"),
                    rule="GH-S11",
                    title="The schema lets IAM in, and no role may call the field",
                    words=f"{rule.place} is open to IAM, and no role of the identity pool or of a group may call it.",
                    line=rule.line.text,
                    place=rule.line.place,
                    change=f"Grant {ACTION} on {rule.place} to a role, or take @aws_iam away.",
                    severity=Severity.WARNING,
                    fields=(rule.place,),
                )


def _unreachable(declared: Declared, pool: IdentityPoolRoles) -> Iterator[StaticFinding]:
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


def _root_places(rules: Rules) -> list[tuple[str, frozenset[Mode]]]:
    return [
        (f"{parent.name}.{name}", rules.of(parent, name).modes)
        for parent in rules.schema.roots
        for name in parent.fields
    ]
