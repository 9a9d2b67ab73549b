"""Rules that say which values change by themselves, e.g. `**.createdAt`: visible, and applied to paths of keys."""

import re
from collections.abc import Iterable
from functools import lru_cache

from services.authorization.evidence import Keys


def mask_of(keys: Keys, masks: Iterable[str]) -> str:
    """The first rule that covers a path of keys, list indices left out; empty where none does.

    `*` stands for one key, `**` for any number of them, and within a key `*` for any letters: `**.next*`.
    """
    path = "".join(f".{key}" for key in keys)
    return next((mask for mask in masks if _pattern(mask).fullmatch(path)), "")


@lru_cache(maxsize=256)
def _pattern(mask: str) -> re.Pattern[str]:
    steps = mask.removeprefix("$.").replace("[]", "").split(".")
    return re.compile("".join(r"(?:\.[^.]*)*" if step == "**" else _step(step) for step in steps), re.DOTALL)


def _step(step: str) -> str:
    return r"\." + r"[^.]*".join(map(re.escape, re.split(r"\*+", step)))
