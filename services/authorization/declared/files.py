"""What is declared about an API, from files: for use without AWS, and for tests.

The configuration is JSON, in the shapes that AWS answers in, so that what the AWS CLI prints can be put together:

    {"region": "eu-west-1",
     "graphqlApi": GetGraphqlApi's,
     "apiKeys": [{"description": "", "expires": seconds since 1970}],
     "identityPoolRoles": GetIdentityPoolRoles',
     "groups": ListGroups',
     "roles": [{"Arn": "", "AssumeRolePolicyDocument": {}, "policies": {"name": document}, "boundary": document}]}

What is left out counts as not read. The `id` of a key, which is the key itself, is not looked at.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.authorization.declared.configuration import ApiConfiguration, Key
from services.authorization.declared.policies import Role, statements_of
from services.authorization.declared.roles import GroupRole, IdentityPoolRoles
from services.authorization.declared.schema import ApiSchema
from services.authorization.declared.values import CONFIGURATION, GROUPS, KEYS, POOL, SCHEMA, Declared, Unread
from services.errors import Invalid

_PARTS = {CONFIGURATION: "graphqlApi", KEYS: "apiKeys", POOL: "identityPoolRoles", GROUPS: "groups"}


def declared_from_files(schema: Path, configuration: Path, api: str = "", at: datetime | None = None) -> Declared:
    """What two files declare.

    Args:
        schema: the schema, SDL.
        configuration: as this module describes it.
        api: the API's name; the configuration's by default.
        at: what is now, for keys that end.

    Raises:
        Invalid: a file can't be read, or says something that AWS never says.
    """
    try:
        record = json.loads(configuration.read_text(encoding="utf-8"))
        sdl = schema.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Invalid("The files can't be read", str(error), "Name a schema and a JSON configuration") from None
    return declared_of(sdl, record, api, at)


def declared_of(sdl: str | None, record: Mapping[str, Any], api: str = "", at: datetime | None = None) -> Declared:
    """What a schema and a configuration declare; raises `Invalid` as `declared_from_files` does."""
    unread = [Unread(what, f"The configuration has no {part}.") for what, part in _PARTS.items() if part not in record]
    if sdl is None:
        unread.append(Unread(SCHEMA, "There is no schema."))
    try:
        configuration = (
            ApiConfiguration.of(record["graphqlApi"], record.get("region", "")) if "graphqlApi" in record else None
        )
        return Declared(
            api=api or (configuration.name if configuration else ""),
            configuration=configuration,
            schema=ApiSchema.of(sdl) if sdl is not None else None,
            keys=tuple(_key(each) for each in record["apiKeys"]) if "apiKeys" in record else None,
            pool=IdentityPoolRoles.of(record["identityPoolRoles"]) if "identityPoolRoles" in record else None,
            groups=tuple(_group(each) for each in record["groups"]) if "groups" in record else None,
            roles={each["Arn"]: _role(each) for each in record.get("roles") or ()},
            unread=tuple(unread),
            at=at or datetime.now(UTC),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Invalid("The configuration can't be read", f"{type(error).__name__}: {error}") from None


def _key(record: Mapping[str, Any]) -> Key:
    return Key(record.get("description") or "", datetime.fromtimestamp(record["expires"], UTC))


def _group(record: Mapping[str, Any]) -> GroupRole:
    return GroupRole(record["GroupName"], record.get("Precedence"), record.get("RoleArn", ""))


def _role(record: Mapping[str, Any]) -> Role:
    statements = [
        each for name, document in (record.get("policies") or {}).items() for each in statements_of(name, document)
    ]
    bound = record.get("boundary")
    boundary = statements_of("boundary", bound) if bound is not None else None
    return Role(record["Arn"], tuple(statements), boundary, record.get("AssumeRolePolicyDocument"))
