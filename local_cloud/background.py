"""What runs beside the event loop's requests: MiniStack's lifespan, and work in a thread."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from starlette.types import ASGIApp, Message


class Lifespan:
    """An ASGI application's start and stop, as a context manager."""

    def __init__(self, app: ASGIApp) -> None:
        """Prepare the lifespan of `app`; nothing is started yet."""
        self._app = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        """Start the application; raises RuntimeError when it says that it failed."""
        self._running = asyncio.create_task(self._run())
        await self._step("startup")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the application."""
        await self._step("shutdown")
        await self._running

    async def _run(self) -> None:
        await self._app({"type": "lifespan", "asgi": {"version": "3.0"}}, self._to_app.get, self._from_app.put)

    async def _step(self, name: str) -> None:
        await self._to_app.put({"type": f"lifespan.{name}"})
        answer = await self._from_app.get()
        if answer["type"] != f"lifespan.{name}.complete":
            raise RuntimeError(f"The application failed at its {name}: {answer.get('message', '')}")


P = ParamSpec("P")
R = TypeVar("R")


def in_thread(work: Callable[P, R], *args: P.args, **named: P.kwargs) -> asyncio.Future[R]:
    """Run blocking work in a thread that doesn't outlive the process; returns its result to come."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[R] = loop.create_future()

    def settle(value: R | None, error: BaseException | None) -> None:
        if result.cancelled():
            return
        if error is None:
            result.set_result(value)  # type: ignore[arg-type]
        else:
            result.set_exception(error)

    def run() -> None:
        value, error = None, None
        try:
            value = work(*args, **named)
        except BaseException as raised:  # noqa: BLE001 - whoever awaits the result gets it
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, daemon=True, name=work.__name__).start()
    return result
