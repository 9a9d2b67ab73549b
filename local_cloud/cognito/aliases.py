"""Addresses that people sign in by: each is verified for one user only, which MiniStack doesn't see to."""

from local_cloud.cognito.answers import Refused
from local_cloud.cognito.records import Record, attributes_of, set_attributes


def check_free(pool: Record, user: Record, name: str, value: str) -> None:
    """Raise Refused when an address is somebody else's alias already."""
    if _owner(pool, user, name, value):
        raise Refused("AliasExistsException", f"An account with the {name} already exists.")


def take_over(pool: Record, user: Record, name: str, value: str) -> None:
    """Take an alias from whoever has it, as ForceAliasCreation asks for."""
    if other := _owner(pool, user, name, value):
        set_attributes(other, {f"{name}_verified": "false"})


def _owner(pool: Record, user: Record, name: str, value: str) -> Record | None:
    if name not in {*pool.get("AliasAttributes", ()), *pool.get("UsernameAttributes", ())}:
        return None
    for other in pool["_users"].values():
        held = attributes_of(other)
        if other is not user and held.get(name) == value and held.get(f"{name}_verified") == "true":
            found: Record = other
            return found
    return None
