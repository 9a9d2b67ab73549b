"""The matrix as CSV: one line a cell, for a spreadsheet."""

from services.authorization.agreed.comparison import in_words
from services.authorization.cells import CellId, Verdict
from services.authorization.reports.record import RunRecord
from services.csv_text import as_csv

HEAD = (
    "operation",
    "operation label",
    "identity",
    "identity label",
    "seen",
    "refused fields",
    "agreed",
    "declared",
    "disagreement",
    "findings",
    "HTTP status",
    "error type",
    "milliseconds",
    "request id",
    "at (UTC)",
    "why",
)
UNLISTED = "refused (not listed)"


def as_matrix_csv(record: RunRecord) -> str:
    """Every cell in the order of rows and columns; nothing in it is read as a formula."""
    operations = {each.id: (place, each.label) for place, each in enumerate(record.operations)}
    identities = {each.id: (place, each.label) for place, each in enumerate(record.identities)}
    rows = []
    for cell in sorted(record.cells, key=lambda each: (operations[each.operation], identities[each.identity])):
        each = record.cells[cell]
        seen = each.seen
        rows.append(
            (
                cell.operation,
                operations[cell.operation][1],
                cell.identity,
                identities[cell.identity][1],
                seen.verdict.outcome.value,
                ", ".join(sorted(seen.verdict.refused)),
                in_words(each.agreed) if each.agreed else UNLISTED,
                _told(each.declared),
                _answer(record, cell),
                ", ".join(finding.id for finding in record.of_cell(cell)),
                seen.status,
                seen.error_type,
                round(seen.milliseconds, 1) if seen.milliseconds is not None else None,
                seen.request_id,
                seen.at.strftime("%Y-%m-%dT%H:%M:%SZ") if seen.at else None,
                seen.why,
            )
        )
    return as_csv(HEAD, rows)


def _answer(record: RunRecord, cell: CellId) -> str:
    if record.disagrees(cell):
        return "yes"
    if cell in record.left_out:
        return "not sent"
    return "no" if record.proven(cell) else "not proven"


def _told(verdict: Verdict | None) -> str:
    return in_words(verdict) if verdict else "not predicted"
