"""An examination under way: identities gathered, calls made, stand-ins removed, and the run held against the layers.

It works on a thread of its own and lives as long as somebody holds it; a page watches it by `state`.
"""

import threading
from collections import ChainMap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from services.authorization import part
from services.authorization.background import Background
from services.authorization.callers.caller import Caller
from services.authorization.callers.cast import callers
from services.authorization.callers.ids import ME, PERSON
from services.authorization.callers.signed_in import SignedIn
from services.authorization.cells import CellId
from services.authorization.command_secrets import Watched, configured_secrets
from services.authorization.examination import Concluded, Prepared, conclude
from services.authorization.lab.job import LabRun
from services.authorization.lab.plan import Plan
from services.authorization.lab.result import Result, Snapshot
from services.authorization.reports.history import History
from services.authorization.suite.model import IdentityChoice, IdentityKind
from services.permissions import Operator


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a suite is to be run.

    Attributes:
        choices: the identities; empty for those of the suite.
        person: somebody to test as, beside the suite's identities; the choices name them as well.
        cells: only these cells, and what they need; None for all.
        me: the operator's own sign-in, for columns of it.
        people: others who signed in there and then.
        typed_name: the environment's name as the operator typed it, which production asks for.
        reason: why, which production asks for.
    """

    choices: tuple[IdentityChoice, ...] = ()
    person: str = ""
    cells: frozenset[CellId] | None = None
    me: SignedIn | None = None
    people: tuple[SignedIn, ...] = ()
    typed_name: str = field(default="", repr=False)
    reason: str = ""

    def beside(self, identity: str) -> bool:
        """Whether an identity takes part beside those of the suite: a person to test as, or the operator."""
        person = f"{PERSON}{self.person}/" if self.person else ""
        return identity.startswith(f"{ME}/") or bool(person and identity.startswith(person))

    def only(self, cells: Iterable[CellId]) -> Self:
        """The same for some cells alone."""
        return replace(self, cells=frozenset(cells))


@dataclass(frozen=True, slots=True)
class State:
    """An examination as it stands.

    Attributes:
        words: what is going on.
        snapshot: of the calls; None before the first.
        callers: the columns, as soon as they are gathered.
    """

    words: str
    snapshot: Snapshot | None = None
    callers: tuple[Caller, ...] = ()


class Examining:
    """One examination; made by `start`. Every method may be called from any thread."""

    def __init__(self, prepared: Prepared, wanted: Wanted, operator: Operator, earlier: Concluded | None) -> None:
        self._prepared, self._wanted, self._operator, self._earlier = prepared, wanted, operator, earlier
        self._lock = threading.Lock()
        self._cancelled = False
        self._run: LabRun | None = None
        self._callers: tuple[Caller, ...] = ()
        self._words = "Gathering the identities"
        self._work: Background[Concluded] | None = None

    @classmethod
    def start(cls, prepared: Prepared, wanted: Wanted, *, operator: Operator, earlier: Concluded | None = None) -> Self:
        """Begin, and return at once.

        Args:
            prepared: what is known before any call.
            wanted: what is to be run.
            operator: who asked for it.
            earlier: the run whose cells are replaced by what is run now.
        """
        made = cls(prepared, wanted, operator, earlier)
        made._work = Background(made._examine, "examination")
        return made

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._work is not None and self._work.done

    @property
    def state(self) -> State:
        """How far it has come."""
        run = self._run
        return State(self._words, run.snapshot() if run else None, self._callers)

    def cancel(self) -> None:
        """Send nothing more; stand-ins are removed, and what was seen so far is kept."""
        with self._lock:
            self._cancelled = True
            if self._run:
                self._run.cancel()

    def wait(self, seconds: float | None = None) -> Concluded:
        """What it came to; raises what broke it off, or `TimeoutError` when it takes longer than that."""
        if self._work is None:
            raise TimeoutError
        return self._work.wait(seconds)

    def _examine(self, allowed: Callable[[], None]) -> Concluded:
        allowed()
        prepared, wanted, operator = self._prepared, self._wanted, self._operator
        app, cells = prepared.application, wanted.cells
        with callers(
            app,
            prepared.api,
            _needed(wanted.choices or prepared.suite.identities, cells),
            operator=operator,
            me=wanted.me,
            people=wanted.people,
            typed_name=wanted.typed_name,
            reason=wanted.reason,
        ) as cast:
            taking_part = part.taking_part(cast.callers, cells)
            declarations = prepared.declarations(taking_part)
            watched = Watched()
            rows = part.rows(prepared.suite, taking_part, cells)
            plan = Plan.of(prepared.suite, app.environment, rows, watched.all(taking_part), declarations)
            self._callers, self._words = taking_part, "Calling"
            with self._lock:
                self._run = LabRun.start(
                    plan,
                    prepared.doors,
                    app.identify.keys.for_key,
                    operator=operator,
                    typed_name=wanted.typed_name,
                    reason=wanted.reason,
                )
                if self._cancelled:
                    self._run.cancel()
            result = self._run.wait()
            self._words = "Removing the stand-ins"
        self._words = "Comparing with what was declared and agreed"
        removals = (*cast.swept, *cast.removals)
        secrets = (*watched.secrets, *configured_secrets(app.environment, prepared.suite))
        if earlier := self._earlier:
            # Everything is held against the layers anew: a cell may confirm or refute what another one shows.
            taking_part, result = earlier.callers, _merged(earlier.result, result)
            declarations, secrets = prepared.declarations(taking_part), (*earlier.secrets, *secrets)
        concluded = conclude(
            prepared,
            taking_part,
            declarations,
            result,
            operator=operator,
            removals=removals,
            cells=None if self._earlier else cells,
            beside=[each.id for each in taking_part if wanted.beside(each.id)],
            secrets=secrets,
        )
        History(Path(app.environment.data_folder) / "runs").keep(concluded.record)
        return concluded


def _merged(earlier: Result, fresh: Result) -> Result:
    """An earlier result with some of its cells seen anew; what they showed before stays in their history."""
    history = dict(earlier.history)
    for cell in fresh.cells.keys() & earlier.cells.keys():
        history[cell] = (*history.get(cell, ()), earlier.cells[cell])
    return replace(
        fresh,
        cells={**earlier.cells, **fresh.cells},
        canaries={**earlier.canaries, **fresh.canaries},
        cleanups=(*earlier.cleanups, *fresh.cleanups),
        history=history,
        evidence=ChainMap(dict(fresh.evidence), dict(earlier.evidence)),
    )


def _needed(choices: tuple[IdentityChoice, ...], cells: frozenset[CellId] | None) -> tuple[IdentityChoice, ...]:
    """The choices without the people that no cell needs: nobody is made for nothing."""
    if cells is None:
        return choices
    people = any(cell.identity.startswith(("group:", "no-group", "person:", "broken:")) for cell in cells)
    kinds = {IdentityKind.STAND_IN, IdentityKind.PERSON}
    return tuple(choice for choice in choices if people or choice.kind not in kinds)
