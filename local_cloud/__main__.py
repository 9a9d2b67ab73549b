"""Start the local cloud: `python -m local_cloud --port 4566 --users 250 --folder .local_cloud`."""

import gc
import os
import signal
import socket
import sys
import time

from local_cloud import environment, listener, options
from local_cloud.folder import Folder, FolderUnusable
from local_cloud.held import NameGone


def main() -> int:
    """Run until told to stop; returns the exit code."""
    started = time.perf_counter()
    gc.disable()  # nothing that the start makes is garbage; `server` switches it on again
    wanted = options.parse()
    os.umask(0o077)
    # Ctrl-C is an exception already; this makes SIGTERM the same until the server listens to both.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        bound = listener.bind(wanted.port)
        folder = Folder(wanted.folder)
    except (listener.PortTaken, FolderUnusable) as error:
        return _failed(error)
    try:
        return _run(bound, folder, wanted, started)
    except (NameGone, FolderUnusable) as error:
        return _failed(error)
    except KeyboardInterrupt:
        return 0
    finally:
        folder.leave()


def _run(bound: socket.socket, folder: Folder, wanted: options.Options, started: float) -> int:
    environment.prepare(listener.port_of(bound), folder.state.resolve())
    # MiniStack reads the environment when it is imported, so nothing that imports it may come earlier.
    from local_cloud import server  # noqa: PLC0415

    return server.run(bound, folder, wanted, started)


def _failed(error: Exception) -> int:
    sys.stderr.write(f"The local cloud can't start. {error}\n")
    return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Requests and functions may still be running in threads. Nothing is kept, so nothing has to end well.
    os._exit(code)
