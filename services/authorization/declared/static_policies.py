"""Static findings on policies: wider than their use, without use, or missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLObjectType

from services.authorization.cells import Mode
from services.authorization.declared.policies import ACTION, Effect, Role, Statement, fits
from services.authorization.declared.rules import FieldRule, Rules
from services.authorization.declared.static_finding import Severity, StaticFinding, named
from services.authorization.declared.values import Declared


def policy_findings(declared: Declared) -> Iterator[StaticFinding]:
    """What the policies of roles show beside the schema."""
    if declared.configuration and declared.schema:
        rules = Rules(declared.schema, declared.configuration)
        for role in declared.roles.values():
            yield from _of_role(rules, role)
        yield from _kept_back(rules, tuple(declared.roles.values()))
        if declared.pool and not _roles_unread(declared):
            yield from _ungranted(rules, tuple(declared.roles.values()))


def _roles_unread(declared: Declared) -> bool:
    return any(unread.what.startswith("the role ") for unread in declared.unread) or declared.groups is None


def _of_role(rules: Rules, role: Role) -> Iterator[StaticFinding]:
    for statement in role.statements:
        if not statement.allows or statement.other_actions or statement.other_resources:
            continue
        if any(fits(action.lower(), ACTION.lower()) for action in statement.actions):
            for pattern in statement.resources:
                yield from _pattern(rules, _Grant(role, statement, pattern))


@dataclass(frozen=True, slots=True)
class _Grant:
    """One resource of one statement that lets a role call fields."""

    role: Role
    statement: Statement
    pattern: str

    @property
    def place(self) -> str:
        return f"role {self.role.name}, policy {self.statement.policy}"


def _pattern(rules: Rules, grant: _Grant) -> Iterator[StaticFinding]:
    covered = [
        rules.of(parent, name)
        for parent in rules.schema.roots
        for name in parent.fields
        if fits(grant.pattern, rules.configuration.field_arn(parent.name, name))
    ]
    if covered and {"*", "?"} & set(grant.pattern):
        yield _wide(grant, covered)
    elif not covered and grant.pattern.startswith((f"{rules.configuration.arn}/", rules.configuration.arn)):
        yield from _idle(rules, grant)


def _wide(grant: _Grant, covered: list[FieldRule]) -> StaticFinding:
    shut = [rule.place for rule in covered if Mode.IAM not in rule.modes]
    besides = f", {len(shut)} that the schema keeps from IAM among them," if shut else ""
    return StaticFinding(
        id=named("GH-S10", f"policy-too-wide {grant.role.name}", grant.pattern),
        rule="GH-S10",
        title="A policy is wider than its use",
        words=(
            f"The policy {grant.statement.policy} lets the role {grant.role.name} call {len(covered)} root fields by a"
            f" pattern{besides} and whatever is added later."
        ),
        line=grant.statement.line(),
        place=grant.place,
        change="Name the root fields that the role is to call, one by one.",
        severity=Severity.WARNING,
        fields=tuple(rule.place for rule in covered),
    )


def _idle(rules: Rules, grant: _Grant) -> Iterator[StaticFinding]:
    parts = grant.pattern.removeprefix(rules.configuration.arn).strip("/").split("/")
    about = ".".join(parts[1::2]) if parts[0] == "types" else grant.pattern
    parent = rules.schema.graphql.get_type(parts[1]) if len(parts) == 4 else None
    if len(parts) == 4 and parts[3].startswith("__"):
        return  # fields of the schema about itself
    if isinstance(parent, GraphQLObjectType) and parts[3] in parent.fields:
        title = "A policy names a field that IAM is not asked about"
        words = f"AppSync asks about root fields only: {about} in the policy {grant.statement.policy} does nothing."
        change = "Name the root field by which callers come to it."
    else:
        title = "A policy grants a field that doesn't exist"
        words = f"The policy {grant.statement.policy} grants {about}, and the schema has no such root field."
        change = "Correct the name, or take it from the policy."
    yield StaticFinding(
        id=named("GH-S10", f"policy-of-no-root-field {grant.role.name}", about),
        rule="GH-S10",
        title=title,
        words=words,
        line=grant.statement.line(),
        place=grant.place,
        change=change,
        severity=Severity.WARNING,
        fields=(about,),
    )


def _kept_back(rules: Rules, roles: tuple[Role, ...]) -> Iterator[StaticFinding]:
    """Root fields that policies name and the schema keeps from IAM: one finding each, whatever the number of roles."""
    for parent in rules.schema.roots:
        for name in parent.fields:
            rule, arn = rules.of(parent, name), rules.configuration.field_arn(parent.name, name)
            granting = [role for role in roles if any(arn in each.resources for each in role.statements if each.allows)]
            if not granting or Mode.IAM in rule.modes:
                continue
            names = ", ".join(role.name for role in granting)
            yield StaticFinding(
                id=named("GH-S10", f"policy-without-directive {rule.place}"),
                rule="GH-S10",
                title="A policy grants a field that the schema keeps from IAM",
                words=(
                    f"A policy lets the roles {names} call {rule.place}, and the schema does not let IAM in: the call"
                    " is refused all the same, until somebody changes the directive."
                ),
                line=rule.line.text,
                place=rule.line.place,
                change=f"Take {rule.place} from the policies, or add @aws_iam to it.",
                severity=Severity.NOTE,
                fields=(rule.place,),
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
