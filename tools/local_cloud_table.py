"""Write docs/local-cloud.md: each row of the authorization reference, and what holds it.

The rows stand in local_cloud_rows.csv. Which test holds which row is collected from the tests
themselves; rows without a test name the choice that was made and why.
"""

import csv
import json
import os
import re
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

DOCUMENT = Path("docs/local-cloud.md")
ROWS = Path("tools/local_cloud_rows.csv")
PYTHON = {part: Path(".venvs", part, "bin", "python") for part in ("dashboard", "local_cloud")}
COLLECTED = (("dashboard", "tests/contract"), ("local_cloud", "tests/local_cloud"))
"""The tests that may hold a row, and the environment that each folder of them needs."""

MUST_HOLD = ("1", "2", "3", "4", "6")
"""The sections whose CONFIRMED rows need a test, or a reason why there is none."""

SECTIONS = {
    "1": "Which mode a request is evaluated under",
    "2": "Schema directives",
    "3": "Failures of the HTTP data plane",
    "4": "IAM and identity pools",
    "5": "Cognito user pools",
    "6": "AppSync limits and housekeeping",
    "7": "The Cognito authorizer of API Gateway",
    "8": "What the sources got wrong",
}


@dataclass(frozen=True)
class Row:
    """One row of the reference; `choice` says what was chosen, and why, where that needs saying."""

    name: str
    mark: str
    choice: str

    @property
    def section(self) -> str:
        """The number of the section: `3` for `3.1 Unknown API key`."""
        return self.name[0]


def rows() -> list[Row]:
    """Every row, in the order of the reference."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return [Row(each["row"], each["mark"], each["choice"]) for each in csv.DictReader(file)]


def held() -> dict[str, list[str]]:
    """Row names and the tests that name them, collected by pytest."""
    found: dict[str, list[str]] = defaultdict(list)
    for part, folder in COLLECTED:
        for name, test in _collected(part, folder):
            found[name].append(test)
    return dict(found)


def unknown(known: list[Row], tests: dict[str, list[str]]) -> list[str]:
    """Rows that a test names and the reference doesn't have."""
    return sorted(set(tests) - {row.name for row in known})


def unheld(known: list[Row], tests: dict[str, list[str]]) -> list[str]:
    """CONFIRMED rows that have neither a test nor a reason."""
    return [
        row.name
        for row in known
        if row.section in MUST_HOLD and row.mark == "CONFIRMED" and not row.choice and row.name not in tests
    ]


def document(known: list[Row], tests: dict[str, list[str]], missing: dict[str, list[str]]) -> str:
    """The document as it should be."""
    tables = "\n".join(
        f"### {number}. {SECTIONS[number]}\n\n{_table(list(group), tests)}"
        for number, group in groupby(known, key=lambda row: row.section)
    )
    operations = "\n".join(f"- `{service}`: {', '.join(names)}." for service, names in missing.items())
    before = DOCUMENT.read_text(encoding="utf-8")
    return _between(_between(before, "rows", tables), "operations", operations + "\n")


def missing_operations() -> dict[str, list[str]]:
    """Services and the operations that neither MiniStack nor the local cloud has."""
    printed = subprocess.run(
        [PYTHON["local_cloud"], "-m", "tools.missing_operations"], check=True, capture_output=True, text=True
    )
    found: dict[str, list[str]] = json.loads(printed.stdout)
    return found


def _table(group: list[Row], tests: dict[str, list[str]]) -> str:
    lines = ["| Row | Mark | Held by, or chosen |", "| --- | --- | --- |"]
    for row in group:
        proof = [f"`{test.removeprefix('tests/')}`" for test in tests.get(row.name, ())]
        said = "<br>".join([*proof, *filter(None, [row.choice])]) or "No test here."
        lines.append(f"| {row.name} | {row.mark} | {said} |")
    return "\n".join(lines) + "\n"


def _between(text: str, name: str, content: str) -> str:
    pattern = re.compile(rf"(<!-- {name}:start -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    return pattern.sub(lambda marks: marks[1] + "\n" + content + "\n" + marks[2], text)


def _collected(part: str, folder: str) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "rows.json")
        run = [str(PYTHON[part]), "-m", "pytest", "--collect-only", "-q", "-p", "tools.row_markers", folder]
        done = subprocess.run(
            run, env={**os.environ, "ROWS_FILE": str(file)}, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"The tests of {folder} can't be collected:\n{done.stdout}{done.stderr}")
        pairs: list[list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return pairs


if __name__ == "__main__":
    DOCUMENT.write_text(document(rows(), held(), missing_operations()), encoding="utf-8")
