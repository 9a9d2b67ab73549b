"""Which identities a name in a suite file stands for: one column, all columns of a person or group, or a whole kind."""

from collections.abc import Mapping
from typing import Any

CREDENTIALS = frozenset({"id", "access", "iam"})
"""What a person may send, as the last part of an identity's id."""


def names_for(identity_id: str) -> tuple[str, ...]:
    """The names that a suite file may call an identity by, the widest first.

    `group:admins/id` goes by `group`, `group:admins` and `group:admins/id`; a group's own name may hold `/` and `:`.
    """
    above, _, credential = identity_id.rpartition("/")
    who = above if above and credential in CREDENTIALS else identity_id
    return tuple(dict.fromkeys((who.partition(":")[0], who, identity_id)))


def merged(common: Mapping[str, Any], by_name: Mapping[str, Mapping[str, Any]], identity_id: str) -> dict[str, Any]:
    """What holds for an identity: what is common, then what its names say, where the narrower name wins."""
    found = dict(common)
    for name in names_for(identity_id):
        found.update(by_name.get(name, {}))
    return found
