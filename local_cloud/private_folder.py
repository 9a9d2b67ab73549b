"""A folder for its owner alone, held by one process at a time.

Every file is private from the moment it exists: it is created with mode 0600 under another name
and then moved into place, so that no reader ever sees half a file or a public one.
"""

import contextlib
import fcntl
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path


class FolderUnusable(Exception):
    """The folder can't be made, can't be written, or belongs to a running local cloud."""


class PrivateFolder:
    """The folder, held by this process until `leave`."""

    def __init__(self, path: Path) -> None:
        """Make the folder private and take hold of it; raises FolderUnusable when that fails."""
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
            self._lock = os.open(path / "lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise FolderUnusable(f"The folder {path} can't be used: {error.strerror}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise FolderUnusable(f"The folder {path} belongs to a local cloud that is running.") from error

    def of(self, name: str) -> str:
        """Return the path of one of the files as text."""
        return str(self.path / name)

    def write_json(self, name: str, content: Mapping[str, object]) -> None:
        """Write a JSON file of mode 0600."""
        self.write(name, json.dumps(content, indent=2) + "\n")

    def write(self, name: str, text: str) -> None:
        """Write a text file of mode 0600; raises FolderUnusable when that fails."""
        fresh = self.path / f".{name}.new"
        try:
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            fresh.replace(self.path / name)
        except OSError as error:
            raise FolderUnusable(f"{self.path / name} can't be written: {error.strerror}.") from error

    def remove(self, name: str) -> None:
        """Remove one of the files, if it is there."""
        with contextlib.suppress(OSError):
            (self.path / name).unlink(missing_ok=True)

    def leave(self) -> None:
        """Let go of the folder."""
        os.close(self._lock)
