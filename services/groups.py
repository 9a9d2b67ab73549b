"""The groups of the user pool: list, create, change, delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import permissions
from services.audit import recorded
from services.aws_errors import Meaning, spoken
from services.errors import Invalid, NotFound, NotPermitted, Refused
from services.group_values import Group, GroupDraft, check_draft, check_name, group
from services.permissions import Operator, Permission
from services.reading import Meter, Reading

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import CreateGroupRequestTypeDef, UpdateGroupRequestTypeDef

PAGE_SIZE = 60  # the most that ListGroups gives at once

GROUP_MEANINGS: Mapping[str, Meaning] = {
    "ResourceNotFoundException": Meaning(
        NotFound,
        "The group does not exist (any more)",
        "Go back to the list of groups to see what is there now",
    )
}


@dataclass(frozen=True, slots=True)
class GroupList:
    """Every group of the pool, by precedence and name, and how it was read."""

    groups: tuple[Group, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one user pool.

    Attributes:
        client: Cognito user pools.
        pool_id: the user pool.
        admin_group: the group that gives an operator the right to be here.
    """

    client: "CognitoIdentityProviderClient"
    pool_id: str
    admin_group: str

    def list(self, operator: Operator) -> GroupList:
        """Every group of the pool. ListGroups, all pages.

        Raises:
            NotPermitted: the operator may not read groups.
            ServiceError: Cognito refused or failed.
        """
        permissions.check(operator, Permission.READ_GROUPS, self.admin_group)
        meter = Meter()
        found: list[Group] = []
        with spoken("list the groups"):
            for page in self.client.get_paginator("list_groups").paginate(
                UserPoolId=self.pool_id, PaginationConfig={"PageSize": PAGE_SIZE}
            ):
                meter.count()
                found += map(group, page["Groups"])
        return GroupList(tuple(sorted(found, key=_strength)), meter.reading())

    def get(self, operator: Operator, name: str) -> Group:
        """One group as Cognito holds it now. GetGroup.

        Raises:
            NotPermitted: the operator may not read groups.
            NotFound: the group is gone.
            ServiceError: Cognito refused or failed.
        """
        permissions.check(operator, Permission.READ_GROUPS, self.admin_group)
        with spoken(f"read the group {name}", GROUP_MEANINGS):
            return group(self.client.get_group(UserPoolId=self.pool_id, GroupName=name)["Group"])

    def create(self, operator: Operator, name: str, draft: GroupDraft) -> Group:
        """Make a group and return it as Cognito holds it. CreateGroup.

        Raises:
            NotPermitted: the operator may not change groups.
            Invalid: Cognito does not take the name or a value.
            AlreadyExists: the name is taken.
            ServiceError: Cognito refused or failed.
        """
        with recorded(operator, "group.create", name, _detail(draft)):
            permissions.check(operator, Permission.CHANGE_GROUPS, self.admin_group)
            check_name(name)
            check_draft(f"Could not create the group {name}", draft)
            request: CreateGroupRequestTypeDef = {"UserPoolId": self.pool_id, "GroupName": name}
            if draft.description:
                request["Description"] = draft.description
            if draft.precedence is not None:
                request["Precedence"] = draft.precedence
            if draft.role_arn:
                request["RoleArn"] = draft.role_arn
            with spoken(f"create the group {name}", _giving(draft)):
                return group(self.client.create_group(**request)["Group"])

    def update(self, operator: Operator, name: str, draft: GroupDraft) -> Group:
        """Change a group and return it as Cognito holds it now. GetGroup, UpdateGroup.

        Every value is sent, the unchanged ones too: AWS does not say whether one that is left out stays
        or falls back to its default. An emptied precedence or role can only be left out; compare the
        result by `group_values.kept`.

        Raises:
            NotPermitted: the operator may not change groups, or it would give the admin group another role.
            Invalid: Cognito does not take a value.
            NotFound: the group is gone.
            ServiceError: Cognito refused or failed.
        """
        with recorded(operator, "group.update", name, _detail(draft)) as record:
            permissions.check(operator, Permission.CHANGE_GROUPS, self.admin_group)
            check_draft(f"Could not change the group {name}", draft)
            before = self.get(operator, name)
            self._check_role_stays(before, draft)
            request: UpdateGroupRequestTypeDef = {
                "UserPoolId": self.pool_id,
                "GroupName": name,
                "Description": draft.description,
            }
            if draft.precedence is not None:
                request["Precedence"] = draft.precedence
            if draft.role_arn:
                request["RoleArn"] = draft.role_arn
            with spoken(f"change the group {name}", {**GROUP_MEANINGS, **_giving(draft)}):
                now = group(self.client.update_group(**request)["Group"])
            record.changed = {"before": _detail(before.draft), "after": _detail(now.draft)}
            return now

    def delete(self, operator: Operator, name: str, typed: str) -> None:
        """Delete a group for good; its members stay in the pool. GetGroup, DeleteGroup.

        Args:
            operator: who acts.
            name: the group.
            typed: the name again, as the operator typed it.

        Raises:
            NotPermitted: the operator may not, or it is the admin group.
            Invalid: what was typed is not the name.
            NotFound: the group is gone.
            ServiceError: Cognito refused or failed.
        """
        failed = f"Could not delete the group {name}"
        with recorded(operator, "group.delete", name) as record:
            permissions.check(operator, Permission.CHANGE_GROUPS, self.admin_group)
            if name == self.admin_group:
                raise NotPermitted(
                    failed,
                    "Its members are the operators of this dashboard, you among them",
                    "Configure another admin group first",
                )
            if typed != name:
                raise Invalid(
                    failed, "What was typed is not the group's name", "Type the name exactly as it is written"
                )
            record.changed = {"before": _detail(self.get(operator, name).draft)}
            with spoken(f"delete the group {name}", GROUP_MEANINGS):
                self.client.delete_group(UserPoolId=self.pool_id, GroupName=name)

    def _check_role_stays(self, before: Group, draft: GroupDraft) -> None:
        """Raise `NotPermitted` where the operators, whoever asks among them, would be left with another role."""
        if before.name == self.admin_group and before.role_arn and draft.role_arn != before.role_arn:
            raise NotPermitted(
                f"Could not change the role of {before.name}",
                "It is what the operators of this dashboard act by, you among them",
                "Change it in the stack that made it, or configure another admin group first",
            )


def _strength(each: Group) -> tuple[bool, int, str]:
    """Sorts the strongest first; groups without a precedence come last."""
    return each.precedence is None, each.precedence or 0, each.name.casefold()


def _giving(draft: GroupDraft) -> Mapping[str, Meaning]:
    """What a denial means when the group is to get a role: handing one over takes leave of its own (iam:PassRole)."""
    if not draft.role_arn:
        return {}
    denied = Meaning(
        Refused,
        f"AWS does not let the credential of this call change groups, or give them the role {draft.role_arn}",
        "Choose the role of another group of this stack, or have iam:PassRole on that role granted",
    )
    return {"AccessDeniedException": denied}


def _detail(draft: GroupDraft) -> dict[str, object]:
    return {"description": draft.description, "precedence": draft.precedence, "role": draft.role_arn}
