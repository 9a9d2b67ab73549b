"""Attributes: which ones there are, and who may write or remove them.

A user's `sub` is who they are in every token; MiniStack let its owner change it to somebody else's, takes
attributes that the pool doesn't have, and keeps an address verified that was changed. A blank value takes
an attribute away, where MiniStack keeps it blank.
"""

from collections.abc import Collection, Iterable, Mapping

from local_cloud.cognito import aliases, verification
from local_cloud.cognito.aliases import check_name
from local_cloud.cognito.answers import Data, Operation, Refused, answering, content
from local_cloud.cognito.attribute_values import check_values
from local_cloud.cognito.destinations import masked
from local_cloud.cognito.records import (
    Record,
    attributes_of,
    owner_of,
    pool_of,
    remove_attributes,
    set_attributes,
    user_of,
)
from local_cloud.cognito.verification import MARKS

NOT_BY_OWNER = frozenset(MARKS.values())


def of_new_user(ministack: Operation) -> Operation:
    """AdminCreateUser: refuse attributes that the pool doesn't take, and an address that is somebody's alias."""

    @answering
    def create(call: Data) -> Data:
        pool, given = pool_of(call), _given(call)
        _check_new(pool, given)
        if call.get("MessageAction") == "RESEND":
            return content(ministack(call))
        check_name(pool, call["Username"], "User account already exists.")
        proved = {name: given[name] for name, mark in MARKS.items() if name in given and given.get(mark) == "true"}
        if not call.get("ForceAliasCreation"):
            for name, address in proved.items():
                aliases.check_free(pool, None, name, address)
        answer = content(ministack(call))
        user = user_of(pool, answer["User"]["Username"])
        for name, address in proved.items():
            aliases.take_over(pool, user, name, address)
        return answer

    return create


