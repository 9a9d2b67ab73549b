"""A run of the lab as a job: started, watched, cancelled, run again in parts, and read at its end."""

import threading
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import nullcontext
from datetime import UTC, datetime

from services import permissions
from services.audit import because, recorded
from services.authorization.background import Background
from services.authorization.cells import CellId
from services.authorization.lab.batch import Batch
from services.authorization.lab.chaining import with_earlier
from services.authorization.lab.cleaning import Cleaner
from services.authorization.lab.doors import Doors
from services.authorization.lab.evidence import Evidence
from services.authorization.lab.pace import Pace
from services.authorization.lab.parts import Parts
from services.authorization.lab.plan import Plan
from services.authorization.lab.result import Result, Snapshot
from services.authorization.token_facts import KeysFor
from services.errors import GatehouseError, Invalid
from services.permissions import Operator, Permission


def _now() -> datetime:
    return datetime.now(UTC)


class LabRun:
    """A run that works on threads of its own, begun by `LabRun.start`; every method may be called from any thread."""

    def __init__(self, parts: Parts, operator: Operator, reason: str) -> None:
        self._parts, self._operator, self._reason = parts, operator, reason
        self._board, self._grid = parts.board, parts.plan.cells
        self._lock = threading.Lock()
        self._batch: Batch | None = None
        self._work: Background[None] | None = None
        self._activity = ""
        self._started_at = self._ended_at = parts.now()
        self._wall_ms = 0.0

    @classmethod
    def start(
        cls,
        plan: Plan,
        doors: Doors,
        keys_for: KeysFor,
        *,
        operator: Operator,
        typed_name: str = "",
        reason: str = "",
        now: Callable[[], datetime] = _now,
    ) -> "LabRun":
        """Begin a run and return at once.

        Args:
            plan: what to run.
            doors: where calls go in.
            keys_for: the user pool's published keys, for telling a forged token from one that this API doesn't take.
            operator: who asked for the run.
            typed_name: the environment's name as the operator typed it, without which production's data stays as it
                is: no operation at safety level *full* is sent there.
            reason: why, which production asks for where data may be changed; empty for the reason that the caller's
                thread gives its acts.
            now: the clock.

        Raises:
            NotPermitted: the operator may not run calls, or not these ones here.
        """
        permissions.check(operator, Permission.RUN_CALLS)
        if plan.changes:
            permissions.check(operator, Permission.SEND_MUTATIONS)
        plan.check(typed_name)
        run = cls(Parts.of(plan, doors, keys_for, now), operator, reason)
        run._begin("lab.run", run._with_controls(run._grid, run._parts.choices))
        return run

    def snapshot(self) -> Snapshot:
        """The run as it stands."""
        running = self._work is not None and not self._work.done
        shown = self._parts.settled(ended=False) if running else self._board.settled
        return Snapshot(
            states=self._board.states,
            cells=shown.cells,
            canaries=shown.canaries,
            cleanups=self._board.cleanups,
            running=running,
            cancelled=self._batch is not None and self._batch.cancelled,
            activity=self._activity if running else "",
        )

    def cancel(self) -> None:
        """Send nothing more. What waits is *not run* at once; what is under way ends; changes are taken back."""
        if self._batch:
            self._batch.cancel()

    def rerun(self, cells: Iterable[CellId]) -> None:
        """Send some cells once more, with those whose results they use, and return at once.

        What comes replaces what the cells showed, which stays in their history. Where the control calls of a column
        failed, they are sent again as well, with a fresh credential; the column's other cells stay *no verdict* until
        they are run again themselves.

        Raises:
            Invalid: the run is still under way, or a cell isn't part of it.
            NotPermitted: the operator may not do it any more.
        """
        wanted = tuple(cells)
        if strange := [cell for cell in wanted if cell not in self._grid]:
            raise Invalid("The cells can't be run again", f"{strange[0]} is not part of this run", "Choose others")
        again = self._failed({cell.identity for cell in wanted})
        for identity in again:
            self._parts.columns[identity].forget()
        self._begin("lab.rerun", self._with_controls(with_earlier(wanted, self._parts.operations), again))

    def wait(self, seconds: float | None = None) -> Result:
        """What the run shows in the end; raises `TimeoutError` when it takes longer than that."""
        if self._work:
            self._work.wait(seconds)
        shown = self._board.settled
        return Result(
            suite=self._parts.plan.suite,
            api=self._parts.plan.api.name,
            environment=self._parts.plan.environment.name,
            started_at=self._started_at,
            ended_at=self._ended_at,
            wall_ms=self._wall_ms,
            cells=shown.cells,
            canaries=shown.canaries,
            cleanups=self._board.cleanups,
            history=self._board.history,
            reference=shown.reference,
            cancelled=self._batch is not None and self._batch.cancelled,
            evidence=Evidence(self._parts.doors, self._board.seen, shown.cells, self._parts.columns, shown.reference),
        )

    def _failed(self, identities: Iterable[str]) -> set[str]:
        """Those of some identities, and of their controls, whose control calls failed."""
        canaries = self._board.settled.canaries
        asked = {each for identity in identities for each in (identity, self._parts.choices[identity].caller.control)}
        return {each for each in asked if each in canaries and canaries[each].failure}

    def _with_controls(self, cells: Iterable[CellId], identities: Iterable[str]) -> tuple[CellId, ...]:
        """The cells, and the control calls of some identities, as far as the run knows them."""
        controls = [cell for identity in identities for cell in self._parts.choices[identity].cells]
        return tuple(dict.fromkeys((*(cell for cell in controls if cell.operation in self._parts.operations), *cells)))

    def _begin(self, act: str, cells: Collection[CellId]) -> None:
        with self._lock:
            if self._work and not self._work.done:
                raise Invalid("The cells can't be run again", "The run is still under way", "Wait, or cancel it first")
            before, batch = self._batch, Batch(self._parts, cells)
            self._batch = batch
            try:
                with because(self._reason) if self._reason else nullcontext():
                    self._work = Background(lambda allowed: self._run(act, batch, allowed), act)
            except GatehouseError:
                batch.cancel()  # its cells show again what they showed before
                self._batch = before
                raise

    def _run(self, act: str, batch: Batch, allowed: Callable[[], None]) -> None:
        changing = sorted({cell.operation for cell in batch.cells} & set(self._parts.plan.changes))
        detail = {
            "api": self._parts.plan.api.name,
            "cells": len(batch.cells),
            "identities": sorted({cell.identity for cell in batch.cells}),
            "changing": changing,
        }
        began = time.perf_counter()
        with recorded(self._operator, act, self._parts.plan.suite, detail, reads=not changing) as record:
            allowed()
            self._started_at = self._parts.now()
            try:
                self._activity = "Calling"
                batch.send()
            finally:
                self._activity = "Taking back what was changed"
                record.changed = {"cleanups": self._clean(batch)}
                self._board.settle(self._parts.settled(ended=True))
                self._ended_at, self._wall_ms = self._parts.now(), (time.perf_counter() - began) * 1000

    def _clean(self, batch: Batch) -> list[str]:
        """Take back what the batch changed; how that ended, in words for the record."""
        made = batch.made
        changed = [(cell, made[cell]) for cell in reversed(self._grid) if cell in made and made[cell].may_have_changed]
        if not changed:
            return []
        reference, limits = self._parts.settled(ended=True).reference, self._parts.plan.limits
        # The run's own pace stops when the run is cancelled; what was changed is taken back all the same.
        pace = Pace(limits.per_second, threading.Event())
        cleaner = Cleaner(self._parts.doors, pace, limits.timeout, self._parts.now)
        told = []
        for cell, seen in changed:
            tried = [self._parts.columns[each] for each in dict.fromkeys((cell.identity, reference)) if each]
            cleanup = cleaner.clean(cell, seen, made, tried)
            self._board.note(cleanup)
            told.append(f"{cell}: {cleanup.state}")
        return told
