"""Who is in a group: page through them, add some, remove some."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import permissions
from services.audit import recorded
from services.aws_errors import spoken
from services.errors import GatehouseError, NotPermitted
from services.groups import GROUP_MEANINGS
from services.people import Person, person
from services.permissions import Operator, Permission
from services.reading import Meter, Reading

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import ListUsersInGroupRequestTypeDef

CHANGES_AT_ONCE = 5  # AWS allows 25 membership changes a second, for everybody in the account and Region
LARGEST_PAGE = 60


@dataclass(frozen=True, slots=True)
class MembersPage:
    """One page of a group's members, the token of the next (None: it was the last), and how it was read."""

    people: tuple[Person, ...]
    next_token: str | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class Change:
    """What came of one person's change: `error` is None when it is done."""

    username: str
    error: GatehouseError | None = None


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
        request: ListUsersInGroupRequestTypeDef = {
            "UserPoolId": self.pool_id,
            "GroupName": group,
            "Limit": min(limit, LARGEST_PAGE),
        }
        if token:
            request["NextToken"] = token
        meter = Meter()
        with spoken(f"list the members of {group}", GROUP_MEANINGS):
            answer = self.client.list_users_in_group(**request)
        meter.count()
        return MembersPage(tuple(map(person, answer["Users"])), answer.get("NextToken"), meter.reading())

    def add(self, operator: Operator, group: str, people: Sequence[Person]) -> tuple[Change, ...]:
        """Put people into a group, some at a time; one outcome each, in their order. AdminAddUserToGroup.

        Adding somebody who is in already changes nothing and counts as done.
        """

        def act(who: Person) -> None:
            with recorded(operator, "group.add", group, {"user": who.username}):
                permissions.check(operator, Permission.CHANGE_GROUPS, self.admin_group)
                with spoken(f"add {who.username} to {group}", GROUP_MEANINGS):
                    self.client.admin_add_user_to_group(UserPoolId=self.pool_id, GroupName=group, Username=who.username)

        return _each(people, act)

    def remove(self, operator: Operator, group: str, people: Sequence[Person]) -> tuple[Change, ...]:
        """Take people out of a group, some at a time; one outcome each. AdminRemoveUserFromGroup.

        Operators can't take themselves out of the admin group: so it never loses its last member here.
        """

        def act(who: Person) -> None:
            with recorded(operator, "group.remove", group, {"user": who.username}):
                permissions.check(operator, Permission.CHANGE_GROUPS, self.admin_group)
                if group == self.admin_group and _same(operator, who):
                    raise NotPermitted(
                        f"Could not remove {who.username} from {group}",
                        "It is the account that you are signed in with: you would lock yourself out",
                        "Ask another administrator to do it",
                    )
                with spoken(f"remove {who.username} from {group}", GROUP_MEANINGS):
                    self.client.admin_remove_user_from_group(
                        UserPoolId=self.pool_id, GroupName=group, Username=who.username
                    )

        return _each(people, act)


def _each(people: Sequence[Person], act: Callable[[Person], None]) -> tuple[Change, ...]:
    """The outcome of the act for each person; what goes wrong with one does not stop the others."""

    def outcome(who: Person) -> Change:
        try:
            act(who)
        except GatehouseError as error:
            return Change(who.username, error)
        return Change(who.username)

    with ThreadPoolExecutor(CHANGES_AT_ONCE) as pool:
        return tuple(pool.map(outcome, people))


def _same(operator: Operator, who: Person) -> bool:
    """Whether the person is the operator, by the id that never changes or by name."""
    return operator.sub == who.sub or operator.username.casefold() == who.username.casefold()
