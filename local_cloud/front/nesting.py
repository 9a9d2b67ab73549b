"""JSON nested so deep that whoever reads it fails: MiniStack does so in dozens of places, and expects it in none."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

DEEPEST = 500
"""More than DynamoDB takes of a document's levels, or any policy has, by far."""

OPENING = (b"[", b"{", b"%5B", b"%7B", b"%5b", b"%7b")


def is_too_deep(body: bytes) -> bool:
    """Tell whether a body, or a field of a form, is JSON with more than DEEPEST levels."""
    if sum(map(body.count, OPENING)) <= DEEPEST:
        return False
    return any(_is_too_deep(text) for text in _texts(body))


def _texts(body: bytes) -> Iterator[str]:
    text = body.decode(errors="replace")
    yield text
    yield from (value for _, value in parse_qsl(text, keep_blank_values=True))


def _is_too_deep(text: str) -> bool:
    try:
        level: list[Any] = [json.loads(text)]
    except RecursionError:
        return True
    except ValueError:
        return False
    for _ in range(DEEPEST + 1):
        level = [inner for value in level for inner in _inner(value)]
        if not level:
            return False
    return True


def _inner(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
