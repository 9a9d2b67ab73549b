"""A port that a process may be told to listen on."""

import random
import socket

# Below those that the system hands out by itself, so that nobody gets it in the meantime.
_PORTS = range(20_000, 30_000)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
