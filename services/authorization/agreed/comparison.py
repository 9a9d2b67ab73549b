"""How what a cell shows differs from what it should show."""

from dataclasses import dataclass
from enum import StrEnum

from services.authorization.agreed.agreement import lets_in
from services.authorization.cells import Verdict
from services.authorization.declared.taken import Taken
from services.authorization.outcomes import Outcome


class Difference(StrEnum):
    """Which way the seen verdict leans from the wanted one."""

    MORE = "more access"
    LESS = "less access"
    OTHERWISE = "refused in another way"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two verdicts that differ.

    Attributes:
        difference: MORE wherever anything came that should not have, whatever else was kept back.
        gained: fields that came although they should have been refused.
        lost: fields that were refused although they should have come.
    """

    difference: Difference
    gained: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()


_ALONE = Taken()
"""Every refused field is null by itself, as far as is known."""


def compare(
    wanted: Verdict,
    seen: Verdict,
    *,
    reached: frozenset[str] | None = None,
    filtered_is_allowed: bool = False,
    taken: Taken = _ALONE,
) -> Compared | None:
    """How the seen verdict differs from the wanted one; None where it doesn't.

    Args:
        wanted: what was declared or agreed; evidence.
        seen: what was declared or observed; evidence.
        reached: the fields that the answer says something about, refused ones included; None for all. What stands
            below a null or an empty list was never asked for: that it wasn't refused shows nothing.
        filtered_is_allowed: whether an empty answer is as good as a full one: no schema tells them apart.
        taken: what the refusal of a field takes with it. Whether a field is refused itself, or comes as null with
            another one that is, makes no difference to what the caller gets.
    """
    if not lets_in(wanted) or not lets_in(seen):
        return _with_a_refusal(wanted, seen)
    missing = _uncovered(wanted.refused - seen.refused, seen.refused, taken)
    lost = _uncovered(seen.refused - wanted.refused, wanted.refused, taken)
    gained = missing if reached is None else missing & reached
    if wanted.outcome is not seen.outcome and Outcome.FILTERED in (wanted.outcome, seen.outcome):
        if gained and reached is not None:
            return Compared(Difference.MORE, gained, lost)
        return _with_nothing(seen, lost, filtered_is_allowed=filtered_is_allowed)
    if gained:
        return Compared(Difference.MORE, gained, lost)
    if lost or (missing and not filtered_is_allowed):
        return Compared(Difference.LESS, gained, lost)
    return None


def _uncovered(fields: frozenset[str], refused: frozenset[str], taken: Taken) -> frozenset[str]:
    return frozenset(each for each in fields if not taken.covers(refused, each))


def _with_nothing(seen: Verdict, lost: frozenset[str], *, filtered_is_allowed: bool) -> Compared | None:
    """One of the two is an empty answer. What is refused inside of a list can't be seen while the list is empty."""
    if filtered_is_allowed:
        return Compared(Difference.LESS, lost=lost) if lost else None
    return Compared(Difference.LESS if seen.outcome is Outcome.FILTERED else Difference.MORE, lost=lost)


def _with_a_refusal(wanted: Verdict, seen: Verdict) -> Compared | None:
    if lets_in(seen):
        return Compared(Difference.MORE, gained=wanted.refused - seen.refused)
    if lets_in(wanted):
        return Compared(Difference.LESS, lost=seen.refused - wanted.refused)
    return None if wanted.outcome is seen.outcome else Compared(Difference.OTHERWISE)


def in_words(verdict: Verdict) -> str:
    """A verdict as it is read: `partial (refused: listUsers.items[].email)`."""
    if not verdict.refused:
        return verdict.outcome.value
    return f"{verdict.outcome} (refused: {', '.join(sorted(verdict.refused))})"
