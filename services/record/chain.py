"""The chain: each entry's hash covers the entry and the hash before it.

Whoever alters, removes, inserts or reorders an entry has to compute every later hash anew, and then the newest hash
is another than the one that was noted elsewhere: beside the record, and in the log of every act.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One kept entry with its place in the chain.

    Attributes:
        number: 1 for the first entry, then one more for each.
        content: the entry as it was hashed.
        hash: of this entry and the hash before it.
    """

    number: int
    content: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's number and hash; number 0 for an empty record."""

    number: int = 0
    hash: str = START


def hash_of(previous: str, number: int, content: str) -> str:
    """The hash of an entry that follows another."""
    return hashlib.sha256(f"{previous}\n{number}\n{content}".encode()).hexdigest()


def faults(links: Iterable[Link], noted: Head | None = None) -> tuple[str, ...]:
    """What is wrong with a chain, in sentences; empty when it holds.

    Args:
        links: every entry, as it is kept, in the order in which it is kept.
        noted: the newest number and hash as noted elsewhere; without it a chain that was cut at its end can't show.
    """
    found = []
    number, previous = 0, START
    noted_seen = noted is None or noted.number == 0
    for link in links:
        if link.number <= number:
            found.append(f"Entry {link.number} stands after entry {number}: the order was changed.")
        elif link.number != number + 1:
            gap = (
                f"Entry {number + 1} is"
                if link.number == number + 2
                else f"Entries {number + 1} to {link.number - 1} are"
            )
            found.append(f"{gap} missing.")
        elif link.hash != hash_of(previous, link.number, link.content):
            found.append(f"Entry {link.number} is not what was recorded: it was altered, or its neighbour was.")
        number, previous = link.number, link.hash
        if noted and (link.number, link.hash) == (noted.number, noted.hash):
            noted_seen = True
    if not noted_seen and noted:
        if number < noted.number:
            found.append(f"The record ends at entry {number}, but entry {noted.number} was written.")
        else:
            found.append(f"Entry {noted.number} is another than the one that was noted when it was written.")
    return tuple(found)
