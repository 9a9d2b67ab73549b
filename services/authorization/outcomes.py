"""The six outcomes, and which of them an evaluated GraphQL answer shows.

Five outcomes are evidence about authorization. Everything else that can happen to a call (a broken resolver,
an operation that doesn't validate, a throttled or dead service, a credential that was no good to begin with)
is *no verdict*: it says nothing about who is let in, however much it may look like a refusal.
"""

from collections.abc import Mapping
from enum import StrEnum

from services.authorization.evidence import Evidence


class Outcome(StrEnum):
    """What one call by one identity showed."""

    ALLOWED = "allowed"
    FILTERED = "filtered"
    PARTIAL = "partial"
    REFUSED_BY_MODE = "refused by mode"
    REFUSED_BY_RULE = "refused by rule"
    NO_VERDICT = "no verdict"

    @property
    def sign(self) -> str:
        """The one sign that stands for this outcome everywhere."""
        return SIGNS[self]

    @property
    def is_evidence(self) -> bool:
        """Whether it says anything about authorization."""
        return self is not Outcome.NO_VERDICT


SIGNS: Mapping[Outcome, str] = {
    Outcome.ALLOWED: "✓",
    Outcome.FILTERED: "◐",
    Outcome.PARTIAL: "◑",
    Outcome.REFUSED_BY_MODE: "⊘",
    Outcome.REFUSED_BY_RULE: "✕",
    Outcome.NO_VERDICT: "?",
}


def outcome_of(evidence: Evidence) -> Outcome:
    """The outcome of an answer that AppSync evaluated (HTTP 200), from its data and errors together.

    A refused field beside one that came is *partial* for certain, whatever else failed. Without that pair, a
    field that failed leaves the question open: it might have been refused, or not.
    """
    came = evidence.values or evidence.empty
    if evidence.refused and came:
        return Outcome.PARTIAL
    if evidence.failed:
        return Outcome.NO_VERDICT
    if evidence.refused:
        return Outcome.REFUSED_BY_RULE
    if evidence.values:
        return Outcome.ALLOWED
    return Outcome.FILTERED if evidence.empty else Outcome.NO_VERDICT
