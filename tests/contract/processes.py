"""What the operating system says about a running local cloud (Linux)."""

from pathlib import Path

_OPEN = (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07"))


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


def tree(pid: int) -> list[int]:
    """Return a process, what it has started, and what those have started."""
    return [pid, *(below for child in children(pid) for below in tree(child))]


def listening(pid: int) -> list[tuple[str, int]]:
    """Return address and port of every TCP and UDP socket on which a process listens."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    own = {link[8:-1] for link in links if link.startswith("socket:[")}
    found = []
    for table, open_state in _OPEN:
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == open_state and fields[9] in own:
                address, port = fields[1].split(":")
                found.append((address, int(port, 16)))
    return found


def resident_megabytes(pid: int) -> float:
    """Return the memory that a process and all below it hold."""
    status = [Path(f"/proc/{each}/status").read_text() for each in tree(pid)]
    return sum(int(line.split()[1]) for text in status for line in text.splitlines() if line.startswith("VmRSS")) / 1024
