"""State that outlives the process, in a folder of its own.

MiniStack writes its part on request, one file a service; passwords lie in it in clear text. `started.json`
is written last, so without it what lies there is no whole state and isn't used. A file that MiniStack can't
read it takes for none, and would put an empty one in its place: that is refused before it starts.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from local_cloud.private_folder import FolderUnusable, PrivateFolder
from local_cloud.started import Started, started_from

RECORD = "started.json"


class State(PrivateFolder):
    """The state's folder, held by this process until `leave`."""

    def __init__(self, path: Path) -> None:
        """Take hold of the folder and read what an earlier run kept in it; raises FolderUnusable."""
        super().__init__(path)
        self.port = 0
        """The port that the kept state belongs to: addresses with it are part of the state. 0: there is none yet."""
        self.started: Started | None = None
        """What the run made that the state is from, or None when there is none yet."""
        if (path / RECORD).exists():
            self._read()
        else:
            shutil.rmtree(self.emulator, ignore_errors=True)

    @property
    def emulator(self) -> Path:
        """MiniStack's part."""
        return self.path / "emulator"

    def port_for(self, wanted: int) -> int:
        """Return the port to listen on when `wanted` is asked for (0: any); raises FolderUnusable."""
        if self.port and wanted not in {0, self.port}:
            raise FolderUnusable(f"The state in {self.path} belongs to port {self.port}, not to {wanted}.")
        return self.port or wanted

    def record(self, started: Started, port: int) -> None:
        """Note what there is; raises FolderUnusable."""
        files = sorted(file.name for file in self.emulator.glob("*.json"))
        self.write_json(RECORD, {"port": port, "files": files, **started.as_json()})
        self.port, self.started = port, started

    def _read(self) -> None:
        try:
            kept: dict[str, Any] = json.loads((self.path / RECORD).read_text(encoding="utf-8"))
            self.port, self.started = int(kept["port"]), started_from(kept)
            files = [self.emulator / str(name) for name in kept.get("files", ())]
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise self._unreadable(self.path / RECORD) from error
        for file in files:
            try:
                json.loads(file.read_bytes())
            except (OSError, ValueError) as error:
                raise self._unreadable(file) from error

    def _unreadable(self, file: Path) -> FolderUnusable:
        self.leave()
        return FolderUnusable(
            f"{file} can't be read. Put it back from a copy, or remove {self.path} to begin anew; nothing was changed."
        )
