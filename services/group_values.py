"""What a group is, what one may be, and which groups tie: values only, no calls."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.errors import Invalid

if TYPE_CHECKING:
    from types_boto3_cognito_idp.type_defs import GroupTypeTypeDef

LONGEST_NAME = 128
LONGEST_DESCRIPTION = 2048
HIGHEST_PRECEDENCE = 2**31 - 1
_ROLE_ARN = re.compile(r"arn:[\w+=/,.@-]+:iam::\d{12}:role/[\w+=/,.@-]+")


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """What a person can say about a group besides its name."""

    description: str = ""
    precedence: int | None = None
    role_arn: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the user pool, as Cognito holds it.

    Attributes:
        name: the name, which never changes.
        description: what it is for; empty when nothing is written.
        precedence: 0 is the strongest; None is weaker than any number.
        role_arn: the IAM role that its members may take; empty when there is none.
        created: when it was made.
        modified: when it was last changed.
    """

    name: str
    description: str
    precedence: int | None
    role_arn: str
    created: datetime
    modified: datetime

    @property
    def draft(self) -> GroupDraft:
        """What of it can be changed, as it is now."""
        return GroupDraft(self.description, self.precedence, self.role_arn)


@dataclass(frozen=True, slots=True)
class Tie:
    """Groups of one precedence.

    Attributes:
        precedence: what they share.
        names: the groups, by name.
        roles_differ: whether they name different roles, so that a member of several gets no preferred role.
    """

    precedence: int
    names: tuple[str, ...]
    roles_differ: bool


def group(entry: "GroupTypeTypeDef") -> Group:
    """The group in one entry of a ListGroups, CreateGroup or UpdateGroup answer."""
    return Group(
        name=entry["GroupName"],
        description=entry.get("Description", ""),
        precedence=entry.get("Precedence"),
        role_arn=entry.get("RoleArn", ""),
        created=entry["CreationDate"],
        modified=entry["LastModifiedDate"],
    )


def check_name(name: str) -> None:
    """Raise `Invalid` unless Cognito takes the text as a group's name."""
    if not name:
        raise Invalid("Could not create the group", "It has no name", "Type a name")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            "Could not create the group",
            f"The name has {len(name)} characters and may have {LONGEST_NAME}",
            "Shorten it",
        )
    # Cognito's pattern: letters, marks, symbols, numbers and punctuation, and so no space of any kind.
    if any(unicodedata.category(character)[0] not in "LMSNP" for character in name):
        raise Invalid(
            "Could not create the group",
            "The name has a space or an invisible character, which Cognito does not take",
            "Use a hyphen or an underscore in its place",
        )


def check_draft(failed: str, draft: GroupDraft) -> None:
    """Raise `Invalid`, headed by what failed, unless Cognito takes the draft's values."""
    if len(draft.description) > LONGEST_DESCRIPTION:
        raise Invalid(failed, f"The description is longer than {LONGEST_DESCRIPTION} characters", "Shorten it")
    if draft.precedence is not None and not 0 <= draft.precedence <= HIGHEST_PRECEDENCE:
        raise Invalid(
            failed, "The precedence is not a whole number from 0 up", "0 is the strongest; leave it empty for none"
        )
    if draft.role_arn and not _ROLE_ARN.fullmatch(draft.role_arn):
        raise Invalid(
            failed,
            "The role is not an IAM role's ARN",
            "Write it as arn:aws:iam::123456789012:role/name, or leave it empty",
        )


def ties(groups: Iterable[Group]) -> tuple[Tie, ...]:
    """The precedences that several groups share, strongest first; groups without one are not compared."""
    sharing: dict[int, list[Group]] = defaultdict(list)
    for each in groups:
        if each.precedence is not None:
            sharing[each.precedence].append(each)
    return tuple(
        Tie(precedence, tuple(sorted(g.name for g in tied)), len({g.role_arn for g in tied if g.role_arn}) > 1)
        for precedence, tied in sorted(sharing.items())
        if len(tied) > 1
    )


def kept(draft: GroupDraft, now: Group) -> tuple[str, ...]:
    """The values that were to be taken away and that Cognito still holds, in words.

    UpdateGroup has no way to say "none" for a precedence or a role: what is left out may stay.
    """
    left = []
    if draft.precedence is None and now.precedence is not None:
        left.append(f"the precedence {now.precedence}")
    if not draft.role_arn and now.role_arn:
        left.append(f"the role {now.role_arn}")
    return tuple(left)
