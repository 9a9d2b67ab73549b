"""One process, one socket: MiniStack behind the front, from the first request to the last."""

import asyncio
import contextlib
import gc
import json
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

import uvicorn
from ministack.app import app as ministack
from ministack.core import lambda_runtime

from local_cloud import (
    access_keys,
    connections,
    denials,
    inputs,
    permissions,
    rest_inputs,
    stack_templates,
    startup,
    web_identity,
)
from local_cloud.administrator import make_administrator
from local_cloud.apigateway import hold as apigateway_hold
from local_cloud.appsync import app as graphql
from local_cloud.background import in_thread, start_up
from local_cloud.cognito import hold as cognito_hold
from local_cloud.environment import HOST
from local_cloud.faults.board import Board
from local_cloud.faults.gate import Gate
from local_cloud.folder import CONTROL, OUTPUTS, READY, Folder
from local_cloud.front.app import Front, Planes, Readiness
from local_cloud.front.control import Control
from local_cloud.held import require
from local_cloud.listener import port_of
from local_cloud.options import Options
from local_cloud.saving import NotSaved, save
from local_cloud.started import Started
from local_cloud.state import State

GRACE_SECONDS = 1
LISTENING_POLL_SECONDS = 0.005


def run(bound: socket.socket, folder: Folder, state: State | None, wanted: Options, started: float) -> int:
    """Serve until SIGINT or SIGTERM; returns the process's exit code.

    `started` is the moment of `time.perf_counter` from which the time to readiness counts. Requests
    that are running at the end are left to the end of the process. Raises NameGone, FolderUnusable.
    """
    access_keys.take_hold()
    permissions.take_hold()
    denials.take_hold()
    web_identity.take_hold()
    cognito_hold.take_hold()
    apigateway_hold.take_hold()
    inputs.take_hold()
    rest_inputs.take_hold()
    stack_templates.take_hold()
    require(lambda_runtime, "reset")
    try:
        return asyncio.new_event_loop().run_until_complete(_LocalCloud(bound, folder, state, wanted, started).serve())
    finally:
        lambda_runtime.reset()  # ends the workers that functions run in


class _LocalCloud:
    """One run, from the bound socket to the exit code."""

    def __init__(
        self, bound: socket.socket, folder: Folder, state: State | None, wanted: Options, started: float
    ) -> None:
        self._bound = bound
        self._folder = folder
        self._state = state
        self._wanted = wanted
        self._started = started
        self._endpoint = f"http://{HOST}:{port_of(bound)}"
        self._readiness = Readiness()
        self._token = secrets.token_urlsafe(32)

    async def serve(self) -> int:
        """Listen, start, wait for the signal; returns the exit code."""
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        server = _Server(self._configuration())
        await start_up(ministack)
        serving = asyncio.create_task(server.serve([self._bound]))
        while not server.started:
            await asyncio.sleep(LISTENING_POLL_SECONDS)
        try:
            code = await self._until(stop, await self._starting())
        finally:
            server.should_exit = True
            await serving
        return code or self._kept_at_the_end()

    async def _starting(self) -> asyncio.Future[Started]:
        if self._state and self._state.started:
            done: asyncio.Future[Started] = asyncio.get_running_loop().create_future()
            done.set_result(self._state.started)
            return done
        return in_thread(startup.start, self._endpoint, await make_administrator(), self._wanted)

    def _kept_at_the_end(self) -> int:
        """Write the state, where there is a folder for it and the start was over; returns the exit code."""
        if self._state and self._readiness.ready:
            try:
                save(self._state.emulator)
            except NotSaved as error:
                sys.stderr.write(f"{error}\n")
                return 1
        return 0

    def _configuration(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._front(),
            access_log=False,
            http=connections.Protocol,
            lifespan="off",
            log_config=None,
            log_level="critical",  # MiniStack logs what fails; a client that is cut off at the end is no failure
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ws="none",
        )

    def _front(self) -> Front:
        board = Board()
        planes = Planes(aws=ministack, graphql=graphql, control=Control(self._token, board))
        return Front(planes, port_of(self._bound), self._readiness, Gate(board))

    async def _until(self, stop: asyncio.Event, starting: asyncio.Future[Started]) -> int:
        """Say when the cloud is ready, then wait for the signal."""
        stopping = asyncio.create_task(stop.wait())
        either: set[asyncio.Future[Any]] = {stopping, starting}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            return 0
        if failure := starting.exception():
            stopping.cancel()
            sys.stderr.write(f"The local cloud can't start. {type(failure).__name__}: {failure}\n")
            return 1
        gc.freeze()  # what is there now stays
        gc.enable()
        self._announce(starting.result())
        await stopping
        return 0

    def _announce(self, made: Started) -> None:
        if self._state and not self._state.started:
            save(self._state.emulator)
            self._state.record(made, port_of(self._bound))
        startup.publish(self._endpoint, made, self._folder)
        ready = {
            "ready": True,
            "endpoint": self._endpoint,
            "outputs": self._folder.of(OUTPUTS),
            "seconds": round(time.perf_counter() - self._started, 2),
        }
        sys.stderr.write(startup.for_people(self._endpoint, made.demo, self._folder))
        self._folder.write_json(CONTROL, {"endpoint": self._endpoint, "token": self._token})
        self._folder.write_json(READY, ready)
        self._readiness.ready = True
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: they end the process before it could tidy up."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever runs the server."""
        yield
