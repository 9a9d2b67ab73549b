"""The one socket of the local cloud."""

import socket

from local_cloud.environment import HOST


class PortTaken(Exception):
    """Another program listens on the port already."""


def bind(port: int) -> socket.socket:
    """Return a socket bound to 127.0.0.1 (port 0: a free one), not listening yet.

    Raises PortTaken when the port cannot be had.
    """
    # asyncio switches Nagle's delay off only where the protocol is named; with it, every answer waits 40 ms.
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
    except OSError as error:
        taken.close()
        raise PortTaken(f"Port {port} of {HOST} can't be used: {error.strerror}.") from error
    return taken


def port_of(bound: socket.socket) -> int:
    """Return the port that a bound socket has."""
    port: int = bound.getsockname()[1]
    return port
