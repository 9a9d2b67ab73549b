"""Removing a stand-in, and proving that it is gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.audit import recorded
from services.authorization.callers.side_by_side import AT_ONCE, each_or_failure
from services.aws_errors import spoken
from services.errors import GatehouseError, NotFound
from services.permissions import Operator

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

PAGES = 20  # of a group's members that are looked through: 1,200 people
PAGE_SIZE = 60


@dataclass(frozen=True, slots=True)
class Stay:
    """A stand-in's time in the pool.

    Attributes:
        username: its user name.
        subject: whom it stood in for, e.g. `group:admins`; empty for a killed run's leftover.
        groups: what it was put into.
    """

    username: str
    subject: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of a stand-in.

    Attributes:
        stay: the stand-in.
        proven: Cognito says that there is no such user, and its groups name it no more.
        why: what proves it, or what went wrong; a sentence.
    """

    stay: Stay
    proven: bool
    why: str


@dataclass(frozen=True, slots=True)
class _Members:
    """Whom a group names, by user name and e-mail address, and whether all of them were read."""

    names: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Remover:
    """Removes users of one pool on behalf of an operator, `at_once` at a time."""

    client: "CognitoIdentityProviderClient"
    pool_id: str
    operator: Operator
    at_once: int = AT_ONCE

    def remove(self, stays: Iterable[Stay]) -> tuple[Removal, ...]:
        """Remove all of them side by side and prove it; what goes wrong with one stops no other.

        AdminDeleteUser, AdminGetUser, ListUsersInGroup. Nobody is asked here whether the operator may: whoever
        could make a stand-in has to be able to remove it.
        """
        every = tuple(stays)
        failures = each_or_failure(self._delete, every, self.at_once)
        gone = each_or_failure(self._proof_of, every, self.at_once)
        members = self._members(group for stay in every for group in stay.groups)
        return tuple(
            _removal(stay, failure, proof, members) for stay, failure, proof in zip(every, failures, gone, strict=True)
        )

    def _delete(self, stay: Stay) -> None:
        act = "stand-in.remove" if stay.subject else "stand-in.remove-leftover"
        with recorded(self.operator, act, stay.username, {"for": stay.subject}):
            try:
                with spoken(f"remove the stand-in {stay.username}"):
                    self.client.admin_delete_user(UserPoolId=self.pool_id, Username=stay.username)
            except NotFound:
                return  # it was never made, or another run has removed it

    def _proof_of(self, stay: Stay) -> bool:
        """Whether Cognito knows no such user any more."""
        try:
            with spoken(f"see that the stand-in {stay.username} is gone"):
                self.client.admin_get_user(UserPoolId=self.pool_id, Username=stay.username)
        except NotFound:
            return True
        return False

    def _members(self, groups: Iterable[str]) -> Mapping[str, _Members | GatehouseError]:
        names = tuple(sorted(set(groups)))
        return dict(zip(names, each_or_failure(self._members_of, names, self.at_once), strict=True))

    def _members_of(self, group: str) -> _Members:
        names: set[str] = set()
        read = 0
        try:
            with spoken(f"see who is in {group}"):
                for page in self.client.get_paginator("list_users_in_group").paginate(
                    UserPoolId=self.pool_id, GroupName=group, PaginationConfig={"PageSize": PAGE_SIZE}
                ):
                    read += 1
                    for user in page["Users"]:
                        names.add(user["Username"])
                        names.update(each["Value"] for each in user.get("Attributes", []) if each["Name"] == "email")
                    if read == PAGES:
                        return _Members(frozenset(names), whole="NextToken" not in page)
        except NotFound:
            pass  # a group that isn't there names nobody
        return _Members(frozenset(names), whole=True)


def _removal(
    stay: Stay,
    failure: GatehouseError | None,
    gone: bool | GatehouseError,
    members: Mapping[str, _Members | GatehouseError],
) -> Removal:
    if failure or isinstance(gone, GatehouseError):
        return Removal(stay, proven=False, why=str(failure or gone))
    if not gone:
        return Removal(stay, proven=False, why=f"Cognito still knows the user {stay.username}.")
    said = ["Cognito knows no such user any more"]
    for group in stay.groups:
        known = members[group]
        if isinstance(known, GatehouseError):
            return Removal(stay, proven=False, why=f"The user is gone, but who is in {group} could not be read.")
        if stay.username in known.names:
            return Removal(stay, proven=False, why=f"The user is gone, but {group} still names it.")
        said.append(f"{group} names it no more" if known.whole else f"{group} names it no more as far as was read")
    return Removal(stay, proven=True, why=f"{', '.join(said)}.")
