"""Which role an identity pool gives to somebody signed in: MiniStack stores the mappings and doesn't apply them."""

from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.cognito.answers import Data, Refused
from local_cloud.cognito.records import Record, claims_of

MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": lambda found, wanted: found == wanted,
    "StartsWith": lambda found, wanted: found.startswith(wanted),
    "Contains": lambda found, wanted: wanted in found,
}
NOT_EQUAL = "NotEqual"
FORBIDDEN_ROLE = "The role asked for is not among those that the identity may take."
NO_ROLE = "No role can be determined for this identity."


def role_for(pool: Record, logins: Mapping[str, str], custom: str | None) -> str | None:
    """Return the ARN of the role for these logins, None when the pool has none; raises Refused.

    `custom` is the role that the caller chose (`CustomRoleArn`): it has to be one that the mapping offers.
    """
    default: str | None = pool["_roles"].get("authenticated" if logins else "unauthenticated")
    for provider, token in logins.items():
        claims = claims_of(token)
        mapping = _mapping(pool, provider, claims)
        if mapping is not None:
            return _mapped(mapping, claims, custom) or _ambiguous(mapping, default)
    if custom:
        raise Refused("NotAuthorizedException", FORBIDDEN_ROLE)
    return default


def _mapping(pool: Record, provider: str, claims: Data) -> Data | None:
    mappings: dict[str, Data] = pool.get("_role_mappings") or {}
    return mappings.get(f"{provider}:{claims.get('aud')}") or mappings.get(provider)


def _mapped(mapping: Data, claims: Data, custom: str | None) -> str | None:
    offered = _by_token(claims) if mapping["Type"] == "Token" else _by_rules(mapping, claims)
    if custom:
        if custom not in offered:
            raise Refused("NotAuthorizedException", FORBIDDEN_ROLE)
        return custom
    if mapping["Type"] == "Token" and (preferred := claims.get("cognito:preferred_role")):
        return str(preferred)
    if mapping["Type"] == "Token" and len(offered) > 1:
        return None
    return offered[0] if offered else None


def _by_token(claims: Data) -> list[str]:
    return list(claims.get("cognito:roles") or [])


def _by_rules(mapping: Data, claims: Data) -> list[str]:
    """Return the roles of the rules that match, in the order of the rules."""
    rules = (mapping.get("RulesConfiguration") or {}).get("Rules") or []
    return [rule["RoleARN"] for rule in rules if _matches(rule, claims)]


def _matches(rule: Data, claims: Data) -> bool:
    found: Any = claims.get(rule["Claim"])
    if found is None:
        return False
    values = [str(value) for value in (found if isinstance(found, list) else [found])]
    if rule["MatchType"] == NOT_EQUAL:
        return rule["Value"] not in values
    compare = MATCHES.get(rule["MatchType"])
    return compare is not None and any(compare(value, rule["Value"]) for value in values)


def _ambiguous(mapping: Data, default: str | None) -> str | None:
    if mapping.get("AmbiguousRoleResolution") != "AuthenticatedRole":
        raise Refused("NotAuthorizedException", NO_ROLE)
    return default
