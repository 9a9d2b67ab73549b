"""What an environment offers by itself: the choices of a run that names none."""

from dataclasses import replace
from typing import TYPE_CHECKING

from services.application import Application
from services.authorization.callers.caller import Caller
from services.authorization.callers.columns import missing_columns
from services.authorization.callers.ids import GROUP, members_of
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.aws_errors import spoken
from services.errors import GatehouseError, Refused
from services.groups import Groups
from services.permissions import Operator

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

MOST_GROUPS = 20  # a run shouldn't make hundreds of users unasked


def offered(application: Application, operator: Operator) -> tuple[tuple[IdentityChoice, ...], tuple[Caller, ...]]:
    """Nobody, the API's keys, a guest, a stand-in of each group and of none, and everything broken.

    Returns:
        the choices, and the columns of what is there and not chosen, with the reason.
    """
    environment = application.environment
    plain = [IdentityChoice(kind) for kind in (IdentityKind.NOBODY, IdentityKind.API_KEY)]
    if application.identity_pool:
        plain.append(IdentityChoice(IdentityKind.GUEST))
    nobody_of_a_group, broken = IdentityChoice(IdentityKind.STAND_IN), IdentityChoice(IdentityKind.BROKEN)
    try:
        groups = Groups(application.clients.user_pool, environment.user_pool_id, environment.admin_group).list(operator)
    except GatehouseError as failure:
        unread = missing_columns(f"{GROUP}*", "Every group", frozenset(), environment, failure)
        return (*plain, nobody_of_a_group, broken), unread
    names = [group.name for group in groups.groups]
    members = [IdentityChoice(IdentityKind.STAND_IN, groups=(name,)) for name in names[:MOST_GROUPS]]
    too_many = Refused(
        "Could not make a stand-in of every group",
        f"The user pool has {len(names)} groups, and without being asked a run makes one of {MOST_GROUPS}",
        "Name the groups that matter in the suite",
    )
    left_out = tuple(
        replace(caller, spare=True)
        for name in names[MOST_GROUPS:]
        for caller in missing_columns(members_of((name,)), name, frozenset({name}), environment, too_many)
    )
    return (*plain, *members, nobody_of_a_group, broken), left_out


def groups_of(client: "CognitoIdentityProviderClient", pool_id: str, username: str) -> tuple[str, ...]:
    """The groups of a person. AdminListGroupsForUser, all pages.

    Raises:
        NotFound: there is no such user.
        ServiceError: Cognito refused or failed.
    """
    with spoken(f"read the groups of {username}"):
        pages = client.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=pool_id, Username=username, PaginationConfig={"PageSize": 60}
        )
        return tuple(sorted(group["GroupName"] for page in pages for group in page["Groups"]))
