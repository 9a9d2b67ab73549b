"""Addresses that people sign in by: each is verified for one user only, which MiniStack doesn't see to."""

from collections.abc import Mapping

from local_cloud.cognito.answers import Refused
from local_cloud.cognito.attribute_values import ADDRESSES
from local_cloud.cognito.names import alike, named
from local_cloud.cognito.records import Record, attributes_of, set_attributes

CALLED: Mapping[str, str] = {"email": "email", "phone_number": "phone number"}


def check_name(pool: Record, username: str, taken: str) -> None:
    """Raise Refused for a new user name that is somebody's, told `taken`, or has the form of an alias."""
    if named(pool, username):
        raise Refused("UsernameExistsException", taken)
    for name, called in CALLED.items():
        if name in (pool.get("AliasAttributes") or ()) and ADDRESSES[name][0].fullmatch(username):
            raise Refused(
                "InvalidParameterException",
                f"Username cannot be of {called} format, since user pool is configured for {called} alias.",
            )


def check_free(pool: Record, user: Record | None, name: str, value: str) -> None:
    """Raise Refused when an address is somebody else's alias already; without a user, anybody's."""
    if _owner(pool, user, name, value):
        raise Refused("AliasExistsException", f"An account with the {name} already exists.")


def take_over(pool: Record, user: Record | None, name: str, value: str) -> None:
    """Take an alias from whoever has it, as ForceAliasCreation asks for."""
    if other := _owner(pool, user, name, value):
        set_attributes(other, {f"{name}_verified": "false"})


def _owner(pool: Record, user: Record | None, name: str, value: str) -> Record | None:
    if name not in {*pool.get("AliasAttributes", ()), *pool.get("UsernameAttributes", ())}:
        return None
    for other in pool["_users"].values():
        held = attributes_of(other)
        if other is not user and alike(pool, held.get(name), value) and held.get(f"{name}_verified") == "true":
            found: Record = other
            return found
    return None
