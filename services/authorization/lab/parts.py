"""What everything in a run works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.authorization.lab.board import Board
from services.authorization.lab.canaries import ASK_TYPENAME, TYPENAME, Choice, choose
from services.authorization.lab.column import Column
from services.authorization.lab.doors import Doors
from services.authorization.lab.plan import Plan
from services.authorization.lab.settling import Settled, settled
from services.authorization.suite.saved import SavedOperation
from services.authorization.token_facts import KeysFor


@dataclass(frozen=True, slots=True)
class Parts:
    """A run's parts, made once.

    Attributes:
        plan: what to run.
        doors: where calls go in.
        operations: by id: the plan's, and the control call that stands outside of its grid.
        columns: the identities, by id.
        choices: their control calls.
        board: what is known of every cell.
        now: the clock.
    """

    plan: Plan
    doors: Doors
    operations: Mapping[str, SavedOperation]
    columns: Mapping[str, Column]
    choices: Mapping[str, Choice]
    board: Board
    now: Callable[[], datetime]

    @classmethod
    def of(cls, plan: Plan, doors: Doors, keys_for: KeysFor, now: Callable[[], datetime]) -> Self:
        """The parts of a run that hasn't begun."""
        typename = SavedOperation(TYPENAME, plan.api.name, document=ASK_TYPENAME)
        return cls(
            plan=plan,
            doors=doors,
            operations={TYPENAME: typename, **{operation.id: operation for operation in plan.operations}},
            columns={caller.id: Column(caller, plan.environment, keys_for, now) for caller in plan.callers},
            choices=choose(plan.callers, plan.operations, plan.declared, plan.canaries),
            board=Board(plan.cells),
            now=now,
        )

    def settled(self, *, ended: bool) -> Settled:
        """What the cells show that have come to an end; `ended` says that nothing more will be sent."""
        return settled(self.plan.cells, self.board.seen, self.choices, self.plan.reference, ended=ended)
