"""Write the README's table of settings from the settings themselves; a test holds the two together."""

import re
from pathlib import Path

from services.settings_values import VALUES, Value

README = Path("README.md")
MARKED = re.compile(r"(<!-- settings:start -->\n).*(<!-- settings:end -->)", re.DOTALL)


def row(value: Value) -> str:
    """One setting as a row of the table."""
    outputs = ", ".join(f"`{stack}.{output}`" for stack, output in value.outputs)
    meaning = value.meaning + (" (required)" if value.required else "")
    if value.default:
        meaning += f"; `{value.default}` unless set"
    return f"| `{value.variable}` | `{value.key}` | {outputs} | {meaning} |"


def table() -> str:
    """The whole table, as Markdown."""
    head = ("| Environment variable | In secrets.toml | Output | What it is |", "| --- | --- | --- | --- |")
    return "\n".join((*head, *map(row, VALUES))) + "\n"


def with_table(readme: str) -> str:
    """The README with the current table between its two marks."""
    return MARKED.sub(lambda marks: marks[1] + table() + marks[2], readme)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
