"""A finding: one thing that isn't as it should be, told so that somebody can act on it."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from services.authorization.agreed.agreement import Accepted
from services.authorization.cells import CellId, Reason


class Severity(StrEnum):
    """How much a finding weighs."""

    PROBLEM = "problem"
    WARNING = "warning"
    NOTE = "note"


class Class(StrEnum):
    """What a finding says about the whole run."""

    DISAGREEMENT = "disagreement"
    NO_VERDICT = "no verdict"
    ADVICE = "advice"


class Kind(StrEnum):
    """What is wrong; the value is the rule's id in reports, and stays the same for ever."""

    LET_IN_UNLISTED = "let-in-unlisted"
    ACCEPTANCE_ENDED = "acceptance-ended"
    MORE_THAN_AGREED = "more-than-agreed"
    LESS_THAN_AGREED = "less-than-agreed"
    OTHERWISE_THAN_AGREED = "refused-otherwise-than-agreed"
    MORE_THAN_DECLARED = "more-than-declared"
    LESS_THAN_DECLARED = "less-than-declared"
    OTHERWISE_THAN_DECLARED = "refused-otherwise-than-declared"
    DECLARED_NOT_AGREED = "declared-not-agreed"
    NOT_AS_EXPECTED = "not-as-expected"
    CELL_GONE = "cell-gone"
    NO_VERDICT = "no-verdict"
    NOTHING_RAN = "nothing-ran"
    NOT_CLEANED_UP = "not-cleaned-up"
    COVERAGE = "coverage-below-threshold"
    STATIC = "static"
    ANSWERS_DIFFER = "answers-differ"
    EXISTENCE_LEAK = "existence-leak"
    SLOW_REFUSALS = "slow-refusals"
    UNUSED_SUPPRESSION = "suppression-without-finding"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that isn't as it should be.

    Attributes:
        id: twelve hexadecimal characters; the same in every run that shows the same.
        kind: what is wrong.
        rule: the id of its rule in reports: the kind's, or that of the static rule.
        weight: what it says about the whole run.
        severity: how much it weighs.
        title: a headline, with no value from outside but ids.
        words: what is wrong, in sentences.
        change: what to do about it.
        cells: where it shows; several for what the schema says.
        reasons: the lines of schema, policies and settings that explain it.
        seen_by_running: for what was found without a call: whether a cell's call shows it too. None where it can't.
        suppressed: who put it aside; None where nobody did, or no longer.
    """

    id: str
    kind: Kind
    weight: Class
    severity: Severity
    title: str
    words: str
    change: str
    cells: tuple[CellId, ...] = ()
    reasons: tuple[Reason, ...] = ()
    rule: str = ""
    seen_by_running: bool | None = None
    suppressed: Accepted | None = None

    def __post_init__(self) -> None:
        if not self.rule:
            object.__setattr__(self, "rule", self.kind.value)

    @property
    def disagrees(self) -> bool:
        """Whether it makes a run end as a disagreement."""
        return self.weight is Class.DISAGREEMENT and self.suppressed is None


def finding_id(kind: str, *what: str) -> str:
    """The id of a finding: of its kind and what it is about, and of nothing that changes from run to run.

    What was seen belongs to it. So a finding that was put aside covers what somebody looked at, and one that shows
    more than that is another finding.
    """
    return hashlib.sha256(json.dumps([kind, *what]).encode()).hexdigest()[:12]
