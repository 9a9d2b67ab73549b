"""Every act as data: what it is called, how it is asked for, what it brings about, and the AWS call that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.errors import Invalid

MANY = 10
"""From so many people on, an act asks for their number to be typed."""


class Step(StrEnum):
    """How much stands between the wish and the act; each step includes those before it."""

    NOTHING_CHANGES = "changes nothing in the environment"
    AT_ONCE = "is done at once and can be taken back"
    REASON = "lists its effects and asks for a reason"
    TYPED = "asks for the name to be typed as well"


@dataclass(frozen=True, slots=True)
class ActKind:
    """One kind of act.

    Attributes:
        done: what was done, in words, as the record shows it.
        step: how it is asked for; a production environment asks for a reason at every step that changes something.
        effects: what it brings about, a sentence each.
        operation: the operation of Cognito user pools that makes it; empty where none does.
        arguments: its parameters, each with the name of a value that the act is recorded with, or with a text of its
            own after `=`.
        sent_empty: those of them that are sent when their value is empty, too.
    """

    done: str
    step: Step = Step.NOTHING_CHANGES
    effects: tuple[str, ...] = ()
    operation: str = ""
    arguments: tuple[tuple[str, str], ...] = ()
    sent_empty: tuple[str, ...] = ()


_GROUP = (("UserPoolId", "pool"), ("GroupName", "target"))
_DRAFT = (("Description", "description"), ("Precedence", "precedence"), ("RoleArn", "role"))
_MEMBER = (*_GROUP, ("Username", "user"))
_PERSON = (("UserPoolId", "pool"), ("Username", "target"))

ACTS: Mapping[str, ActKind] = {
    "group.create": ActKind("Created a group", Step.AT_ONCE, (), "CreateGroup", (*_GROUP, *_DRAFT)),
    "group.update": ActKind(
        "Changed a group",
        Step.AT_ONCE,
        ("Tokens show it from the next sign-in on",),
        "UpdateGroup",
        (*_GROUP, *_DRAFT),
        ("Description",),
    ),
    "group.delete": ActKind(
        "Deleted a group",
        Step.TYPED,
        (
            "The group is gone for good",
            "Its members stay in the pool and lose the group and its role",
            "They keep it in tokens that they hold already, until those end",
        ),
        "DeleteGroup",
        _GROUP,
    ),
    "group.add": ActKind(
        "Added to a group",
        Step.AT_ONCE,
        ("They get it in their tokens at their next sign-in",),
        "AdminAddUserToGroup",
        _MEMBER,
    ),
    "group.remove": ActKind(
        "Removed from a group",
        Step.AT_ONCE,
        ("They keep it in tokens that they hold already, until those end",),
        "AdminRemoveUserFromGroup",
        _MEMBER,
    ),
    "password.set": ActKind(
        "Set a password",
        Step.REASON,
        ("The present password stops working at once", "Nobody can bring it back, or read the new one again"),
        "AdminSetUserPassword",
        (*_PERSON, ("Password", "=<password>"), ("Permanent", "permanent")),
    ),
    "password.send_code": ActKind(
        "Sent a reset code",
        Step.REASON,
        ("The present password stops working at once", "Every sign-in is refused until the code is used"),
        "AdminResetUserPassword",
        _PERSON,
    ),
    "stand-in.make": ActKind(
        "Made a stand-in", Step.AT_ONCE, (), "AdminCreateUser", (*_PERSON, ("MessageAction", "=SUPPRESS"))
    ),
    "stand-in.remove": ActKind("Removed a stand-in", Step.AT_ONCE, (), "AdminDeleteUser", _PERSON),
    "stand-in.remove-leftover": ActKind(
        "Removed a stand-in of a killed run", Step.AT_ONCE, (), "AdminDeleteUser", _PERSON
    ),
    "baseline.accept": ActKind("Accepted what a run showed", Step.REASON),
    "finding.put_aside": ActKind("Put a finding aside", Step.REASON),
    "calls.run": ActKind("Ran calls side by side"),
    "column.add": ActKind("Signed a person in for a column"),
    "lab.run": ActKind("Ran a suite of the lab"),
    "lab.rerun": ActKind("Ran cells of the lab again"),
    "record.export": ActKind("Exported the record"),
    "session.open": ActKind("Signed in"),
    "session.close": ActKind("Signed out"),
    "session.close_all": ActKind("Signed out everywhere"),
}


def check_count(failed: str, number: int, typed: str) -> None:
    """Raise `Invalid`, headed by what failed, where an act on many people lacks their number as it was typed."""
    if number >= MANY and typed.strip() != str(number):
        raise Invalid(failed, f"It is about {number} people, and their number was not typed", f"Type {number}")
