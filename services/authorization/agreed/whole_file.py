"""A text file that is replaced whole or not at all, and only by somebody who has seen what stands in it."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from services.errors import Invalid


def read(path: Path, what: str) -> str | None:
    """The file's text; None where there is no such file. Raises `Invalid` where it can't be read as UTF-8."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"Could not read the {what} {path}", type(error).__name__, "Check the file and its rights"
        ) from None


def write(path: Path, text: str, seen: str | None, what: str) -> None:
    """Replace the file's text.

    Args:
        path: where; a symbolic link stays one.
        text: the new text.
        seen: the text that was read before; None where there was no file.
        what: what the file is, for messages.

    Raises:
        Invalid: the file holds something else than what was seen, and keeps it; or it can't be written.
    """
    path = path.resolve()
    try:
        with _alone_in(path.parent):
            if read(path, what) != seen:
                raise Invalid(
                    f"Could not write the {what} {path}",
                    "Somebody else changed it since it was read; what they wrote is still there",
                    "Read it again, then repeat your change",
                )
            _replace(path, text)
    except OSError as error:
        raise Invalid(
            f"Could not write the {what} {path}", type(error).__name__, "Check the folder and its rights"
        ) from None


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    """Keep other writers of this folder waiting between the look and the replacing."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
