"""Whom a name means: where a pool doesn't tell capitals from small letters, whoever has it in any of them.

MiniStack stores `UsernameConfiguration` and tells them apart all the same.
"""

from collections.abc import Callable

from local_cloud.cognito.answers import Answer
from local_cloud.cognito.records import Record, attributes_of, sign_in_names

Found = tuple[Record | None, Answer | None]
Resolve = Callable[[Record, str | None], Found]


def in_any_letters(ministack: Resolve) -> Resolve:
    """Find a user by name, sub or alias, in whatever letters the pool takes it."""

    def resolve(pool: Record, name: str | None) -> Found:
        found = ministack(pool, name)
        if found[0] is not None or name is None or not _ignores_case(pool):
            return found
        user = named(pool, name) or _by_alias(pool, name)
        return found if user is None else (user, None)

    return resolve


def named(pool: Record, name: str) -> Record | None:
    """Return the user who has this name and not just this alias, or None."""
    users: dict[str, Record] = pool["_users"]
    if name in users or not _ignores_case(pool):
        return users.get(name)
    wanted = name.casefold()
    return next((user for key, user in users.items() if key.casefold() == wanted), None)


def alike(pool: Record, one: str | None, other: str) -> bool:
    """Tell whether two names or addresses are the same to a pool."""
    return one == other or (one is not None and _ignores_case(pool) and one.casefold() == other.casefold())


def is_called(pool: Record, user: Record, name: str) -> bool:
    """Tell whether a user can be called by a name in an answer to a challenge."""
    return any(alike(pool, name, each) for each in sign_in_names(user))


def _ignores_case(pool: Record) -> bool:
    return (pool.get("UsernameConfiguration") or {}).get("CaseSensitive") is False


def _by_alias(pool: Record, name: str) -> Record | None:
    """Return whoever has an address or a preferred user name in other letters; an alias has to be verified."""
    by_name = set(pool.get("UsernameAttributes") or ())
    aliases = {*(pool.get("AliasAttributes") or ()), *by_name} & {"email", "preferred_username"}
    wanted = name.casefold()
    for user in pool["_users"].values() if aliases else ():
        held = attributes_of(user)
        for alias in aliases:
            proved = alias in by_name or alias == "preferred_username" or held.get(f"{alias}_verified") == "true"
            if proved and held.get(alias, "").casefold() == wanted:
                found: Record = user
                return found
    return None
