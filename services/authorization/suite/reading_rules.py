"""The `rules` of a suite file."""

import re
from collections.abc import Callable, Mapping

from services.authorization.outcomes import Outcome
from services.authorization.suite.answer_paths import steps_of
from services.authorization.suite.rules import (
    All,
    AnyOf,
    Condition,
    ErrorTypeIs,
    MessageMatches,
    Not,
    OutcomeIs,
    PathPresent,
    Rule,
    StatusIs,
)
from services.authorization.suite.yaml_parts import Part


def rules_of(part: Part | None) -> tuple[Rule, ...]:
    """The rules in their order; raises `Invalid` with the place of a condition that can't be read."""
    found: list[Rule] = []
    for entry in part.items() if part else ():
        table = entry.table(("name", "when", "outcome", "operations"), required=("name", "when", "outcome"))
        name = table["name"].text()
        if name in {rule.name for rule in found}:
            raise table["name"].refused(f"a rule {name!r} stands here a second time")
        outcome = Outcome(table["outcome"].one_of(tuple(Outcome)))
        operations = frozenset(table["operations"].texts() if "operations" in table else ())
        found.append(Rule(name, _condition(table["when"]), outcome, operations))
    return tuple(found)


def _condition(part: Part) -> Condition:
    table = part.table(tuple(_KINDS))
    if len(table) != 1:
        raise part.refused(f"a condition has one of the keys {', '.join(_KINDS)}; combine several with all or any")
    [(kind, value)] = table.items()
    return _KINDS[kind](value)


def _several(part: Part) -> tuple[Condition, ...]:
    conditions = tuple(_condition(each) for each in part.items())
    if not conditions:
        raise part.refused(f"{part.name} is empty, so that it would say nothing")
    return conditions


def _pattern(part: Part) -> re.Pattern[str]:
    try:
        return re.compile(part.text(), re.IGNORECASE)
    except re.error as error:
        raise part.refused(f"{part.text()!r} is no regular expression: {error.msg}") from None


def _path(part: Part) -> str:
    try:
        steps_of(part.text())
    except ValueError:
        raise part.refused(f"{part.text()!r} is no path into an answer, such as listUsers.items") from None
    return part.text()


_KINDS: Mapping[str, Callable[[Part], Condition]] = {
    "all": lambda part: All(_several(part)),
    "any": lambda part: AnyOf(_several(part)),
    "not": lambda part: Not(_condition(part)),
    "status": lambda part: StatusIs(part.whole(100, 599)),
    "error_type": lambda part: ErrorTypeIs(part.text()),
    "message": lambda part: MessageMatches(_pattern(part)),
    "path": lambda part: PathPresent(_path(part)),
    "outcome": lambda part: OutcomeIs(Outcome(part.one_of(tuple(Outcome)))),
}
