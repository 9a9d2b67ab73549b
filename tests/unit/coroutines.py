"""Running a coroutine to its end, also beside a browser test whose own loop runs in this thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def finished(coroutine: Coroutine[object, object, T]) -> T:
    """What the coroutine returns, run on a thread of its own; what it raises is raised here."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(asyncio.run, coroutine).result()
