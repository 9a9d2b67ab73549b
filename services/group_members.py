"""Who is in a group: page through them, add some, remove some."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import permissions
from services.acts import check_count
from services.audit import Record, recorded
from services.aws_errors import spoken
from services.errors import GatehouseError
from services.groups import GROUP_MEANINGS
from services.lockout import Lockout
from services.people import Person, person
from services.permissions import Operator, Permission
from services.reading import Meter, Reading

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import ListUsersInGroupRequestTypeDef

CHANGES_AT_ONCE = 5  # AWS allows 25 membership changes a second, for everybody in the account and Region
LARGEST_PAGE = 60
_one_admin_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class MembersPage:
    """One page of a group's members, the token of the next (None: it was the last), and how it was read."""

    people: tuple[Person, ...]
    next_token: str | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class Change:
    """What came of one person's change.

    Attributes:
        person: who.
        error: None when it is as it was to be.
        changed: whether it is otherwise than before, so that there is something to take back.
    """

    person: Person
    error: GatehouseError | None = None
    changed: bool = False

    @property
    def username(self) -> str:
        """The person's user name."""
        return self.person.username


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """The memberships of one user pool; the attributes are those of `Groups`."""

    client: "CognitoIdentityProviderClient"
    pool_id: str
    admin_group: str

    def page(self, operator: Operator, group: str, limit: int, token: str | None = None) -> MembersPage:
        """One page of members. ListUsersInGroup.

        Raises:
            NotPermitted: the operator may not read groups.
            NotFound: the group is gone.
            ServiceError: Cognito refused or failed.
        """
        permissions.check(operator, Permission.READ_GROUPS, self.admin_group)
        meter = Meter()
        people, next_token = self._page(group, limit, token)
        meter.count()
        return MembersPage(people, next_token, meter.reading())

    def add(self, operator: Operator, group: str, people: Sequence[Person], typed: str = "") -> tuple[Change, ...]:
        """Put people into a group, some at a time; one outcome each, in their order.

        AdminListGroupsForUser, AdminAddUserToGroup. Somebody who is in already stays so, and counts as done.

        Args:
            operator: who acts.
            group: the group.
            people: who is to be in it.
            typed: how many they are, as the operator typed it; looked at from `acts.MANY` on.

        Raises:
            Invalid: they are many, and their number was not typed.
        """
        check_count(f"Could not add people to {group}", len(people), typed)

        def act(who: Person) -> bool:
            with recorded(operator, "group.add", group, {"user": who.username}) as record:
                permissions.check(operator, Permission.CHANGE_GROUPS, self.admin_group)
                before = self._groups_of(who)
                if group in before:
                    return False
                with spoken(f"add {who.username} to {group}", GROUP_MEANINGS):
                    self.client.admin_add_user_to_group(UserPoolId=self.pool_id, GroupName=group, Username=who.username)
                _note(record, before, before | {group})
                return True

        return _each(people, act, CHANGES_AT_ONCE)

    def remove(self, operator: Operator, group: str, people: Sequence[Person], typed: str = "") -> tuple[Change, ...]:
        """Take people out of a group, some at a time; one outcome each. Arguments and errors are those of `add`.

        AdminListGroupsForUser, AdminRemoveUserFromGroup. Operators can't take themselves out of the admin group, and
        its last member that is enabled can't be taken out by anybody: where two dashboards take out two administrators
        in the same moment, whoever finds nobody left afterwards puts theirs back (AdminAddUserToGroup).
        """
        check_count(f"Could not remove people from {group}", len(people), typed)

        def act(who: Person) -> bool:
            with recorded(operator, "group.remove", group, {"user": who.username}) as record:
                permissions.check(operator, Permission.CHANGE_GROUPS, self.admin_group)
                if group != self.admin_group:
                    return self._take_out(group, who, record)
                with _one_admin_at_a_time:
                    return self._take_out_admin(operator, who, record)

        return _each(people, act, CHANGES_AT_ONCE)

    def _take_out(self, group: str, who: Person, record: Record) -> bool:
        before = self._groups_of(who)
        if group not in before:
            return False
        with spoken(f"remove {who.username} from {group}", GROUP_MEANINGS):
            self.client.admin_remove_user_from_group(UserPoolId=self.pool_id, GroupName=group, Username=who.username)
        _note(record, before, before - {group})
        return True

    def _take_out_admin(self, operator: Operator, who: Person, record: Record) -> bool:
        lockout = Lockout(self.admin_group, lambda token: self._page(self.admin_group, LARGEST_PAGE, token))
        lockout.check_before(operator, who)
        taken = self._take_out(self.admin_group, who, record)
        if taken and not lockout.remains_without(who):
            with spoken(f"put {who.username} back into {self.admin_group}", GROUP_MEANINGS):
                self.client.admin_add_user_to_group(
                    UserPoolId=self.pool_id, GroupName=self.admin_group, Username=who.username
                )
            record.changed = {}
            raise lockout.taken_back(who)
        return taken

    def _page(self, group: str, limit: int, token: str | None) -> tuple[tuple[Person, ...], str | None]:
        request: ListUsersInGroupRequestTypeDef = {
            "UserPoolId": self.pool_id,
            "GroupName": group,
            "Limit": min(limit, LARGEST_PAGE),
        }
        if token:
            request["NextToken"] = token
        with spoken(f"list the members of {group}", GROUP_MEANINGS):
            answer = self.client.list_users_in_group(**request)
        return tuple(map(person, answer["Users"])), answer.get("NextToken")

    def _groups_of(self, who: Person) -> frozenset[str]:
        """The groups of a person. AdminListGroupsForUser, all pages."""
        with spoken(f"read the groups of {who.username}"):
            pages = self.client.get_paginator("admin_list_groups_for_user").paginate(
                UserPoolId=self.pool_id, Username=who.username, PaginationConfig={"PageSize": LARGEST_PAGE}
            )
            return frozenset(group["GroupName"] for page in pages for group in page["Groups"])


def _note(record: Record, before: frozenset[str], after: frozenset[str]) -> None:
    record.changed = {"before": {"groups": sorted(before)}, "after": {"groups": sorted(after)}}


def _each(people: Sequence[Person], act: Callable[[Person], bool], at_once: int) -> tuple[Change, ...]:
    """The outcome of the act for each person; what goes wrong with one does not stop the others."""

    def outcome(who: Person) -> Change:
        try:
            return Change(who, changed=act(who))
        except GatehouseError as error:
            return Change(who, error)

    # Each thread has the operator's reason, which lives in the context of whoever asked.
    waiting = [(copy_context(), who) for who in people]
    with ThreadPoolExecutor(at_once) as pool:
        return tuple(pool.map(lambda each: each[0].run(outcome, each[1]), waiting))
