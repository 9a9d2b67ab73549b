"""Paths into an answer, as a suite file writes them: `createPost.id`, `items[0].id`, `listPosts.items[].id`."""

import json
import re
from typing import Any

from services.graphql import Answer

_STEP = re.compile(r"\.?([^.\[\]\s]+)|\[(\d*)\]")

Step = str | int | None
"""A key, an index, or None for every element of a list."""


def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a path; raises `ValueError` where it isn't one."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        found = _STEP.match(path, position)
        # A key follows a dot, but for the first one.
        if not found or (found[1] is not None and (path[position] == ".") == (position == 0)):
            raise ValueError(path)
        if found[1] is not None:
            steps.append(found[1])
        else:
            steps.append(int(found[2]) if found[2] else None)
        position = found.end()
    if not steps:
        raise ValueError(path)
    return tuple(steps)


def values_at(content: Any, path: str) -> list[Any]:
    """Every value, null included, that stands at the path; empty when there is none. `[]` takes every element."""
    found = [content]
    for step in steps_of(path):
        found = [below for value in found for below in _below(value, step)]
    return found


def content_of(answer: Answer, *, rest: bool = False) -> Any:
    """What paths start from: a GraphQL answer's `data`, or the whole JSON of a REST answer; None without any."""
    if not rest:
        return answer.body.get("data")
    try:
        return json.loads(answer.text)
    except (ValueError, RecursionError):
        return None


def _below(value: Any, step: Step) -> list[Any]:
    match step:
        case str():
            return [value[step]] if isinstance(value, dict) and step in value else []
        case int():
            return [value[step]] if isinstance(value, list) and step < len(value) else []
        case None:
            return list(value) if isinstance(value, list) else []
