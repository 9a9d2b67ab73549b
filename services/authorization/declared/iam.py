"""What the policies of the role behind IAM credentials say about the root fields of an operation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default

from services.authorization.cells import Facts, Reason
from services.authorization.declared.configuration import ApiConfiguration
from services.authorization.declared.policies import ACTION, Decision, Effect, Role
from services.authorization.declared.roles import AUTHENTICATED, UNAUTHENTICATED, admits, role_of
from services.authorization.declared.values import GROUPS, POOL, Declared, role_named

_TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Leave:
    """What IAM says of an operation's root fields.

    Attributes:
        role: the reason for the role that is asked.
        denied: the fields that the policies leave out, each with its reason.
        granted: the fields that they allow, each with its reason.
        open: why nothing can be told; None where it can.
    """

    role: Reason
    denied: Mapping[str, Reason] = with_default(default_factory=dict)
    granted: Mapping[str, Reason] = with_default(default_factory=dict)
    open: Reason | None = None


def leave(
    declared: Declared, configuration: ApiConfiguration, facts: Facts, asked_of: tuple[str, Collection[str]]
) -> Leave:
    """What the policies of an identity's role let it do with root fields.

    AppSync asks about root fields only; about `__typename` only where nothing else is asked for.

    Args:
        declared: what was read.
        configuration: the API's.
        facts: of the identity.
        asked_of: the root type's name, and the names of its fields that are asked for.
    """
    parent, asked = asked_of
    arn, chosen = _role(declared, facts)
    if not arn:
        return Leave(chosen, open=chosen)
    role = declared.roles.get(arn)
    if role is None:
        return Leave(chosen, open=declared.missing(role_named(arn)))
    if refused := _untaken(declared, facts, role):
        return Leave(chosen, open=refused)
    names = sorted(set(asked) - {_TYPENAME} or set(asked))
    denied: dict[str, Reason] = {}
    granted: dict[str, Reason] = {}
    for name in names:
        field, place = configuration.field_arn(parent, name), f"{parent}.{name}"
        decision = role.decide(field)
        match decision.effect:
            case Effect.ALLOWED:
                granted[name] = _said(role, decision, field, f"The role's policy allows {ACTION} on {place}.")
            case Effect.UNKNOWN:
                words = f"Whether the role may call {place} rests on a condition or a variable of its policy."
                return Leave(chosen, open=_said(role, decision, field, words))
            case Effect.DENIED:
                denied[name] = _said(role, decision, field, f"The role's policy denies {ACTION} on {place}.")
            case Effect.NOT_NAMED:
                denied[name] = _said(role, decision, field, f"No policy of the role allows {ACTION} on {place}.")
    if role.account and role.account not in configuration.arn:
        words = f"The role belongs to another account, {role.account}, than the API."
        denied = dict.fromkeys(names, Reason(words, place=f"role {role.name}"))
        granted = {}
    return Leave(chosen, denied, granted)


def _role(declared: Declared, facts: Facts) -> tuple[str, Reason]:
    if facts.role_arn:
        return facts.role_arn, Reason("The credentials are of this role.", facts.role_arn, role_named(facts.role_arn))
    if declared.pool is None:
        return "", declared.missing(POOL)
    chosen = role_of(declared.pool, declared.groups, facts)
    if chosen.arn:
        return chosen.arn, Reason(chosen.words, chosen.arn, f"identity pool {declared.pool.pool_id}")
    if not chosen.none and declared.groups is None:
        return "", declared.missing(GROUPS)
    return "", Reason(chosen.words, place=f"identity pool {declared.pool.pool_id}")


def _untaken(declared: Declared, facts: Facts, role: Role) -> Reason | None:
    """Why the identity pool can't take a role, so that there are no credentials to call with."""
    if declared.pool is None:
        return None
    kind = UNAUTHENTICATED if facts.guest else AUTHENTICATED
    if admits(role, declared.pool.pool_id, kind) is not False:
        return None
    words = f"The role does not trust the identity pool for {kind} identities: no credentials can be had."
    return Reason(words, place=f"role {role.name}, trust policy")


def _said(role: Role, decision: Decision, arn: str, words: str) -> Reason:
    statement = decision.statement
    if statement is None:
        return Reason(words, place=f"role {role.name}")
    return Reason(words, statement.line(arn), f"role {role.name}, policy {statement.policy}")
