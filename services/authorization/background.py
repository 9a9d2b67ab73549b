"""Work on a thread of its own, which whoever started it can look at, wait for and leave."""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Background(Generic[Result]):
    """One piece of work, begun at once, in the context of the thread that made it (the reason of an act is in there).

    Args:
        work: does it; it calls what it is given once it is allowed to go on, e.g. when its record is open. What it
            raises before that is raised to the maker; what it raises later, by `wait`.
        name: of the thread.
    """

    def __init__(self, work: Callable[[Callable[[], None]], Result], name: str) -> None:
        self._begun: Future[None] = Future()
        self._ended: Future[Result] = Future()
        context = contextvars.copy_context()
        # No daemon: what a run has made is cleaned up even where the process is told to end.
        threading.Thread(target=context.run, args=(self._run, work), name=name).start()
        self._begun.result()

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._ended.done()

    def wait(self, seconds: float | None = None) -> Result:
        """Its result; raises what it raised, or `TimeoutError` when it takes longer than that."""
        return self._ended.result(seconds)

    def _run(self, work: Callable[[Callable[[], None]], Result]) -> None:
        try:
            result = work(lambda: self._begun.set_result(None))
        except BaseException as error:  # noqa: BLE001 - whoever waits for it gets it
            self._ended.set_exception(error)
            if not self._begun.done():
                self._begun.set_exception(error)
        else:
            self._ended.set_result(result)
            if not self._begun.done():
                self._begun.set_result(None)
