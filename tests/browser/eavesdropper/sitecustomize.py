"""Loaded by a dashboard under test before anything else, by way of PYTHONPATH.

Writes down every text that the process ever wraps as a secret, so that a test knows exactly what to search for; and, on
SIGUSR2, which of them Streamlit's caches hold.
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


def _held(roots: list[Any]) -> Iterator[bytes]:
    """Every text and every bytes that can be reached from these, code left aside."""
    seen, left = set[int](), roots
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, _CODE):
            continue
        seen.add(id(each))
        if isinstance(each, str):
            yield each.encode("utf-8", "surrogatepass")
        elif isinstance(each, bytes | bytearray):
            yield bytes(each)
        else:
            left.extend(gc.get_referents(each))


def _tell_caches(*_: object) -> None:
    from streamlit.runtime.caching import cache_data_api, cache_resource_api

    caches = (cache_data_api._data_caches, cache_resource_api._resource_caches)
    texts = list(_held([each._function_caches for each in caches]))
    found = [secret for secret in _known if any(secret.encode() in text for text in texts)]
    CACHED.write_text(json.dumps({"texts": len(texts), "secrets": len(_known), "found": len(found)}))


Secret.__init__ = _noted  # type: ignore[method-assign]
signal.signal(signal.SIGUSR2, _tell_caches)
