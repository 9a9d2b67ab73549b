"""Attributes that nobody may write, or not their owner.

A user's `sub` is who they are in every token; MiniStack let its owner change it to somebody else's.
"""

from collections.abc import Iterable

from local_cloud.cognito.answers import Data, Operation, Refused, answering, content

IMMUTABLE = "sub"
NOT_BY_OWNER = frozenset({"email_verified", "phone_number_verified"})


def written_by_owner(ministack: Operation) -> Operation:
    """SignUp and UpdateUserAttributes: refuse what an app client can't write."""

    @answering
    def write(call: Data) -> Data:
        check_owners(_names(call))
        return content(ministack(call))

    return write


def written_by_administrator(ministack: Operation) -> Operation:
    """AdminUpdateUserAttributes: refuse what can't be changed at all."""

    @answering
    def write(call: Data) -> Data:
        _check(_names(call))
        return content(ministack(call))

    return write


def check_owners(names: Iterable[str]) -> None:
    """Raise Refused when somebody may not write these of their own attributes."""
    wanted = set(names)
    _check(wanted)
    if wanted & NOT_BY_OWNER:
        raise Refused("NotAuthorizedException", "A client attempted to write unauthorized attribute")


def _check(names: Iterable[str]) -> None:
    if IMMUTABLE in names:
        raise Refused("InvalidParameterException", f"Cannot modify the non-mutable attribute {IMMUTABLE}")


def _names(call: Data) -> set[str]:
    return {attribute.get("Name", "") for attribute in call.get("UserAttributes") or []}
