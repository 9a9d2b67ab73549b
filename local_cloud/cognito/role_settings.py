"""Which roles and role mappings an identity pool takes; MiniStack stores whatever comes.

Types, lengths and the names of roles are held to the model of the call before. Where no source has AWS's words, the
words are ours.
"""

import re
from collections.abc import Iterator

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.records import Record, identity_pool_of

MOST_RULES = 25
"""Rules that one provider may have."""

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)


def checked(ministack: Operation) -> Operation:
    """SetIdentityPoolRoles: mappings of the pool's own providers, complete, and nothing but roles in them."""

    @answering
    def operation(call: Data) -> Data:
        pool = identity_pool_of(call)
        mappings: dict[str, Data] = call.get("RoleMappings") or {}
        for provider, mapping in mappings.items():
            if provider not in set(_providers(pool)):
                raise _invalid(f"({provider}) is not a valid RoleMapping ProviderName or is not a configured provider.")
            _check(provider, mapping)
        roles = [*(call.get("Roles") or {}).values(), *(rule.get("RoleARN") for rule in _rules(*mappings.values()))]
        for role in roles:
            if not _ROLE.fullmatch(str(role)):
                raise Refused("NotAuthorizedException", f"Access to Role '{role}' is forbidden.")
        return content(ministack(call))

    return operation


def _providers(pool: Record) -> Iterator[str]:
    """The names by which a mapping can say for whom it is; a user pool counts together with its app client."""
    for trusted in pool.get("CognitoIdentityProviders") or []:
        yield f"{trusted.get('ProviderName')}:{trusted.get('ClientId')}"
    yield from pool.get("SupportedLoginProviders") or {}
    for arn in pool.get("OpenIdConnectProviderARNs") or []:
        yield arn
        yield arn.partition(":oidc-provider/")[2]
    yield from pool.get("SamlProviderARNs") or []
    if developer := pool.get("DeveloperProviderName"):
        yield developer


def _check(provider: str, mapping: Data) -> None:
    """Raise Refused for a mapping that doesn't say what to do, or says it twice."""
    if not mapping.get("AmbiguousRoleResolution"):
        raise _invalid(f"AmbiguousRoleResolution is required in the role mapping of {provider}.")
    count = len(list(_rules(mapping)))
    if mapping.get("Type") == "Rules" and not count:
        raise _invalid(f"RulesConfiguration is required in the role mapping of {provider}, whose type is Rules.")
    if mapping.get("Type") == "Token" and mapping.get("RulesConfiguration"):
        raise _invalid(f"RulesConfiguration is not allowed in the role mapping of {provider}, whose type is Token.")
    if count > MOST_RULES:
        raise _invalid(f"The role mapping of {provider} has {count} rules; {MOST_RULES} are allowed.")


def _rules(*mappings: Data) -> Iterator[Data]:
    for mapping in mappings:
        yield from (mapping.get("RulesConfiguration") or {}).get("Rules") or []


def _invalid(why: str) -> Refused:
    return Refused("InvalidParameterException", why)
