"""What the command says: results on standard output, progress and failures on standard error."""

import sys
from dataclasses import dataclass, field
from typing import TextIO

from services.errors import GatehouseError


@dataclass(slots=True)
class Terminal:
    """Both outputs. A text from outside reaches them without control characters and without line ends of its own."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    _drawn: bool = False

    def say(self, text: str = "") -> None:
        """One line of the result."""
        self._write(self.out, f"{plain(text)}\n")

    def put(self, text: str) -> None:
        """A whole text, as it is: one that is meant for a file."""
        self._write(self.out, text)

    def note(self, text: str) -> None:
        """One line for whoever watches."""
        self.clear()
        self._write(self.err, f"{plain(text)}\n")

    def progress(self, text: str) -> None:
        """A line that the next one replaces; only where somebody can be watching."""
        if self.err.isatty():
            self._write(self.err, f"\r\x1b[K{plain(text)}")
            self._drawn = True

    def clear(self) -> None:
        """Take the line of progress away."""
        if self._drawn:
            self._write(self.err, "\r\x1b[K")
            self._drawn = False

    def fail(self, error: GatehouseError) -> None:
        """A failure: what, why, and what to do."""
        self.note(f"Error: {error}")
        if error.request_id:
            self.note(f"Request id: {error.request_id}")

    def _write(self, stream: TextIO, text: str) -> None:
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()


def plain(text: str) -> str:
    """A text on one line, without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in text).rstrip()
