"""The record as it is read: an act with both of its entries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from services.record.chain import Link
from services.record.entries import Entry, Phase, entry_of

UNKNOWN = "outcome unknown"
UNDER_WAY = "under way"
"""Not ended, and this process is at it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        number: of its first entry, which is its address.
        begun: what was recorded before it was tried.
        ended: what was recorded after it; None when nothing was.
        hash: of its newest entry.
        under_way: whether this process is at it.
    """

    number: int
    begun: Entry
    ended: Entry | None
    hash: str
    under_way: bool = False

    @property
    def outcome(self) -> str:
        """`done`, `failed: …`, *under way*, or *outcome unknown* where the process ended in the middle of it."""
        if self.ended:
            return self.ended.outcome
        return UNDER_WAY if self.under_way else UNKNOWN

    @property
    def request_ids(self) -> tuple[str, ...]:
        """AWS's ids of the requests that it made."""
        return self.ended.request_ids if self.ended else ()


def acts_of(links: Iterable[Link], under_way: Collection[str] = ()) -> tuple[Act, ...]:
    """The acts that the entries tell of, newest first; an entry that can't be read is left out (the check names it).

    Args:
        links: the entries.
        under_way: the ids of the acts that this process is at.
    """
    found: dict[str, Act] = {}
    for link in links:
        try:
            entry = entry_of(link.content)
        except ValueError:
            continue
        if entry.phase is Phase.BEGUN:
            found[entry.act_id] = Act(link.number, entry, None, link.hash, entry.act_id in under_way)
        elif first := found.get(entry.act_id):
            found[entry.act_id] = Act(first.number, first.begun, entry, link.hash)
    return tuple(sorted(found.values(), key=lambda act: -act.number))
