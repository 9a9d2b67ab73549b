"""What a run of the lab shows: while it is under way, and at its end."""

import statistics
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.authorization.cells import CellId, Observation, Progress
from services.authorization.judged import Judged
from services.authorization.outcomes import Outcome

LET_IN = frozenset({Outcome.ALLOWED, Outcome.FILTERED, Outcome.PARTIAL})
REFUSED = frozenset({Outcome.REFUSED_BY_MODE, Outcome.REFUSED_BY_RULE})


@dataclass(frozen=True, slots=True)
class CanaryResult:
    """What the control calls of one identity showed.

    Attributes:
        granted: the call that had to be granted; None where there is none: the identity is to be turned away
            everywhere, or nothing is declared for it.
        refused: the call that had to be refused; None where nothing is declared to be.
        control: of a spoilt credential, the good identity that it was made from and that had to be granted.
        why: what was found, in a sentence.
        failure: why nothing that the identity shows is evidence; empty where it is.
        proofs: what failed control calls prove all the same, each by itself: being let in needs no other proof, and
            who is refused by a rule has a credential that lives.
    """

    granted: CellId | None
    refused: CellId | None
    control: str
    why: str
    failure: str = ""
    proofs: Mapping[CellId, Observation] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether what the identity shows is evidence."""
        return not self.failure


class Cleaning(StrEnum):
    """How it ended to take back what a call did."""

    DONE = "done"
    FAILED = "failed"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class Cleanup:
    """The taking back of one call that may have changed data.

    Attributes:
        cell: which call.
        state: how it ended.
        what: what was to be taken back, and how.
        why: the reason, in a sentence.
    """

    cell: CellId
    state: Cleaning
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Latency:
    """How long an identity's calls took, in milliseconds.

    Attributes:
        p50: half of them took at most this.
        p95: 95 of 100 took at most this.
        calls: how many were answered.
        slow_refusals: half of its refusals took longer than 95 of 100 granted calls did: whoever measures them
            learns from the time what the answer keeps back.
    """

    p50: float
    p95: float
    calls: int
    slow_refusals: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run as it stands at one moment.

    Attributes:
        states: how far each cell has come.
        cells: what the cells that have come to an end show.
        canaries: by identity, as far as they are decided.
        cleanups: what has been taken back so far.
        running: whether work is still going on.
        cancelled: whether it was cancelled.
        activity: what is going on, in a few words; empty once nothing is.
    """

    states: Mapping[CellId, Progress]
    cells: Mapping[CellId, Observation]
    canaries: Mapping[str, CanaryResult]
    cleanups: tuple[Cleanup, ...]
    running: bool
    cancelled: bool
    activity: str

    @property
    def counts(self) -> Mapping[Progress, int]:
        """How many cells have come how far."""
        found = dict.fromkeys(Progress, 0)
        for state in self.states.values():
            found[state] += 1
        return found

    @property
    def share(self) -> float:
        """How much has come to an end, from 0 to 1; 1 where there was nothing to do."""
        ended = self.counts[Progress.DONE] + self.counts[Progress.NOT_RUN]
        return ended / len(self.states) if self.states else 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """A finished run.

    Attributes:
        suite: the suite's name.
        api: the API's name.
        environment: the environment's name.
        started_at: UTC.
        ended_at: UTC.
        wall_ms: from the start to the end of the run or of the newest re-run, credentials included.
        cells: what each cell shows; one that was not run is *no verdict* and says why.
        canaries: by identity.
        cleanups: what was taken back, or should have been.
        history: what cells showed before they were run again, oldest first.
        reference: the identity that *filtered* compares with; empty where nobody was let in.
        cancelled: whether it was cancelled before its end.
        evidence: each call with its answer, judged field by field when it is looked at. In memory only.
    """

    suite: str
    api: str
    environment: str
    started_at: datetime
    ended_at: datetime
    wall_ms: float
    cells: Mapping[CellId, Observation]
    canaries: Mapping[str, CanaryResult]
    cleanups: tuple[Cleanup, ...]
    history: Mapping[CellId, tuple[Observation, ...]]
    reference: str
    cancelled: bool
    evidence: Mapping[CellId, Judged] = field(repr=False)

    @property
    def proofs(self) -> Mapping[CellId, Observation]:
        """What failed control calls prove by themselves; their cells are *no verdict*, as the whole column is."""
        return {cell: seen for canary in self.canaries.values() for cell, seen in canary.proofs.items()}

    @property
    def ran(self) -> int:
        """How many cells were sent. A run in which it is 0 has shown nothing."""
        return sum(each.progress is Progress.DONE for each in self.cells.values())

    def latency(self, identity: str) -> Latency | None:
        """The times of an identity's calls; None where none was answered."""
        own = [seen for cell, seen in self.cells.items() if cell.identity == identity and seen.milliseconds is not None]
        if not own:
            return None
        times = [seen.milliseconds for seen in own if seen.milliseconds is not None]
        granted = _times(own, LET_IN) or _times(self.cells.values(), LET_IN)
        refused = _times(own, REFUSED)
        slow = bool(granted and refused) and statistics.median(refused) > _percentile(granted, 95)
        return Latency(statistics.median(times), _percentile(times, 95), len(times), slow)


def _times(cells: Collection[Observation], outcomes: frozenset[Outcome]) -> list[float]:
    return [seen.milliseconds for seen in cells if seen.milliseconds is not None and seen.verdict.outcome in outcomes]


def _percentile(times: list[float], percent: int) -> float:
    """The time that so many of 100 calls were done within (nearest rank)."""
    ordered = sorted(times)
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]
