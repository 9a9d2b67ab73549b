"""What the operating system says about a running local cloud."""

from contextlib import suppress
from socket import SOCK_DGRAM

import psutil


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [child.pid for child in psutil.Process(pid).children()]


def tree(pid: int) -> list[int]:
    """Return a process, what it has started, and what those have started."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def listening(pid: int) -> list[tuple[str, int]]:
    """Return address and port of every TCP and UDP socket on which a process listens; none if it has ended."""
    found: list[tuple[str, int]] = []
    with suppress(psutil.NoSuchProcess):
        for socket in psutil.Process(pid).net_connections(kind="inet"):
            waits = socket.type == SOCK_DGRAM and not socket.raddr
            if waits or socket.status == psutil.CONN_LISTEN:
                found.append((socket.laddr.ip, socket.laddr.port))
    return found


def resident_megabytes(pid: int) -> float:
    """Return the memory that a process and all below it hold."""
    held = 0
    for each in tree(pid):
        with suppress(psutil.NoSuchProcess):
            held += psutil.Process(each).memory_info().rss
    return held / 2**20
