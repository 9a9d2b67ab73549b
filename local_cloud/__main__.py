"""Start the local cloud: `python -m local_cloud --port 4566 --users 250 --folder .local_cloud`."""

import contextlib
import gc
import os
import signal
import sys
import time

from local_cloud import environment, listener, options, outbox_command
from local_cloud.folder import Folder, FolderUnusable
from local_cloud.held import NameGone
from local_cloud.state import State


def main() -> int:
    """Run until told to stop; returns the exit code."""
    started = time.perf_counter()
    gc.disable()  # nothing that the start makes is garbage; `server` switches it on again
    if sys.argv[1:2] == ["outbox"]:
        return outbox_command.run(sys.argv[2:])
    wanted = options.parse()
    os.umask(0o077)
    # Ctrl-C is an exception already; this makes SIGTERM the same until the server listens to both.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.ExitStack() as held:
        try:
            state = State(wanted.state) if wanted.state else None
            if state:
                held.callback(state.leave)
            bound = listener.bind(state.port_for(wanted.port) if state else wanted.port)
            folder = Folder(wanted.folder)
            held.callback(folder.leave)
            environment.prepare(listener.port_of(bound), folder.state, state.emulator if state else None)
            # MiniStack reads the environment when it is imported, so nothing that imports it may come earlier.
            from local_cloud import server  # noqa: PLC0415

            return server.run(bound, folder, state, wanted, started)
        except (listener.PortTaken, FolderUnusable, NameGone) as error:
            return _failed(error)
        except KeyboardInterrupt:
            return 0


def _failed(error: Exception) -> int:
    sys.stderr.write(f"The local cloud can't start. {error}\n")
    return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Requests and functions may still be running in threads; what has to be kept is written by now.
    os._exit(code)
