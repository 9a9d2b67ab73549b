"""What runs beside the event loop's requests: MiniStack's own start, and work in a thread."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from starlette.types import ASGIApp, Message

P = ParamSpec("P")
R = TypeVar("R")

_running: set[asyncio.Task[None]] = set()


async def start_up(app: ASGIApp) -> None:
    """Run the start of an ASGI application's lifespan; its stop never comes. Raises RuntimeError."""
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()

    async def lifespan() -> None:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}}, to_app.get, from_app.put)

    _running.add(asyncio.create_task(lifespan()))  # the loop alone would let go of it
    await to_app.put({"type": "lifespan.startup"})
    answer = await from_app.get()
    if answer["type"] != "lifespan.startup.complete":
        raise RuntimeError(f"The application failed at its start: {answer.get('message', '')}")


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
