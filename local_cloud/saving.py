"""Having MiniStack write its state.

It does so by itself on a clean stop of its lifespan, and only logs what it could not write. Here it writes
when it is told to, and what is missing is an error.
"""

# ruff: noqa: SLF001 - MiniStack has no public names for these

import json
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from ministack import app
from ministack.core import persistence

from local_cloud.held import require
from local_cloud.private_folder import FolderUnusable

require(app, "_build_persistence_save_dict", "save_all")
require(persistence, "json")


class NotSaved(FolderUnusable):
    """MiniStack could not write the state of some services; the message names them."""


def _dump(content: Any, file: IO[str], **how: Any) -> None:
    file.write(json.dumps(content, **how))


# json.dump writes piece by piece and takes five times as long, which many people would wait for at every stop.
persistence.json = SimpleNamespace(**{**vars(json), "dump": _dump})


def save(folder: Path) -> None:
    """Write the state of every service into its file in `folder`; raises NotSaved.

    The caller sees to it that nothing changes meanwhile.
    """
    services = app._build_persistence_save_dict()
    files = {name: folder / f"{name}.json" for name in services}
    before = {name: _identity(file) for name, file in files.items()}
    app.save_all(services)
    # Each file is written anew and moved into place, so one that is still the same was not written.
    if missing := [name for name, file in files.items() if _identity(file) in {None, before[name]}]:
        raise NotSaved(f"The state of {', '.join(missing)} could not be kept.")


def _identity(file: Path) -> int | None:
    return file.stat().st_ino if file.exists() else None
