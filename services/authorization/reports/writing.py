"""Writing the reports of a run: each looked through for secrets first, each whole or not at all."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from services.authorization.reports import run_file, sweep
from services.authorization.reports.html_page import as_html
from services.authorization.reports.junit import as_junit
from services.authorization.reports.markdown import as_markdown
from services.authorization.reports.matrix_csv import as_matrix_csv
from services.authorization.reports.record import RunRecord
from services.authorization.reports.sarif import Places, as_sarif
from services.errors import Invalid
from services.secret import Secret


class Format(StrEnum):
    """What a report is called, in messages and as the command's option."""

    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the reports of one run.

    Attributes:
        record: the run.
        places: where findings are shown.
        secrets: every credential of the run; a report that holds one is not written.
        only_disagreements: leave out rows of the Markdown matrix that are as agreed.
    """

    record: RunRecord
    places: Places
    secrets: tuple[Secret, ...]
    only_disagreements: bool = False

    def text(self, what: Format) -> str:
        """One report; raises `SecretInReport` where it holds a secret."""
        makers: Mapping[Format, Callable[[], str]] = {
            Format.JSON: lambda: run_file.as_json(self.record),
            Format.JUNIT: lambda: as_junit(self.record),
            Format.SARIF: lambda: as_sarif(self.record, self.places),
            Format.MARKDOWN: lambda: as_markdown(self.record, only_disagreements=self.only_disagreements),
            Format.HTML: lambda: as_html(self.record),
            Format.CSV: lambda: as_matrix_csv(self.record),
        }
        text = makers[what]()
        sweep.check(text, self.secrets, f"{what} report")
        return text

    def write(self, reports: Iterable[tuple[Format, Path]]) -> None:
        """Write reports to their files; all are made and looked through before the first is written.

        Raises:
            SecretInReport: one of them holds a secret; none was written.
            Invalid: a file can't be written.
        """
        for path, text in [(path, self.text(what)) for what, path in reports]:
            _write(path, text)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        if path.exists() and not path.is_file():  # /dev/stdout and its like can't be replaced
            path.write_text(text, encoding="utf-8", errors="replace", newline="")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", errors="replace", newline="")
        beside.replace(path)
    except OSError as error:
        raise Invalid(f"Could not write {path}", type(error).__name__, "Check the folder and its rights") from None
    finally:
        beside.unlink(missing_ok=True)
