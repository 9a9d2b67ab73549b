"""Who may do what in the dashboard, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.errors import NotPermitted


class Permission(StrEnum):
    """One thing that the dashboard can do; its value completes "may …"."""

    READ_USERS = "read the users of the users API"
    READ_GROUPS = "read groups and their members"
    CHANGE_GROUPS = "change groups and their members"
    READ_PEOPLE = "find people in the user pool"
    SET_PASSWORDS = "set and reset passwords"
    RUN_CALLS = "run calls side by side"
    SEND_MUTATIONS = "send operations that change data"
    MAKE_STAND_INS = "make users that stand in for others during a run"
    ACCEPT_RESULTS = "accept what a run of the lab showed"
    READ_TOKENS = "read tokens"
    READ_RECORD = "read the record of acts"
    READ_CONNECTION = "check the connection to AWS"


class Role(StrEnum):
    """What a signed-in person is to the dashboard."""

    ADMIN = "admin"
    VIEWER = "viewer"
    NONE = "no role"


GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.VIEWER: frozenset(
        {
            Permission.READ_USERS,
            Permission.READ_GROUPS,
            Permission.READ_PEOPLE,
            Permission.RUN_CALLS,
            Permission.READ_TOKENS,
            Permission.READ_RECORD,
            Permission.READ_CONNECTION,
        }
    ),
    Role.NONE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The environment that somebody acts in, as far as it decides what may be done.

    Attributes:
        name: what the screen calls it.
        production: every change needs a reason.
        read_only: nothing can be changed.
    """

    name: str = ""
    production: bool = False
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """The signed-in person who acts; made from a verified token only.

    Attributes:
        username: the user name in the pool.
        sub: the pool's unchanging id of this person.
        groups: the groups that the token names.
        role: what these groups make of the person here.
        place: the environment that they act in.
    """

    username: str
    sub: str
    groups: tuple[str, ...]
    role: Role
    place: Place = Place()


def role_of(groups: tuple[str, ...], admin_group: str, viewer_group: str) -> Role:
    """The role that memberships give, the stronger one of two; whole names are compared, so `not-admins` is nobody."""
    if admin_group in groups:
        return Role.ADMIN
    return Role.VIEWER if viewer_group in groups else Role.NONE


def may(operator: Operator, permission: Permission) -> bool:
    """Whether the operator's role holds the permission."""
    return permission in GRANTS[operator.role]


def check(operator: Operator, permission: Permission, admin_group: str = "admins") -> None:
    """Raise `NotPermitted` unless the operator's role holds the permission."""
    if not may(operator, permission):
        raise NotPermitted(
            f"{operator.username} may not {permission}",
            f"The account is not a member of the group {admin_group}",
            f"Ask an administrator to add the account to {admin_group}, then sign in again",
        )