def signed_up(ministack: Operation) -> Operation:
    """SignUp: besides, refuse what an app client can't write, and whoever leaves out what the pool requires."""

    @answering
    def write(call: Data) -> Data:
        pool, given = pool_of(call), _given(call)
        if (pool.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
            raise Refused("NotAuthorizedException", "SignUp is not permitted for this user pool")
        _check_new(pool, given)
        check_owners(pool, given, new=True)
        check_name(pool, call["Username"], "User already exists.")
        if lacking := sorted(required(pool) - given.keys() - set(pool.get("UsernameAttributes") or [])):
            lines = "".join(f"{name}: The attribute is required\n" for name in lacking)
            raise Refused("InvalidParameterException", f"Attributes did not conform to the schema: {lines}")
        answer = content(ministack(call))
        if details := answer.get("CodeDeliveryDetails"):
            details["Destination"] = masked(details["Destination"])
        return answer

    return write


def written_by_owner(ministack: Operation) -> Operation:
    """UpdateUserAttributes: refuse what an app client can't write; a new address has to be proved."""

    @answering
    def write(call: Data) -> Data:
        pool = pool_of(call)
        check_owners(pool, _given(call))
        return {"CodeDeliveryDetailsList": _written(ministack, call, pool, owner_of(call["AccessToken"]))}

    return write


def written_by_administrator(ministack: Operation) -> Operation:
    """AdminUpdateUserAttributes: refuse what can't be changed at all; a new address has to be proved, or marked."""

    @answering
    def write(call: Data) -> Data:
        pool = pool_of(call)
        _check_changes(pool, _given(call))
        _written(ministack, call, pool, user_of(pool, call.get("Username")))
        return {}

    return write


@answering
def admin_delete_user_attributes(call: Data) -> Data:
    """Cognito AdminDeleteUserAttributes; an address takes the mark that it is verified with it."""
    pool = pool_of(call)
    user = user_of(pool, call.get("Username"))
    names = set(call.get("UserAttributeNames") or [])
    _check_changes(pool, names)
    _remove(pool, user, names)
    return {}


@answering
def delete_user_attributes(call: Data) -> Data:
    """Cognito DeleteUserAttributes: what somebody may write of their own."""
    user = owner_of(call["AccessToken"])
    if user is None:
        raise Refused("NotAuthorizedException", "Invalid Access Token")
    pool, names = pool_of(call), set(call.get("UserAttributeNames") or [])
    check_owners(pool, names)
    _remove(pool, user, names)
    return {}


def check_owners(pool: Record, names: Iterable[str], *, new: bool = False) -> None:
    """Raise Refused when somebody may not write these of their own attributes."""
    wanted = set(names)
    if not new:
        _check_changes(pool, wanted)
    if wanted & NOT_BY_OWNER:
        raise Refused("NotAuthorizedException", "A client attempted to write unauthorized attribute")


def required(pool: Record) -> set[str]:
    """Return the attributes that a pool requires of everybody, beside the `sub` that it gives them."""
    return {held["Name"] for held in pool["SchemaAttributes"] if held["Required"]} - {"sub"}


def _written(ministack: Operation, call: Data, pool: Record, user: Record | None) -> list[Data]:
    """Write attributes; return where codes went that prove new addresses."""
    if user is None:
        content(ministack(call))  # refuses
        return []
    given = _given(call)
    blank = {name for name, value in given.items() if not value}
    check_values(pool, {name: value for name, value in given.items() if value}, "Invalid user attributes")
    _check_kept(pool, blank)
    before = attributes_of(user)
    for name, mark in MARKS.items():
        if given.get(mark) == "true" and (address := given.get(name) or before.get(name)):
            aliases.check_free(pool, user, name, address)
    unproved = [
        name
        for name, mark in MARKS.items()
        if given.get(name, before.get(name)) != before.get(name) and mark not in given
    ]
    waiting = {name for name in unproved if given[name] and verification.waits_for_proof(pool, name)}
    kept = [held for held in call["UserAttributes"] if held["Name"] not in waiting]
    content(ministack({**call, "UserAttributes": kept}))
    set_attributes(user, {MARKS[name]: "false" for name in unproved if name not in waiting})
    _remove(pool, user, blank)
    proved_by_code = {*waiting, *(pool.get("AutoVerifiedAttributes") or [])}
    return [
        verification.send(pool, user, name, given[name]) for name in unproved if given[name] and name in proved_by_code
    ]


def _remove(pool: Record, user: Record, names: set[str]) -> None:
    _check_kept(pool, names)
    if names:
        remove_attributes(user, names | {MARKS[name] for name in names if name in MARKS})


def _check_kept(pool: Record, names: set[str]) -> None:
    if kept := sorted(required(pool) & names):
        raise Refused("InvalidParameterException", f"Cannot delete the required attribute {kept[0]}")


def _check_new(pool: Record, given: Mapping[str, str]) -> None:
    told = "Attributes did not conform to the schema"
    if unknown := _unknown(pool, given):
        lines = "".join(f"{name}: Attribute does not exist in the schema.\n" for name in unknown)
        raise Refused("InvalidParameterException", f"{told}: {lines}")
    if "sub" in given:
        raise Refused("InvalidParameterException", "Cannot modify the non-mutable attribute sub")
    check_values(pool, given, told)


def _check_changes(pool: Record, names: Collection[str]) -> None:
    if unknown := _unknown(pool, names):
        lines = "".join(f"user.{name}: Attribute does not exist in the schema.\n" for name in unknown)
        raise Refused("InvalidParameterException", lines)
    for held in pool["SchemaAttributes"]:
        if held["Name"] in names and not held["Mutable"]:
            raise Refused("InvalidParameterException", f"Cannot modify the non-mutable attribute {held['Name']}")


def _unknown(pool: Record, names: Collection[str]) -> list[str]:
    return sorted(set(names) - {held["Name"] for held in pool["SchemaAttributes"]})


def _given(call: Data) -> dict[str, str]:
    return {attribute["Name"]: attribute.get("Value", "") for attribute in call.get("UserAttributes") or []}
