"""The folder in which the local cloud tells others how to reach it."""

import shutil
from pathlib import Path

from local_cloud.private_folder import FolderUnusable, PrivateFolder

OUTPUTS = "outputs.json"
CONTROL = "control.json"
CREDENTIALS = "credentials"
DEMO = "demo.json"
READY = "ready.json"

__all__ = ["CONTROL", "CREDENTIALS", "DEMO", "OUTPUTS", "READY", "Folder", "FolderUnusable"]


class Folder(PrivateFolder):
    """The folder of a running local cloud."""

    def __init__(self, path: Path) -> None:
        """Take hold of the folder and clear away what a cloud left that was killed; raises FolderUnusable."""
        super().__init__(path)
        self._clear()

    @property
    def state(self) -> Path:
        """Where MiniStack keeps what it needs while it runs."""
        return self.path / "state"

    def leave(self) -> None:
        """Say that the cloud is gone: remove what is true of a running one only, let go of the folder."""
        self._clear()
        super().leave()

    def _clear(self) -> None:
        self.remove(READY)
        self.remove(CONTROL)
        shutil.rmtree(self.state, ignore_errors=True)
