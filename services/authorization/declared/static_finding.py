"""One thing that is wrong with an API's authorization, found without a call."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a static finding matters."""

    PROBLEM = "problem"
    """Somebody gets what they should not, or is refused what another directive lets them have."""
    WARNING = "warning"
    """It may be meant, and often isn't."""
    NOTE = "note"
    """Good to know."""


@dataclass(frozen=True, slots=True)
class StaticFinding:
    """One finding.

    Attributes:
        id: stable as long as the thing found is the same: the rule and what it is about.
        rule: `GH-S01` to `GH-S16`; the same for all findings of a kind.
        title: the kind, in a few words.
        words: what is wrong here and what comes of it, in plain sentences.
        line: the schema line, policy statement or setting, word by word.
        place: where that stands.
        change: what to do.
        severity: how much it matters.
        fields: the fields that it is about, as `Type.field`.
    """

    id: str
    rule: str
    title: str
    words: str
    line: str
    place: str
    change: str
    severity: Severity
    fields: tuple[str, ...] = ()


def named(rule: str, about: str, more: str = "") -> str:
    """A finding's id: `GH-S01 Query.listUsers→User [AWS_IAM]`."""
    return f"{rule} {about}" + (f" [{more}]" if more else "")
