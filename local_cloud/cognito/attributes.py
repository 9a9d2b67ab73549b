"""Attributes: which ones there are, and who may write or remove them.

A user's `sub` is who they are in every token; MiniStack let its owner change it to somebody else's, takes
attributes that the pool doesn't have, and keeps an address verified that was changed.
"""

from collections.abc import Iterable, Mapping

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.records import (
    Record,
    attributes_of,
    owner_of,
    pool_of,
    remove_attributes,
    set_attributes,
    user_of,
)

NOT_BY_OWNER = frozenset({"email_verified", "phone_number_verified"})
MARKS: Mapping[str, str] = {"email": "email_verified", "phone_number": "phone_number_verified"}
"""Addresses, and the mark that goes with each."""


def of_new_user(ministack: Operation) -> Operation:
    """AdminCreateUser: refuse attributes that the pool doesn't have."""

    @answering
    def create(call: Data) -> Data:
        _check_new(pool_of(call), _names(call))
        return content(ministack(call))

    return create


def signed_up(ministack: Operation) -> Operation:
    """SignUp: besides, refuse what an app client can't write."""

    @answering
    def write(call: Data) -> Data:
        names = _names(call)
        _check_new(pool_of(call), names)
        check_owners(pool_of(call), names, new=True)
        return content(ministack(call))

    return write


def written_by_owner(ministack: Operation) -> Operation:
    """UpdateUserAttributes: refuse what an app client can't write; a new address isn't verified."""

    @answering
    def write(call: Data) -> Data:
        check_owners(pool_of(call), _names(call))
        return _written(ministack, call, owner_of(call["AccessToken"]))

    return write


def written_by_administrator(ministack: Operation) -> Operation:
    """AdminUpdateUserAttributes: refuse what can't be changed at all; a new address isn't verified."""

    @answering
    def write(call: Data) -> Data:
        pool = pool_of(call)
        _check_changes(pool, _names(call))
        return _written(ministack, call, user_of(pool, call.get("Username")))

    return write


@answering
def admin_delete_user_attributes(call: Data) -> Data:
    """Cognito AdminDeleteUserAttributes; an address takes the mark that it is verified with it."""
    pool = pool_of(call)
    user = user_of(pool, call.get("Username"))
    names = set(call.get("UserAttributeNames") or [])
    _check_changes(pool, names)
    if required := [held["Name"] for held in pool["SchemaAttributes"] if held["Required"] and held["Name"] in names]:
        raise Refused("InvalidParameterException", f"Cannot delete the required attribute {required[0]}")
    remove_attributes(user, names | {MARKS[name] for name in names if name in MARKS})
    return {}


def check_owners(pool: Record, names: Iterable[str], *, new: bool = False) -> None:
    """Raise Refused when somebody may not write these of their own attributes."""
    wanted = set(names)
    if not new:
        _check_changes(pool, wanted)
    if wanted & NOT_BY_OWNER:
        raise Refused("NotAuthorizedException", "A client attempted to write unauthorized attribute")


def _written(ministack: Operation, call: Data, user: Record | None) -> Data:
    before = attributes_of(user) if user else {}
    answer = content(ministack(call))
    if user:
        after, named = attributes_of(user), _names(call)
        changed = [name for name in MARKS if after.get(name) != before.get(name) and MARKS[name] not in named]
        set_attributes(user, {MARKS[name]: "false" for name in changed})
    return answer


def _check_new(pool: Record, names: set[str]) -> None:
    if unknown := _unknown(pool, names):
        lines = "".join(f"{name}: Attribute does not exist in the schema.\n" for name in unknown)
        raise Refused("InvalidParameterException", f"Attributes did not conform to the schema: {lines}")
    if "sub" in names:
        raise Refused("InvalidParameterException", "Cannot modify the non-mutable attribute sub")


def _check_changes(pool: Record, names: set[str]) -> None:
    if unknown := _unknown(pool, names):
        lines = "".join(f"user.{name}: Attribute does not exist in the schema.\n" for name in unknown)
        raise Refused("InvalidParameterException", lines)
    for held in pool["SchemaAttributes"]:
        if held["Name"] in names and not held["Mutable"]:
            raise Refused("InvalidParameterException", f"Cannot modify the non-mutable attribute {held['Name']}")


def _unknown(pool: Record, names: set[str]) -> list[str]:
    return sorted(names - {held["Name"] for held in pool["SchemaAttributes"]})


def _names(call: Data) -> set[str]:
    return {attribute.get("Name", "") for attribute in call.get("UserAttributes") or []}
