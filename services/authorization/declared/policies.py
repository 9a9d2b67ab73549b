"""What an IAM role may do on an API's root fields, by the statements of its policies."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any

ACTION = "appsync:GraphQL"


class Effect(Enum):
    """What the policies say of one action on one resource."""

    ALLOWED = auto()
    DENIED = auto()
    NOT_NAMED = auto()
    UNKNOWN = auto()
    """It rests on a condition or a variable that no reading decides."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy.

    Attributes:
        policy: the policy's name.
        allows: whether it allows, rather than denies.
        actions: patterns of actions; of those that it does not mean, where `other_actions`.
        resources: patterns of ARNs; of those that it does not mean, where `other_resources`.
        conditional: whether it counts under a condition only.
    """

    policy: str
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    other_actions: bool = False
    other_resources: bool = False
    conditional: bool = False

    def names(self, action: str, arn: str) -> bool:
        """Whether it is about this action on this resource, its condition set aside."""
        acts = any(fits(pattern.lower(), action.lower()) for pattern in self.actions)
        about = any(fits(pattern, arn) for pattern in self.resources)
        return acts is not self.other_actions and about is not self.other_resources

    def line(self, arn: str = "") -> str:
        """The statement in one line; of many resources only those that are about this one."""
        about = [each for each in self.resources if not arn or self.other_resources or fits(each, arn)]
        action, resource = "NotAction" if self.other_actions else "Action", "Resource"
        if self.other_resources:
            resource = "NotResource"
        effect = "Allow" if self.allows else "Deny"
        parts = f"Effect: {effect}, {action}: {', '.join(self.actions)}, {resource}: {', '.join(about)}"
        return f"{parts}, under a condition" if self.conditional else parts

    @property
    def open(self) -> bool:
        """Whether it can't be decided from the text alone: a condition, or a variable in a resource."""
        return self.conditional or any("${" in pattern for pattern in self.resources)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a role's policies say of a field, and the statement that says it, where one does."""

    effect: Effect
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role and what its policies say.

    Attributes:
        arn: the role.
        statements: of all its policies, inline and attached.
        boundary: the statements of its permissions boundary; None where it has none.
        trust: its trust policy.
    """

    arn: str
    statements: tuple[Statement, ...]
    boundary: tuple[Statement, ...] | None = None
    trust: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """Its name, the last part of its ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def account(self) -> str:
        """The account that it belongs to."""
        return self.arn.split(":")[4] if self.arn.count(":") >= 5 else ""

    def decide(self, arn: str, action: str = ACTION) -> Decision:
        """What it may do on a resource: a denial goes before everything, and a boundary has to allow as well."""
        first = _decide(self.statements, action, arn)
        if self.boundary is None or first.effect in {Effect.DENIED, Effect.NOT_NAMED}:
            return first
        second = _decide(self.boundary, action, arn)
        return first if second.effect is Effect.ALLOWED else second


def statements_of(policy: str, document: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements of a policy document, as IAM writes it in JSON."""
    return tuple(_statement(policy, each) for each in _listed(document.get("Statement")) if isinstance(each, Mapping))


def _statement(policy: str, written: Mapping[str, Any]) -> Statement:
    other_actions, other_resources = "Action" not in written, "Resource" not in written
    return Statement(
        policy=policy,
        allows=written.get("Effect") == "Allow",
        actions=tuple(map(str, _listed(written.get("NotAction" if other_actions else "Action")))),
        resources=tuple(map(str, _listed(written.get("NotResource" if other_resources else "Resource")))),
        other_actions=other_actions,
        other_resources=other_resources,
        conditional=bool(written.get("Condition")),
    )


def _decide(statements: tuple[Statement, ...], action: str, arn: str) -> Decision:
    named = [each for each in statements if each.names(action, arn)]
    # A variable may stand for anything: such a statement is about this resource if its fixed parts are.
    denials = [each for each in named if not each.allows]
    allowances = [each for each in named if each.allows]
    if sure := next((each for each in denials if not each.open), None):
        return Decision(Effect.DENIED, sure)
    if denials and allowances:
        return Decision(Effect.UNKNOWN, denials[0])
    if sure := next((each for each in allowances if not each.open), None):
        return Decision(Effect.ALLOWED, sure)
    if allowances:
        return Decision(Effect.UNKNOWN, allowances[0])
    return Decision(Effect.NOT_NAMED)


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    # A policy variable is read as "anything"; `Statement.open` says that it was.
    parts = re.split(r"(\*|\?|\$\{[^}]*\})", pattern)
    return re.compile(
        "".join({"*": ".*", "?": "."}.get(part) or (".*" if part[:2] == "${" else re.escape(part)) for part in parts)
    )


def fits(pattern: str, text: str) -> bool:
    """Whether a pattern of a policy, with `*` and `?`, is about an ARN or an action."""
    return _pattern(pattern).fullmatch(text) is not None


def _listed(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        yield from value
    elif value is not None:
        yield value
