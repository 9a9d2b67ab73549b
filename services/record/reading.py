"""The record, read by somebody who may."""

from dataclasses import dataclass

from services import permissions
from services.permissions import Operator, Permission
from services.record.acts import Act, acts_of
from services.record.journal import Journal

NEWEST = 4000


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of the record.

    Attributes:
        acts: newest first.
        entries: the number of the newest entry, which is how many there are.
        complete: whether these are all acts that the record tells of.
    """

    acts: tuple[Act, ...]
    entries: int
    complete: bool


def read(journal: Journal, operator: Operator, newest: int = NEWEST) -> Read:
    """The acts that the newest entries tell of; an act whose first entry is older is left out.

    Raises:
        NotPermitted: the operator may not read the record.
        RecordError: the record can't be read.
    """
    permissions.check(operator, Permission.READ_RECORD)
    links = journal.newest(newest)
    return Read(acts_of(links), links[-1].number if links else 0, not links or links[0].number <= 1)


def acts_on(journal: Journal, operator: Operator, target: str) -> tuple[Act, ...]:
    """What was done to one person or thing, or by them; newest first. Raises as `read` does."""
    return tuple(act for act in read(journal, operator).acts if concerns(act, target))


def concerns(act: Act, name: str) -> bool:
    """Whether an act was done on somebody or something of this name, or by them."""
    begun = act.begun
    return name in (begun.target, begun.who, begun.detail.get("user"))


def check(journal: Journal, operator: Operator) -> tuple[str, ...]:
    """What is wrong with the chain, in sentences; empty when it holds. Raises as `read` does."""
    permissions.check(operator, Permission.READ_RECORD)
    return journal.faults()
