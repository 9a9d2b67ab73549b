"""What a run of the lab is told: who sends what where, within which limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from services.authorization.callers.caller import Caller
from services.authorization.cells import CellId, Declaration
from services.authorization.suite.chains import ordered
from services.authorization.suite.model import Canary, Limits, Suite
from services.authorization.suite.rules import Rule
from services.authorization.suite.saved import Safety, SavedOperation
from services.errors import NotPermitted
from services.settings import Api, Environment


@dataclass(frozen=True, slots=True)
class Plan:
    """A run before it is started.

    Attributes:
        suite: the suite's name.
        api: the GraphQL API.
        environment: whose API it is.
        operations: each after those whose results it uses.
        callers: the identities.
        declared: what cells have to show, as far as that is known.
        limits: how fast.
        canaries: the control calls that the suite names, by identity.
        rules: the suite's own, for answers that refuse in no standard way.
        reference: the identity that *filtered* compares with; empty for the first that was allowed most.
    """

    suite: str
    api: Api
    environment: Environment
    operations: tuple[SavedOperation, ...]
    callers: tuple[Caller, ...]
    declared: Mapping[CellId, Declaration] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    canaries: Mapping[str, Canary] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    reference: str = ""

    @classmethod
    def of(
        cls,
        suite: Suite,
        environment: Environment,
        operations: Sequence[SavedOperation],
        callers: Sequence[Caller],
        declared: Mapping[CellId, Declaration],
    ) -> Self:
        """The run of a suite.

        Args:
            suite: the suite.
            environment: where.
            operations: the suite's, with those that were generated for it.
            callers: everybody who takes part.
            declared: what cells have to show.

        Raises:
            Invalid: an operation waits for one that isn't there, or for itself.
            SettingsError: the environment has no such API.
        """
        return cls(
            suite=suite.name,
            api=environment.api(suite.api),
            environment=environment,
            operations=ordered(operations),
            callers=tuple(callers),
            declared=declared,
            limits=suite.limits,
            canaries={caller.id: suite.canary_for(caller.id) for caller in callers},
            rules=suite.rules,
        )

    @property
    def cells(self) -> tuple[CellId, ...]:
        """Every cell, row by row."""
        return tuple(CellId(operation.id, caller.id) for operation in self.operations for caller in self.callers)

    @property
    def changes(self) -> tuple[str, ...]:
        """The operations, by id, that may be sent although they change data."""
        return tuple(each.id for each in self.operations if each.changes_data and each.safety is not Safety.SKIP)

    def check(self, typed_name: str) -> None:
        """Raise `NotPermitted` where data would be changed in a production environment whose name wasn't typed."""
        full = [each.id for each in self.operations if each.changes_data and each.safety is Safety.FULL]
        if full and self.environment.production and typed_name != self.environment.name:
            raise NotPermitted(
                f"{', '.join(full)} can't be sent to {self.environment.name}",
                "They change data, and this is a production environment",
                f"Type the environment's name, {self.environment.name}, or set their safety to skip or refuse only",
            )
