"""Start the local cloud: `python -m local_cloud --port 4566 --users 250 --folder .local_cloud`."""

import gc
import os
import sys
import time

from local_cloud import environment, listener, options
from local_cloud.folder import Folder, FolderUnusable


def main() -> int:
    """Run until told to stop; returns the exit code."""
    started = time.perf_counter()
    gc.disable()  # nothing that the start makes is garbage; `server` switches it on again
    wanted = options.parse()
    os.umask(0o077)
    try:
        bound = listener.bind(wanted.port)
        folder = Folder(wanted.folder)
        environment.prepare(listener.port_of(bound), folder.state.resolve())
    except (listener.PortTaken, FolderUnusable, OSError) as error:
        sys.stderr.write(f"The local cloud can't start. {error}\n")
        return 1
    # MiniStack reads the environment when it is imported, so nothing that imports it may come earlier.
    from local_cloud import server  # noqa: PLC0415

    return server.run(bound, folder, wanted, started)


if __name__ == "__main__":
    sys.exit(main())
