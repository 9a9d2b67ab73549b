"""What an answer's `data` and `errors` say together, field by field.

AppSync answers a refused field with HTTP 200: the field is null and `errors` holds an entry of type `Unauthorized`
with its path. A refused field that can't be null takes its parents with it. So neither the status nor the data
alone tells what was refused.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.graphql import Answer

Step = str | int
Path = tuple[Step, ...]
Keys = tuple[str, ...]

# The second is what some gateways put before a field-level refusal of IAM's.
REFUSALS = frozenset({"Unauthorized", "UnauthorizedException"})


@dataclass(frozen=True, slots=True)
class FieldError:
    """One entry of `errors`.

    Attributes:
        path: where in the data, list indices included; empty when the entry names no field.
        error_type: AppSync's `errorType`, empty when there is none.
        message: AppSync's text.
    """

    path: Path
    error_type: str
    message: str

    @property
    def refused(self) -> bool:
        """Whether it refuses a field, rather than reporting a fault. AppSync names the field that it refuses."""
        return bool(self.path) and self.error_type in REFUSALS


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ends of the data tree, each by what became of it. A null may be both refused and failed.

    Attributes:
        values: came with a value.
        empty: came as null without an error, or as an empty list.
        refused: null because of an `Unauthorized` entry at, above or below it.
        failed: null because of any other entry.
    """

    values: frozenset[Path]
    empty: frozenset[Path]
    refused: frozenset[Path]
    failed: frozenset[Path]


def errors_of(answer: Answer) -> tuple[FieldError, ...]:
    """The answer's errors; entries that aren't objects are kept as errors without a type."""
    entries = answer.body.get("errors")
    if not isinstance(entries, list):
        return ()
    return tuple(_error(entry) for entry in entries)


def _error(entry: object) -> FieldError:
    if not isinstance(entry, dict):
        return FieldError((), "", str(entry))
    path = entry.get("path")
    steps = tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else ()
    return FieldError(steps, str(entry.get("errorType") or ""), str(entry.get("message") or ""))


def evidence_of(answer: Answer) -> Evidence:
    """What each end of the answer's data tree shows. `__typename` counts only when nothing else was asked for."""
    errors = errors_of(answer)
    found: dict[str, set[Path]] = {"values": set(), "empty": set(), "refused": set(), "failed": set()}
    ends = dict(_ends(answer.body.get("data"), ()))
    asked = {path: value for path, value in ends.items() if path[-1:] != ("__typename",)} or ends
    for path, value in asked.items():
        for state in _states(path, value, errors, answered="data" in answer.body):
            found[state].add(path)
    for error in errors:
        told = (path for path, value in asked.items() if value is None or error.refused)
        if not any(_touches(error, path) for path in told):
            # An entry that no null explains, e.g. beside a value or for a field that isn't in the data.
            found["refused" if error.refused else "failed"].add(error.path)
    return Evidence(**{state: frozenset(paths) for state, paths in found.items()})


def _ends(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The ends of the tree: scalars, nulls, empty lists and empty objects."""
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _ends(below, (*path, key))
    elif isinstance(value, list) and value:
        for index, below in enumerate(value):
            yield from _ends(below, (*path, index))
    else:
        yield path, value


def _states(path: Path, value: Any, errors: tuple[FieldError, ...], *, answered: bool) -> set[str]:
    touching = [error for error in errors if _touches(error, path)]
    if value is None:
        if states := {"refused" if error.refused else "failed" for error in touching}:
            return states
        # `{"data": null}` without a word about it is no answer to anything.
        return {"empty"} if path and answered else {"failed"}
    if any(error.refused for error in touching):
        # A value came all the same: what the API says it refused is never counted as allowed.
        return {"refused"}
    if value == {}:
        return {"failed"}
    return {"empty"} if value == [] else {"values"}


def _touches(error: FieldError, path: Path) -> bool:
    """Whether the entry stands at the end, above it, or below it (a null that it was carried up to)."""
    shared = min(len(error.path), len(path))
    return error.path[:shared] == path[:shared]


def keys_of(path: Path) -> Keys:
    """The path without its list indices: `items.0.email` and `items.1.email` are one field."""
    return tuple(step for step in path if isinstance(step, str))


def lengths(answer: Answer) -> Mapping[Keys, int]:
    """How many elements came in each list; lists that stand in other lists are added up."""
    counted: Counter[Keys] = Counter()
    _count(answer.body.get("data"), (), counted)
    return counted


def _count(value: Any, keys: Keys, counted: Counter[Keys]) -> None:
    if isinstance(value, dict):
        for key, below in value.items():
            _count(below, (*keys, key), counted)
    elif isinstance(value, list):
        counted[keys] += len(value)
        for below in value:
            _count(below, keys, counted)
