"""The log of acts as a second witness: each entry's number and hash are in it, wherever it is kept."""

import re
from collections.abc import Iterable

from services.record.chain import Head, Link

_LINE = re.compile(r'\{"number": (\d+), "hash": "([0-9a-f]{64})", "entry": ')


def heads_in(lines: Iterable[str]) -> tuple[Head, ...]:
    """What the lines of a log tell of entries; other lines don't count, nor what stands before an entry in its line."""
    found = (_LINE.search(line) for line in lines)
    return tuple(Head(int(each[1]), each[2]) for each in found if each)


def contradictions(links: Iterable[Link], heads: Iterable[Head]) -> tuple[str, ...]:
    """Where the record is another than the log says, in sentences; a record that was computed anew shows by it."""
    kept = {link.number: link.hash for link in links}
    found = []
    for head in sorted(heads, key=lambda each: each.number):
        if head.number not in kept:
            found.append(f"Entry {head.number} is missing, and the log tells of it.")
        elif kept[head.number] != head.hash:
            found.append(f"Entry {head.number} is another than the one that the log tells of.")
    return tuple(dict.fromkeys(found))
