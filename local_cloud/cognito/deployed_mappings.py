"""Role mappings as CloudFormation writes them: under any key, with the provider as a value beside the rest.

MiniStack stores them as they come, where nothing finds them by provider.
"""

from local_cloud.cognito.answers import Answer, Data, Operation

PROVIDER = "IdentityProvider"
"""Only templates have it; in SetIdentityPoolRoles the key is the provider."""


def by_provider(ministack: Operation) -> Operation:
    """SetIdentityPoolRoles, which CloudFormation calls too: each mapping under the provider that it is for."""

    def operation(call: Data) -> Answer:
        mappings: dict[str, Data] = call.get("RoleMappings") or {}
        keyed = {mapping.get(PROVIDER, key): _without_provider(mapping) for key, mapping in mappings.items()}
        return ministack({**call, "RoleMappings": keyed})

    return operation


def _without_provider(mapping: Data) -> Data:
    return {name: value for name, value in mapping.items() if name != PROVIDER}
