"""Two identities' answers beside each other: what both got, what one got, and what one was refused.

Own code, since the libraries for this compare values alone. An answer of AppSync is data and errors together: a null
that was refused is something else than a null, and errors name list elements by their place, while the elements of
two callers' lists are the same only by their ids.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.authorization.agreed.masks import mask_of
from services.authorization.evidence import REFUSALS, Keys, Path, errors_of
from services.graphql import Answer

_USUAL_IDS = ("id", "ID", "sub", "username", "arn", "key")
_MISSING = object()


class State(StrEnum):
    """What became of a path on both sides."""

    SAME = "same"
    DIFFERENT = "different"
    MASKED = "masked"
    ONLY_LEFT = "only left"
    ONLY_RIGHT = "only right"
    REFUSED_LEFT = "refused left"
    REFUSED_RIGHT = "refused right"
    REFUSED_BOTH = "refused on both sides"


@dataclass(frozen=True, slots=True)
class Row:
    """One path.

    Attributes:
        path: as it is read; list elements by their id: `listUsers.items[userId="7"].email`.
        state: what became of it.
        left: the value as JSON; empty where there is none, or where it is masked.
        right: the same of the other side.
        mask: the rule that says that the value changes by itself.
    """

    path: str
    state: State
    left: str = ""
    right: str = ""
    mask: str = ""


def diff(left: Answer, right: Answer, masks: Sequence[str] = ()) -> tuple[Row, ...]:
    """Every end of both answers, in the order of the left one.

    Args:
        left: one identity's answer; GraphQL's or another JSON object.
        right: another identity's.
        masks: paths whose values change by themselves. What is there on one side alone shows all the same.
    """
    sides = (_Side.of(left), _Side.of(right))
    walk = _Walk(sides[0].refused, sides[1].refused, masks)
    return tuple(walk.rows("", (), _Place(sides[0].data), _Place(sides[1].data)))


@dataclass(frozen=True, slots=True)
class _Side:
    """What an answer holds, and the paths that it says were refused; the empty path for the whole."""

    data: Any
    refused: frozenset[Path]

    @classmethod
    def of(cls, answer: Answer) -> "_Side":
        errors = errors_of(answer)
        # A call that was turned away whole names no field.
        whole = answer.status in {401, 403}
        refused = {each.path for each in errors if each.refused or (whole and each.error_type in REFUSALS)}
        if "data" in answer.body or errors:
            return cls(answer.body.get("data"), frozenset(refused))
        return cls(answer.body or None, frozenset({()}) if answer.status in {401, 403} else frozenset())


@dataclass(frozen=True, slots=True)
class _Place:
    """A value, and its place in its own answer, list indices included."""

    value: Any
    path: Path = ()

    def below(self, step: str | int) -> "_Place":
        if isinstance(self.value, dict):
            return _Place(self.value.get(step, _MISSING), (*self.path, step))
        return _Place(self.value[step] if isinstance(step, int) else _MISSING, (*self.path, step))

    def nothing(self) -> "_Place":
        return _Place(_MISSING, self.path)


class _Walk:
    """Goes down both answers at once."""

    def __init__(self, left: frozenset[Path], right: frozenset[Path], masks: Sequence[str]) -> None:
        self._refused = (left, right)
        self._masks = masks

    def rows(self, shown: str, keys: Keys, left: _Place, right: _Place) -> Iterator[Row]:
        """The rows at a path and below it."""
        values = (left.value, right.value)
        refused = (self._is_refused(0, left), self._is_refused(1, right))
        if any(refused):
            yield _refusal(shown, values, refused)
        elif all(isinstance(value, dict) or value is _MISSING for value in values) and any(_held(values)):
            yield from self._of_objects(shown, keys, left, right)
        elif all(isinstance(value, list) or value is _MISSING for value in values) and any(_held(values)):
            yield from self._of_lists(shown, keys, left, right)
        else:
            yield self._of_ends(shown, keys, values)

    def _is_refused(self, side: int, place: _Place) -> bool:
        """A null that an entry explains: at the path, or below it for a child that may not be null."""
        if place.value is not None and place.value is not _MISSING:
            return False
        if place.value is _MISSING and place.path:
            return False
        length = len(place.path)
        return any(path[:length] == place.path for path in self._refused[side])

    def _of_objects(self, shown: str, keys: Keys, left: _Place, right: _Place) -> Iterator[Row]:
        names = dict.fromkeys([*_keys(left.value), *_keys(right.value)])
        for name in names:
            path = f"{shown}.{name}" if shown else name
            pair = [place.below(name) if isinstance(place.value, dict) else place.nothing() for place in (left, right)]
            yield from self.rows(path, (*keys, name), pair[0], pair[1])

    def _of_lists(self, shown: str, keys: Keys, left: _Place, right: _Place) -> Iterator[Row]:
        lists = [place.value if isinstance(place.value, list) else [] for place in (left, right)]
        name = self._id_of(keys, lists[0] + lists[1], lists)
        if not name:
            yield from self._of_sets(shown, keys, lists[0], lists[1])
            return
        places = [
            {_json(element[name]): place.below(index) for index, element in enumerate(elements)}
            for place, elements in zip((left, right), lists, strict=True)
        ]
        for id_ in dict.fromkeys([*places[0], *places[1]]):
            pair = [found.get(id_) or place.nothing() for found, place in zip(places, (left, right), strict=True)]
            path = f"{shown}[{name}={id_}]"
            if any(place.value is _MISSING for place in pair):
                yield self._of_ends(path, keys, (pair[0].value, pair[1].value))
            else:
                yield from self.rows(path, keys, pair[0], pair[1])

    def _id_of(self, keys: Keys, elements: Sequence[Any], lists: Sequence[Sequence[Any]]) -> str:
        """The field that names the elements: each has it, and no two elements of a list have the same."""
        if not elements or not all(isinstance(element, dict) for element in elements):
            return ""
        shared = set(elements[0]).intersection(*elements[1:])
        named = sorted(name for name in shared if name.endswith(("Id", "_id", "ID")) and name not in _USUAL_IDS)
        for name in (*(usual for usual in _USUAL_IDS if usual in shared), *named):
            ids = [[element[name] for element in each] for each in lists]
            plain = all(isinstance(value, str | int) for each in ids for value in each)
            once = all(len(set(map(_json, each))) == len(each) for each in ids)
            if plain and once and not mask_of((*keys, name), self._masks):
                return str(name)
        return ""

    def _of_sets(self, shown: str, keys: Keys, left: Sequence[Any], right: Sequence[Any]) -> Iterator[Row]:
        """Elements without ids are the same when their values are, wherever they stand."""
        counts = [Counter(map(_json, elements)) for elements in (left, right)]
        mask = mask_of(keys, self._masks)
        for value in dict.fromkeys([*counts[0], *counts[1]]):
            both = min(counts[0][value], counts[1][value])
            states = [State.SAME] * both + [State.ONLY_LEFT] * (counts[0][value] - both)
            for state in [*states, *[State.ONLY_RIGHT] * (counts[1][value] - both)]:
                if mask:
                    yield Row(f"{shown}[]", State.MASKED, mask=mask)
                else:
                    yield Row(
                        f"{shown}[]",
                        state,
                        "" if state is State.ONLY_RIGHT else value,
                        "" if state is State.ONLY_LEFT else value,
                    )

    def _of_ends(self, shown: str, keys: Keys, values: tuple[Any, Any]) -> Row:
        told = [_json(value) for value in values]
        if values[0] is _MISSING or values[1] is _MISSING:
            return Row(shown, State.ONLY_RIGHT if values[0] is _MISSING else State.ONLY_LEFT, told[0], told[1])
        if mask := mask_of(keys, self._masks):
            return Row(shown, State.MASKED, mask=mask)
        return Row(shown, State.SAME if told[0] == told[1] else State.DIFFERENT, told[0], told[1])


def _held(values: Sequence[Any]) -> list[Any]:
    """Those values that are there and hold something."""
    return [value for value in values if value is not _MISSING and value]


def _refusal(shown: str, values: tuple[Any, Any], refused: tuple[bool, bool]) -> Row:
    if all(refused):
        return Row(shown, State.REFUSED_BOTH)
    state = State.REFUSED_LEFT if refused[0] else State.REFUSED_RIGHT
    return Row(shown, state, "" if refused[0] else _json(values[0]), "" if refused[1] else _json(values[1]))


def _keys(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _json(value: Any) -> str:
    """The value as text, equal for equal values whatever the order of their keys; empty for a missing one."""
    return "" if value is _MISSING else json.dumps(value, sort_keys=True, ensure_ascii=False)
