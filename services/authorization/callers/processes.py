"""Telling a process from every other, also after it has died: for finding what killed runs left behind."""

import hashlib
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_START_FIELD = 19  # of those after the command's name in /proc/PID/stat; counted in ticks since the machine started
_UNKNOWN = "00000000"


@dataclass(frozen=True, slots=True)
class Process:
    """One process.

    Attributes:
        host: tells its machine, or its container, from others.
        pid: its number there, which is used again after its death.
        start: tells it from others that had the number before; zeros where the system doesn't say.
    """

    host: str
    pid: int
    start: str

    @property
    def alive(self) -> bool:
        """Whether it runs still; asked of this host's processes only. In doubt it does."""
        if os.name != "posix":
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return _start_of(self.pid) in (self.start, _UNKNOWN)


def this_process() -> Process:
    """The process that this runs in."""
    pid = os.getpid()
    return Process(_host(), pid, _start_of(pid))


def _host() -> str:
    """Containers may share a machine's name and not its process numbers, so their numbering's id counts as well."""
    numbering = ""
    with suppress(OSError):
        numbering = str((_PROC / "self/ns/pid").readlink())
    return _short(f"{socket.gethostname()} {_read(Path('/etc/machine-id'))} {numbering}")


def _start_of(pid: int) -> str:
    after_name = _read(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    if len(after_name) <= _START_FIELD:
        return _UNKNOWN
    return _short(f"{_read(_PROC / 'sys/kernel/random/boot_id')} {after_name[_START_FIELD]}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
