"""Being asked to end by the system, treated as an exception, so that what a run made is removed."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


@contextmanager
def ended_in_order() -> Generator[None]:
    """Raise `SystemExit` inside the block when the process is sent SIGTERM, which would end it on the spot otherwise.

    Only Python's main thread can ask for that, and whoever has a handler of their own keeps it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    if before is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
