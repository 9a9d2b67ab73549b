"""Which IAM role stands behind credentials of an identity pool, as its mappings and the groups say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.authorization.cells import Facts
from services.authorization.declared.policies import Role

AUTHENTICATED, UNAUTHENTICATED = "authenticated", "unauthenticated"
TOKEN, RULES = "Token", "Rules"
_COGNITO = "cognito-identity.amazonaws.com"
_WEB_IDENTITY = frozenset({"sts:AssumeRoleWithWebIdentity", "sts:*", "*"})
_GROUPS_CLAIM = "cognito:groups"


@dataclass(frozen=True, slots=True)
class GroupRole:
    """A group of the user pool, as far as roles go. No precedence is weaker than any number."""

    name: str
    precedence: int | None = None
    role_arn: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a mapping of type Rules."""

    claim: str
    match: str
    value: str
    role_arn: str


@dataclass(frozen=True, slots=True)
class RoleMapping:
    """How an identity pool chooses a role for the people of one app client.

    Attributes:
        provider: the user pool and the app client that it is for.
        kind: `Token` or `Rules`.
        ambiguous_denies: whether somebody for whom no role is found gets none, rather than that of all signed-in.
        rules: for the kind Rules, in their order.
    """

    provider: str
    kind: str
    ambiguous_denies: bool = True
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityPoolRoles:
    """The roles of an identity pool (GetIdentityPoolRoles).

    Attributes:
        pool_id: the identity pool.
        authenticated: the role of all who are signed in; empty when it has none.
        unauthenticated: the role of guests; empty when it has none.
        mappings: how else a role is chosen.
    """

    pool_id: str
    authenticated: str = ""
    unauthenticated: str = ""
    mappings: tuple[RoleMapping, ...] = field(default_factory=tuple)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "IdentityPoolRoles":
        """The roles that an answer of GetIdentityPoolRoles tells."""
        roles = record.get("Roles") or {}
        return cls(
            str(record.get("IdentityPoolId", "")),
            str(roles.get(AUTHENTICATED, "")),
            str(roles.get(UNAUTHENTICATED, "")),
            tuple(_mapping(name, each) for name, each in (record.get("RoleMappings") or {}).items()),
        )

    def mapping_for(self, issuer: str, client_id: str) -> RoleMapping | None:
        """The mapping for the people of an app client of an issuer; None where there is none."""
        provider = issuer.removeprefix("https://")
        by_name = {mapping.provider: mapping for mapping in self.mappings}
        return by_name.get(f"{provider}:{client_id}") or by_name.get(provider)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A role, or why there is none.

    Attributes:
        arn: the role; empty where none can be told.
        words: how it was chosen, or why it can't be told, as a sentence.
        none: whether it is certain that there is no role, so that no credentials can be had.
    """

    arn: str
    words: str
    none: bool = False


def role_of(pool: IdentityPoolRoles, groups: Collection[GroupRole] | None, facts: Facts) -> Chosen:
    """The role behind an identity's IAM credentials.

    Args:
        pool: the identity pool that hands them out.
        groups: the groups of the user pool; None where they could not be read.
        facts: of the identity; its issuer and app client tell which mapping counts.
    """
    if facts.guest:
        return _or_none(pool.unauthenticated, "It is the identity pool's role for guests.", "for guests")
    everybody = _or_none(
        pool.authenticated, "It is the identity pool's role for all who are signed in.", "for signed-in people"
    )
    mapping = pool.mapping_for(facts.issuer, facts.client_id)
    if mapping is None:
        return everybody
    found = _by_token(groups, facts) if mapping.kind == TOKEN else _by_rules(mapping, facts)
    if found is not None:
        return found
    if mapping.ambiguous_denies:
        return Chosen("", "The identity pool finds no role for this person, and gives none then.", none=True)
    return everybody


def preferred(groups: Collection[GroupRole]) -> frozenset[str]:
    """The roles of the strongest of these groups: one is the preferred role, several are a tie and none is."""
    with_role = [group for group in groups if group.role_arn]
    best = min(map(strength, with_role), default=0.0)
    return frozenset(group.role_arn for group in with_role if strength(group) == best)


def strength(group: GroupRole) -> float:
    """What groups compare by; the least is the strongest."""
    return float("inf") if group.precedence is None else float(group.precedence)


def admits(role: Role, pool_id: str, kind: str) -> bool | None:
    """Whether a role's trust policy lets an identity pool take it for guests or people; None if it isn't known.

    Args:
        role: the role.
        pool_id: the identity pool.
        kind: `authenticated` or `unauthenticated`.
    """
    if role.trust is None:
        return None
    statements = role.trust.get("Statement") or ()
    every = statements if isinstance(statements, list | tuple) else (statements,)
    return any(_trusts(each, pool_id, kind) for each in every if isinstance(each, Mapping))


def _trusts(statement: Mapping[str, Any], pool_id: str, kind: str) -> bool:
    principal = statement.get("Principal")
    federated = principal.get("Federated") if isinstance(principal, Mapping) else principal
    if statement.get("Effect") != "Allow" or not {_COGNITO, "*"} & set(_strings(federated)):
        return False
    if not _WEB_IDENTITY & set(_strings(statement.get("Action"))):
        return False
    asked: dict[str, set[str]] = {}
    for operator, keys in (statement.get("Condition") or {}).items():
        if "Equals" in operator or "Like" in operator:
            for key, values in keys.items():
                asked[key] = set(_strings(values))
    pools, kinds = asked.get(f"{_COGNITO}:aud"), asked.get(f"{_COGNITO}:amr")
    return (pools is None or pool_id in pools) and (kinds is None or kind in kinds)


def _by_token(groups: Collection[GroupRole] | None, facts: Facts) -> Chosen | None:
    if not facts.groups:
        return None
    if groups is None:
        return Chosen("", "The role is that of the strongest group, and the groups could not be read.")
    own = [group for group in groups if group.name in facts.groups]
    best = preferred(own)
    if len(best) != 1:
        return None
    arn = next(iter(best))
    names = sorted(group.name for group in own if group.role_arn == arn)
    return Chosen(arn, f"It is the role of the person's strongest group, {names[0]}.")


def _by_rules(mapping: RoleMapping, facts: Facts) -> Chosen | None:
    for rule in mapping.rules:
        if rule.claim != _GROUPS_CLAIM:
            return Chosen("", f"The identity pool chooses the role by the claim {rule.claim}, which no reading tells.")
        if _matches(rule, facts.groups):
            return Chosen(rule.role_arn, f"The identity pool's rule {rule.claim} {rule.match} {rule.value} chooses it.")
    return None


def _matches(rule: Rule, groups: Collection[str]) -> bool:
    if not groups:
        return False
    match rule.match:
        case "Equals":
            return rule.value in groups
        case "NotEqual":
            return rule.value not in groups
        case "StartsWith":
            return any(name.startswith(rule.value) for name in groups)
        case _:
            return any(rule.value in name for name in groups)


def _mapping(provider: str, record: Mapping[str, Any]) -> RoleMapping:
    rules = (record.get("RulesConfiguration") or {}).get("Rules") or ()
    return RoleMapping(
        provider,
        str(record.get("Type", "")),
        record.get("AmbiguousRoleResolution") != "AuthenticatedRole",
        tuple(Rule(each["Claim"], each["MatchType"], each["Value"], each["RoleARN"]) for each in rules),
    )


def _or_none(arn: str, words: str, whom: str) -> Chosen:
    return Chosen(arn, words) if arn else Chosen("", f"The identity pool has no role {whom}.", none=True)


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    return () if value is None else (str(value),)
