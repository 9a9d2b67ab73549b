"""The folder in which the local cloud tells others how to reach it.

Every file is private from the moment it exists: it is created with mode 0600 under another name
and then moved into place, so that no reader ever sees half a file or a public one.
"""

import contextlib
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

OUTPUTS = "outputs.json"
CONTROL = "control.json"
CREDENTIALS = "credentials"
DEMO = "demo.json"
READY = "ready.json"


class FolderUnusable(Exception):
    """The folder can't be made, can't be written, or belongs to a running local cloud."""


class Folder:
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
        # What a cloud left that was killed:
        self._clear()

    @property
    def state(self) -> Path:
        """Where MiniStack keeps its signing keys while it runs."""
        return self.path / "state"

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
        """Say that the cloud is gone: remove what is true of a running one only, let go of the folder."""
        self._clear()
        os.close(self._lock)

    def _clear(self) -> None:
        self.remove(READY)
        self.remove(CONTROL)
        shutil.rmtree(self.state, ignore_errors=True)
