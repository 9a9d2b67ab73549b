"""The table of who may do what, as tests have found it: written to build/ and printed at the end of a test run."""

from collections.abc import Mapping
from pathlib import Path

BUILD = Path(__file__).parent.parent / "build"
_BEGIN = "who-may-what-"


def write(part: str, rows: Mapping[str, Mapping[str, str]]) -> None:
    """Write one part of the table: a row an act, a column a person, in each cell what that person got."""
    BUILD.mkdir(exist_ok=True)
    people = list(dict.fromkeys(who for got in rows.values() for who in got))
    lines = [f"| {part} | {' | '.join(people)} |", f"| --- |{' --- |' * len(people)}"]
    lines += [f"| {act} | {' | '.join(got.get(who, '') for who in people)} |" for act, got in rows.items()]
    (BUILD / f"{_BEGIN}{part.replace(' ', '-')}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def forget() -> None:
    """Take away what an earlier run has written."""
    for each in BUILD.glob(f"{_BEGIN}*.md"):
        each.unlink()


def written() -> list[str]:
    """The parts that this run has written."""
    return [each.read_text(encoding="utf-8") for each in sorted(BUILD.glob(f"{_BEGIN}*.md"))]
