"""A judged run as a Markdown table, to be put into a ticket or a review."""

import re

from services.authorization.judged import Grid

WHOLE_CALL = "The whole call"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")


def as_markdown(grid: Grid) -> str:
    """The grid: fields down, identities across, then status and time; free of data and of credentials."""
    rows = [
        ["", *(column.identity.label for column in grid.columns)],
        ["---"] * (len(grid.columns) + 1),
        [WHOLE_CALL, *(f"{column.outcome.sign} {column.outcome}" for column in grid.columns)],
    ]
    for keys, label in grid.labels.items():
        found = (column.findings[keys].outcome for column in grid.columns)
        rows.append([label, *(f"{outcome.sign} {outcome}" for outcome in found)])
    answers = [column.call.answer for column in grid.columns]
    rows.append(["HTTP status", *(str(answer.status) if answer else "no answer" for answer in answers)])
    rows.append(["Error type", *(column.head.error_type or "none" for column in grid.columns)])
    rows.append(["Time", *(f"{answer.milliseconds:.0f} ms" if answer else "no answer" for answer in answers)])
    table = "\n".join(f"| {' | '.join(_cell(index, text) for text in row)} |" for index, row in enumerate(rows))
    name = grid.run.operation.name or "An operation without a name"
    title = f"{_escaped(name)}, {_escaped(grid.run.api)} API, {grid.run.started_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"{title}\n\n{table}\n"


def _cell(index: int, text: str) -> str:
    return text if index == 1 else _escaped(text)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
