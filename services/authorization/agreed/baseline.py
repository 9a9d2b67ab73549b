"""The baseline file: what was agreed on, as text that a person reviews like code.

The file begins with its version. Then stand the cells, sorted, one line each; then, below `suppressed:`, the findings
that were put aside. A line that begins with `#` is a remark. Accepting one cell changes or adds one line and leaves
all others as they are, remarks and order included, so that a review shows what was decided and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from services.authorization.agreed import whole_file
from services.authorization.agreed.agreement import Accepted, Agreed, Agreement
from services.authorization.agreed.lines import Malformed, cell_line, read_cell, read_suppressed, suppressed_line
from services.authorization.cells import CellId
from services.errors import Invalid

VERSION = "gatehouse-baseline 1"
SUPPRESSED = "suppressed:"
_EXPLAINED = "# Who gets what, as agreed; a cell that is not listed is agreed to be refused."
Key = CellId | str
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file; `key` says what it is about, and is None for remarks and empty lines."""

    text: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline file in memory. Made by `read` or `parse`; changed by making another one.

    Attributes:
        agreed: what it says.
        cells: the lines up to `suppressed:`, the version first.
        suppressed: the lines below it.
        on_disk: the file's text as it was read; None when there was no file.
    """

    agreed: Agreed
    cells: tuple[Line, ...]
    suppressed: tuple[Line, ...] = ()
    on_disk: str | None = None

    @classmethod
    def empty(cls) -> Self:
        """Nothing is agreed on, so everything is agreed to be refused."""
        return cls(Agreed(), (Line(VERSION), Line(_EXPLAINED)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The baseline of a file; the empty one where there is no file yet.

        Raises:
            Invalid: it can't be read, or a line is malformed; names file and line.
        """
        text = whole_file.read(path, "baseline")
        return cls.empty() if text is None else cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: str, name: str = "the baseline") -> Self:
        """The baseline that a text is; raises `Invalid` with the number of the line that is malformed."""
        # Only "\n" ends a line: what other line ends a text from outside may hold stays within its line.
        rows = text.removeprefix("\ufeff").split("\n")
        if rows[-1] == "":
            rows.pop()
        if not rows or rows[0].strip() != VERSION:
            raise _malformed(name, 1, f"the first line has to be {VERSION}")
        cells: dict[CellId, Agreement] = {}
        aside: dict[str, Accepted] = {}
        lines: tuple[list[Line], list[Line]] = ([Line(rows[0])], [])
        below = False
        for number, row in enumerate(rows[1:], start=2):
            bare = row.strip()
            if bare == SUPPRESSED and not below:
                below = True
                continue
            if not bare or bare.startswith("#"):
                lines[below].append(Line(row))
                continue
            try:
                key: Key = _add(read_suppressed(bare), aside) if below else _add(read_cell(bare), cells)
            except Malformed as error:
                raise _malformed(name, number, str(error)) from None
            lines[below].append(Line(row, key))
        return cls(Agreed(cells, aside), tuple(lines[0]), tuple(lines[1]), text)

    @property
    def text(self) -> str:
        """The file's text."""
        rows = [line.text for line in self.cells]
        if self.suppressed:
            rows += [SUPPRESSED, *(line.text for line in self.suppressed)]
        return "\n".join(rows) + "\n"

    @property
    def exists(self) -> bool:
        """Whether there is a baseline file at all."""
        return self.on_disk is not None

    def line_of(self, cell: CellId) -> int:
        """The number of the cell's line; that of the line it would follow where it isn't listed."""
        numbers = [number for number, line in enumerate(self.cells, start=1) if line.key == cell]
        return numbers[0] if numbers else max(_place(self.cells, cell), 1)

    def accepting(self, cells: Mapping[CellId, Agreement]) -> Self:
        """The baseline with these cells agreed on; lines of other cells stay as they are.

        Raises:
            Invalid: somebody would be let in without a reason and an owner, or a cell without evidence is among them.
        """
        lines = self.cells
        for cell, agreement in cells.items():
            text = cell_line(cell, agreement)
            _checked(partial(read_cell, text), str(cell))
            lines = _with(lines, Line(text, cell))
        agreed = replace(self.agreed, cells={**self.agreed.cells, **cells})
        return replace(self, agreed=agreed, cells=lines)

    def suppressing(self, finding: str, accepted: Accepted) -> Self:
        """The baseline with a finding put aside; raises `Invalid` without a reason and an owner."""
        text = suppressed_line(finding, accepted)
        _checked(partial(read_suppressed, text), f"the finding {finding}")
        agreed = replace(self.agreed, suppressed={**self.agreed.suppressed, finding: accepted})
        return replace(self, agreed=agreed, suppressed=_with(self.suppressed, Line(text, finding)))

    def without(self, cell: CellId) -> Self:
        """The baseline without a cell's line: agreed to be refused from now on."""
        agreed = replace(self.agreed, cells={key: each for key, each in self.agreed.cells.items() if key != cell})
        return replace(self, agreed=agreed, cells=tuple(line for line in self.cells if line.key != cell))

    def write(self, path: Path) -> Self:
        """Put it in the file's place, whole or not at all; returns it as it now stands there.

        Raises:
            Invalid: somebody else changed the file since it was read, and theirs stays; or it can't be written.
        """
        whole_file.write(path, self.text, self.on_disk, "baseline")
        return replace(self, on_disk=self.text)


def _add(entry: tuple[K, V], into: dict[K, V]) -> K:
    key, value = entry
    if key in into:
        raise Malformed(f"{key} stands in another line already")
    into[key] = value
    return key


def _with(lines: tuple[Line, ...], line: Line) -> tuple[Line, ...]:
    """The lines with this one in the place of the one with its key, else where its key sorts."""
    for index, each in enumerate(lines):
        if each.key == line.key:
            return (*lines[:index], line, *lines[index + 1 :])
    place = _place(lines, line.key)
    return (*lines[:place], line, *lines[place:])


def _place(lines: tuple[Line, ...], key: Key | None) -> int:
    """Where a line with this key goes: before the first with a greater one, else after the last one that has any."""
    last = 0
    for index, each in enumerate(lines):
        if each.key is None:
            continue
        if _greater(each.key, key):
            return index
        last = index + 1
    return last or len(lines)


def _greater(one: Key, other: Key | None) -> bool:
    return _order(one) > _order(other)


def _order(key: Key | None) -> tuple[str, ...]:
    return (key.operation, key.identity) if isinstance(key, CellId) else (key or "",)


def _checked(read: Callable[[], object], what: str) -> None:
    """What is written has to be readable again: the rules of reading are the rules of accepting."""
    try:
        read()
    except Malformed as error:
        raise Invalid(f"Could not accept {what}", str(error), "Nothing was changed") from None


def _malformed(name: str, line: int, why: str) -> Invalid:
    return Invalid(f"Line {line} of {name} is malformed", why, "Correct the line, or take it out")
