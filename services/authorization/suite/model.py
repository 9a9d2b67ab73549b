"""A suite: which identities call which operations, within which limits, and what is held against the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from services.authorization.suite.patterns import names_for
from services.authorization.suite.rules import Rule
from services.authorization.suite.saved import Safety, SavedOperation
from services.secret import Secret


class IdentityKind(StrEnum):
    """What an entry of `identities` asks for, as the file spells it."""

    NOBODY = "nobody"
    API_KEY = "api-key"
    GUEST = "guest"
    STAND_IN = "stand_in"
    PERSON = "person"
    OIDC = "oidc"
    LAMBDA = "lambda"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class IdentityChoice:
    """One entry of `identities`; it may give several columns.

    Attributes:
        kind: what it asks for.
        name: of a person, or what an OIDC or Lambda token is called.
        groups: of a stand-in: the groups it is put in; empty for a person in no group.
        sends: which credentials of a person become columns (`id`, `access`, `iam`); empty for all.
        broken: which kinds of spoilt credential; empty for all.
        secret: the password or token, from the environment; None where the entry needs none, or its variable isn't set.
        secret_variable: the environment variable that it came from.
        denied: the fields (`Type.field`) that the Lambda authorizer is said to deny this token.
    """

    kind: IdentityKind
    name: str = ""
    groups: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    secret: Secret | None = field(default=None, repr=False)
    secret_variable: str = ""
    denied: frozenset[str] = frozenset()


class Root(StrEnum):
    """Which root type's fields are generated."""

    QUERIES = "queries"
    MUTATIONS = "mutations"


@dataclass(frozen=True, slots=True)
class GeneratedChoice:
    """One `generated` entry of `operations`.

    Attributes:
        root: queries or mutations.
        depth: how many levels of objects are selected below the root field.
        leave_out: root fields that are not generated.
        values: arguments by root field, for those that can't be made up.
        safety: of generated mutations.
    """

    root: Root
    depth: int = 3
    leave_out: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    safety: Safety = Safety.SKIP


@dataclass(frozen=True, slots=True)
class Canary:
    """The control calls of an identity, by operation id: one that must be granted, and one that must be refused."""

    granted: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a run may be.

    Attributes:
        at_once: calls under way at the same time.
        per_second: calls that may leave in a second; None for no limit.
        timeout: seconds after which a call is given up.
    """

    at_once: int = 16
    per_second: float | None = None
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class CoverageTarget:
    """How much of the schema's operations and of the identities must have given evidence, in percent."""

    operations: float | None = None
    identities: float | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """What a suite file says.

    Attributes:
        name: of the suite.
        api: the environment's API that its GraphQL operations are sent to.
        path: the file.
        operations: in the file's order; owned ones are three. Those from the schema come by `completion.completed`.
        generated: what is to be generated from the schema.
        identities: empty for everything that the environment offers by itself.
        baseline_path: what was agreed; None where the suite has no baseline.
        masks: paths whose values change by themselves, e.g. `**.createdAt`.
        limits: how fast.
        coverage: how much must have given evidence.
        canaries: the control calls, by identity name.
        rules: turn an observation into another verdict, each by its name.
    """

    name: str
    api: str
    path: Path
    operations: tuple[SavedOperation, ...] = ()
    generated: tuple[GeneratedChoice, ...] = ()
    identities: tuple[IdentityChoice, ...] = ()
    baseline_path: Path | None = None
    masks: tuple[str, ...] = ()
    limits: Limits = Limits()
    coverage: CoverageTarget = CoverageTarget()
    canaries: Mapping[str, Canary] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def operation(self, operation_id: str) -> SavedOperation | None:
        """The operation of that id, if there is one."""
        return next((each for each in self.operations if each.id == operation_id), None)

    def without_changes(self) -> Self:
        """The suite for somebody who may change no data: what would is never sent."""
        safe = (replace(each, safety=Safety.SKIP) if each.changes_data else each for each in self.operations)
        return replace(self, operations=tuple(safe))

    def canary_for(self, identity_id: str) -> Canary:
        """The control calls of an identity; the narrowest of its names counts."""
        named = [self.canaries[name] for name in names_for(identity_id) if name in self.canaries]
        return named[-1] if named else Canary()
