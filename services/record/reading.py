"""The record, read by somebody who may."""

from dataclasses import dataclass

from services import permissions
from services.audit import acts_under_way
from services.permissions import Operator, Permission
from services.record.acts import Act, acts_of
from services.record.journal import Journal

NEWEST = 4000
_GROUP = "group."


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
    under_way = acts_under_way()  # before the entries: one that ends meanwhile has its end among them
    links = journal.newest(newest)
    return Read(acts_of(links, under_way), links[-1].number if links else 0, not links or links[0].number <= 1)


def acts_on(journal: Journal, operator: Operator, name: str, *, group: bool = False) -> tuple[Act, ...]:
    """What was done to one person, or by them, or to one group, in the operator's environment; newest first.

    Raises as `read` does.
    """
    here = operator.place.name
    return tuple(
        act
        for act in read(journal, operator).acts
        if act.begun.environment == here and (_on_group(act, name) if group else _on_person(act, name))
    )


def _on_group(act: Act, name: str) -> bool:
    return act.begun.act.startswith(_GROUP) and act.begun.target == name


def _on_person(act: Act, name: str) -> bool:
    begun = act.begun
    return name in (begun.who, begun.detail.get("user")) or (name == begun.target and not begun.act.startswith(_GROUP))


def check(journal: Journal, operator: Operator) -> tuple[str, ...]:
    """What is wrong with the chain, in sentences; empty when it holds. Raises as `read` does."""
    permissions.check(operator, Permission.READ_RECORD)
    return journal.faults()
