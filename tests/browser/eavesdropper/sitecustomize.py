"""Loaded by a dashboard under test before anything else, by way of PYTHONPATH.

Writes down every text that the process ever wraps as a secret, so that a test knows exactly what to search for; and, on
SIGUSR2, how many of them Streamlit's caches hold, and what it remembers of each tab.
"""

import gc
import json
import os
import signal
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.secret import Secret

SECRETS = Path(os.environ["EAVESDROPPED_SECRETS"])
CACHED = Path(os.environ["EAVESDROPPED_CACHES"])
SHORTEST = 8
_CODE = (type, types.ModuleType, types.FunctionType, types.CodeType, types.BuiltinFunctionType, types.MethodType)
_init = Secret.__init__
_known: set[str] = set()


def _noted(self: Secret, text: str) -> None:
    _init(self, text)
    if len(text) >= SHORTEST and text not in _known:
        _known.add(text)
        with SECRETS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(text) + "\n")


def _held(roots: list[Any], aside: tuple[type, ...] = _CODE) -> Iterator[bytes]:
    """Every text and every bytes that can be reached from these, code left aside."""
    seen, left = set[int](), roots
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, aside):
            continue
        seen.add(id(each))
        if isinstance(each, str):
            yield each.encode("utf-8", "surrogatepass")
        elif isinstance(each, bytes | bytearray):
            yield bytes(each)
        else:
            left.extend(gc.get_referents(each))


def _tabs() -> Iterator[tuple[str, Any]]:
    """What Streamlit remembers of each tab that is open: its session state, and what the browser sent of its fields."""
    from streamlit.runtime import get_instance

    for each in get_instance()._session_mgr.list_active_sessions():
        state = each.session.session_state
        yield from state._new_session_state.items()
        yield from state._old_state.items()
        for key, value in state._new_widget_state.states.items():
            held = value.value
            yield key, held.SerializeToString() if hasattr(held, "SerializeToString") else held


def _tell_caches(*_: object) -> None:
    from streamlit.runtime.caching import cache_data_api, cache_resource_api

    known = list(_known)
    tabs = [(key, text) for key, value in _tabs() for text in _held([value], (*_CODE, Secret))]
    remembered = sorted({key for key, text in tabs for secret in known if secret.encode() in text})
    caches = (cache_data_api._data_caches, cache_resource_api._resource_caches)
    texts = list(_held([each._function_caches for each in caches]))
    found = [secret for secret in known if any(secret.encode() in text for text in texts)]
    told = {"texts": len(texts), "secrets": len(known), "found": len(found)}
    fresh = CACHED.with_suffix(".new")
    fresh.write_text(json.dumps(told | {"tabs": len(tabs), "remembered": remembered}))
    fresh.replace(CACHED)


Secret.__init__ = _noted  # type: ignore[method-assign]
signal.signal(signal.SIGUSR2, _tell_caches)
